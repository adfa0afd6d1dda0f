//! Puts the built pages where the server's build finds them, compressed.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::WebError;
use crate::run::root;

const BUILT: &str = "web/dist";
const EMBEDDED: &str = "web/embedded";
/// Compressed already.
const AS_THEY_ARE: [&str; 1] = ["png"];

/// Copies every file, compressed by brotli; one that has not changed is left, or the server would be built again.
pub fn embed() -> Result<(), WebError> {
    let (built, embedded) = (root().join(BUILT), root().join(EMBEDDED));
    let mut files = Vec::new();
    find(&built, &mut files)?;
    let mut kept = Vec::new();
    let (mut plain, mut packed) = (0, 0);
    for file in &files {
        let bytes = fs::read(file).map_err(WebError::file(file))?;
        plain += bytes.len();
        let below = file.strip_prefix(&built).unwrap_or(file);
        let (to, bytes) = if file.extension().and_then(OsStr::to_str).is_some_and(|e| AS_THEY_ARE.contains(&e)) {
            (embedded.join(below), bytes)
        } else {
            let mut name = below.as_os_str().to_owned();
            name.push(".br");
            (embedded.join(name), compressed(&bytes).map_err(WebError::file(file))?)
        };
        packed += bytes.len();
        if fs::read(&to).map_or(true, |before| before != bytes) {
            let folder = to.parent().unwrap_or(&embedded);
            fs::create_dir_all(folder).map_err(WebError::file(folder))?;
            fs::write(&to, &bytes).map_err(WebError::file(&to))?;
        }
        kept.push(to);
    }
    remove_others(&embedded, &kept)?;
    println!("{} files, {} KiB, over the wire {} KiB", files.len(), plain / 1024, packed / 1024);
    Ok(())
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, 11, 24);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), WebError> {
    for entry in fs::read_dir(folder).map_err(WebError::file(folder))? {
        let path = entry.map_err(WebError::file(folder))?.path();
        if path.is_dir() { find(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// What an earlier build has left.
fn remove_others(folder: &Path, kept: &[PathBuf]) -> Result<(), WebError> {
    let mut there = Vec::new();
    find(folder, &mut there)?;
    for file in there {
        let own = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !own && !kept.contains(&file) {
            fs::remove_file(&file).map_err(WebError::file(&file))?;
        }
    }
    Ok(())
}
