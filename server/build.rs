//! Puts the app's pages into the program: every file of `web/embedded`, as `cargo xtask web` leaves it there. Where it has not
//! been run, the program is built without them, and says so when it is asked for one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let server = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let pages = server.join("../web/embedded");
    let mut files = Vec::new();
    find(&pages, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let Some(name) = name(&pages, file).filter(|name| !name.starts_with('.')) else { continue };
        let (name, brotli) = name.strip_suffix(".br").map_or((name.as_str(), false), |plain| (plain, true));
        let whole = file.canonicalize()?;
        // Writing to a text cannot fail.
        let _ = writeln!(
            table,
            "    Page {{ path: {:?}, brotli: {brotli}, bytes: include_bytes!({whole:?}) }},",
            format!("/{name}")
        );
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("pages.rs"), table)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A file's path below the folder, as addresses write it.
fn name(folder: &Path, file: &Path) -> Option<String> {
    let below = file.strip_prefix(folder).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
