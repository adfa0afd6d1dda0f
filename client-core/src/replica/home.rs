//! A replica's folder: for its owner's eyes only, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::ReplicaError;

/// The file that is written instead of another, and takes its name when it is whole.
const UNFINISHED: &str = ".new";
/// The database.
const DATABASE: &str = "replica.db";
/// Files of the folder that are written whole, each under this name with [`UNFINISHED`] first.
const WHOLE: [&str; 3] = [KEY, TRIES, ENROLLING];

/// The key of the database ([`crate::vault::KeyFile`]).
pub(super) const KEY: &str = "key";
/// Wrong PINs in a row ([`crate::vault::Tries`]).
pub(super) const TRIES: &str = "key.tries";
/// What a device that is being enrolled has told the server.
pub(super) const ENROLLING: &str = "enrolling";

/// The folder, locked as long as this lives.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    /// The lock goes with the file.
    _lock: File,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> ReplicaError {
    move |error| ReplicaError::File { path: path.to_owned(), error }
}

impl Home {
    /// Locks a folder that holds a replica.
    pub(crate) fn open(path: &Path) -> Result<Self, ReplicaError> {
        if !path.join(DATABASE).exists() {
            return Err(ReplicaError::NotEnrolled(path.to_owned()));
        }
        Self::lock(path)
    }

    /// Makes and locks a folder for a new replica.
    pub(crate) fn create(path: &Path) -> Result<Self, ReplicaError> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(failed(path))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).map_err(failed(path))?;
        }
        let home = Self::lock(path)?;
        if home.database().exists() {
            return Err(ReplicaError::AlreadyEnrolled(path.to_owned()));
        }
        Ok(home)
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.file(DATABASE)
    }

    /// Which file a database is: a copy put in its place is another one. None where the system does not tell.
    pub(super) fn file_number(database: &Path) -> Result<Option<i64>, ReplicaError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let number = std::fs::metadata(database).map_err(failed(database))?.ino();
            Ok(Some(number.cast_signed()))
        }
        #[cfg(not(unix))]
        Ok(None)
    }

    /// Where a file of the folder is.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes an empty database that is not the replica's yet, readable by its owner only; SQLite's other files follow its
    /// permissions. What an attempt before has left of one goes.
    pub(super) fn unfinished_database(&self) -> Result<PathBuf, ReplicaError> {
        let name = format!("{DATABASE}{UNFINISHED}");
        for beside in ["", "-journal", "-wal", "-shm"] {
            self.remove(&format!("{name}{beside}"))?;
        }
        let file = self.file(&name);
        private().create_new(true).open(&file).map_err(failed(&file))?;
        Ok(file)
    }

    /// The unfinished database, closed and durable, becomes the replica's; what was there before is gone with it.
    pub(super) fn finish_database(&self) -> Result<(), ReplicaError> {
        // A journal of the old one that was removed must not come back after a power cut, beside the new one.
        self.make_durable()?;
        self.rename(&format!("{DATABASE}{UNFINISHED}"), DATABASE)
    }

    /// The bytes of a file; none when it is not there.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ReplicaError> {
        let file = self.file(name);
        match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&file)(error)),
        }
    }

    /// Writes a file for its owner only. When this returns it is there whole, also after a power cut; before, the file
    /// that was there is.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ReplicaError> {
        let unfinished = format!("{name}{UNFINISHED}");
        let file = self.file(&unfinished);
        let mut written = private().create(true).truncate(true).open(&file).map_err(failed(&file))?;
        written.write_all(bytes).and_then(|()| written.sync_all()).map_err(failed(&file))?;
        self.rename(&unfinished, name)
    }

    /// Removes a file, if it is there.
    pub(super) fn remove(&self, name: &str) -> Result<(), ReplicaError> {
        let file = self.file(name);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&file)(error)),
            _ => Ok(()),
        }
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), ReplicaError> {
        let to = self.file(to);
        std::fs::rename(self.file(from), &to).map_err(failed(&to))?;
        self.make_durable()
    }

    /// Makes the names in the folder as durable as what is in its files.
    fn make_durable(&self) -> Result<(), ReplicaError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed(&self.path))?;
        Ok(())
    }

    /// What was being written when the program ended may be a key that was never meant to stay.
    fn cleared(self) -> Result<Self, ReplicaError> {
        for name in WHOLE {
            self.remove(&format!("{name}{UNFINISHED}"))?;
        }
        Ok(self)
    }

    fn lock(path: &Path) -> Result<Self, ReplicaError> {
        let file = path.join("lock");
        let lock = private().create(true).truncate(false).open(&file).map_err(failed(&file))?;
        match lock.try_lock() {
            Ok(()) => Self { path: path.to_owned(), _lock: lock }.cleared(),
            Err(TryLockError::WouldBlock) => Err(ReplicaError::Busy(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(&file)(error)),
        }
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
