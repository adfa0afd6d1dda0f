//! Writing a file whole: it is there under its name, complete, or it is not there.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::ExportError;

/// Who may open a file that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Whoever may look into the folder, as the system has it.
    AsUsual,
    /// Its owner alone: somebody is named in it.
    Owner,
}

/// Writes beside `path` and renames, so that neither a crash nor a full disk leaves half a register.
pub(super) fn write_whole<E>(
    path: &Path,
    readers: Readers,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), ExportError>
where
    E: Into<std::io::Error>,
{
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let unfinished = Path::new(&unfinished);
    let written = create(unfinished, readers).and_then(|file| {
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

fn create(path: &Path, readers: Readers) -> std::io::Result<File> {
    if readers == Readers::AsUsual {
        return File::create(path);
    }
    // What was left of another time may be readable by everybody.
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
