//! How far the log has come, written apart from the database after each commit.
//!
//! It is not forced to the disk: what it says was committed before, so after a loss of power it may lag behind the
//! database, and never be ahead of it. A database that is behind its mark is older than it once was.

use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use sync::id::ServerEpoch;

use super::{FOLDER, folder};
use crate::error::ServerError;
use crate::store::database_path;

const NAME: &str = "position";

/// What the mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The life of the database.
    pub epoch: ServerEpoch,
    /// The last position that was committed.
    pub position: u64,
    /// Which file it was.
    pub file: u64,
    /// What this life shared with the one before it.
    pub base: u64,
}

impl Marked {
    fn line(&self) -> String {
        let line = format!("{} {:020} {:020} {:020}", self.epoch, self.position, self.file, self.base);
        format!("{line} {}\n", checksum(&line))
    }

    fn parse(text: &str) -> Option<Self> {
        let (line, sum) = text.trim_end().rsplit_once(' ')?;
        if checksum(line) != sum {
            return None;
        }
        let mut words = line.split(' ');
        let epoch = words.next()?.parse().ok()?;
        let mut number = || words.next()?.parse().ok();
        Some(Self { epoch, position: number()?, file: number()?, base: number()? })
    }

    /// What is written; none where nothing readable is.
    pub(super) fn read(data: &Path) -> Result<Option<Self>, ServerError> {
        let text = std::fs::read_to_string(data.join(FOLDER).join(NAME));
        Ok(text.ok().and_then(|text| Self::parse(&text)))
    }
}

fn checksum(line: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(line)[..4])
}

/// Which file a database is: a copy put in its place is another one.
#[cfg(unix)]
pub(super) fn file_number(data: &Path) -> Result<u64, ServerError> {
    use std::os::unix::fs::MetadataExt;
    let path = database_path(data);
    Ok(std::fs::metadata(&path).map_err(|e| ServerError::file(&path, e))?.ino())
}

/// Not told here: the positions alone decide.
#[cfg(not(unix))]
pub(super) fn file_number(_: &Path) -> Result<u64, ServerError> {
    Ok(0)
}

/// The open mark.
#[derive(Debug)]
pub struct Mark {
    file: File,
    number: u64,
    written: Option<Marked>,
}

impl Mark {
    /// Of a data folder.
    pub(super) fn open(data: &Path) -> Result<Self, ServerError> {
        let path = folder(data)?.join(NAME);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        Ok(Self { file: file.map_err(|e| ServerError::file(&path, e))?, number: file_number(data)?, written: None })
    }

    /// The log has come this far. What cannot be written is no reason to refuse what is committed already.
    pub fn moved(&mut self, epoch: ServerEpoch, position: u64, base: u64) {
        let marked = Marked { epoch, position, file: self.number, base };
        if self.written == Some(marked) {
            return;
        }
        // Always of the same length, so that it lies over what was there.
        let written = self.file.rewind().and_then(|()| self.file.write_all(marked.line().as_bytes()));
        match written {
            Ok(()) => self.written = Some(marked),
            Err(error) => tracing::warn!(%error, "how far the log has come could not be noted beside the database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_reads_back_and_a_damaged_one_is_none() {
        let epoch = ServerEpoch::from_bytes([7; 16]);
        let marked = Marked { epoch, position: 1 << 33, file: 12_345, base: 80 };
        let line = marked.line();
        assert_eq!(Marked::parse(&line), Some(marked));
        assert_eq!(line.len(), Marked { position: 1, file: 1, base: 0, ..marked }.line().len());
        assert_eq!(Marked::parse(&line.replace("12345", "12346")), None);
        assert_eq!(Marked::parse(""), None);
    }
}
