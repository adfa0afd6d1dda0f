//! A replica's folder: for its owner's eyes only, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::error::ReplicaError;

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
        if !path.join("replica.db").exists() {
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
        self.path.join("replica.db")
    }

    /// Makes an empty file under a name, readable by its owner only; SQLite's other files follow its permissions.
    pub(crate) fn private_file(&self, name: &str) -> Result<PathBuf, ReplicaError> {
        let file = self.path.join(name);
        private().create(true).truncate(true).open(&file).map_err(failed(&file))?;
        Ok(file)
    }

    /// Makes the names in the folder as durable as what is in its files.
    pub(crate) fn make_durable(&self) -> Result<(), ReplicaError> {
        #[cfg(unix)]
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed(&self.path))?;
        Ok(())
    }

    fn lock(path: &Path) -> Result<Self, ReplicaError> {
        let file = path.join("lock");
        let lock = private().create(true).truncate(false).open(&file).map_err(failed(&file))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
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
