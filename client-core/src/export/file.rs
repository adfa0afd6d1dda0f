//! Writing a file whole: it is there under its name, complete, or it is not there.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::ExportError;

/// Writes beside `path` and renames, so that neither a crash nor a full disk leaves half a register.
pub(super) fn write_whole<E>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), ExportError>
where
    E: Into<std::io::Error>,
{
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = Path::new(&unfinished);
    let written = File::create(unfinished).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file).map_err(Into::into)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        fs::rename(unfinished, path)
    });
    written.map_err(|error| {
        // What is left is of no use to anybody, and its absence is no second error.
        let _ = fs::remove_file(unfinished);
        ExportError::Io { path: path.to_owned(), error }
    })
}
