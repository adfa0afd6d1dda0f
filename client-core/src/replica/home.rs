//! A replica's folder: for its owner's eyes only, used by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::ReplicaError;

/// The file of a device that is being enrolled.
const ENROLLING: &str = "enrolling";

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

    /// Which file the database is: a copy put in its place is another one. None where the system does not tell.
    pub(crate) fn file_number(&self) -> Result<Option<i64>, ReplicaError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let database = self.database();
            let number = std::fs::metadata(&database).map_err(failed(&database))?.ino();
            Ok(Some(number.cast_signed()))
        }
        #[cfg(not(unix))]
        Ok(None)
    }

    /// Makes an empty file under a name, readable by its owner only; SQLite's other files follow its permissions.
    pub(crate) fn private_file(&self, name: &str) -> Result<PathBuf, ReplicaError> {
        let file = self.path.join(name);
        private().create(true).truncate(true).open(&file).map_err(failed(&file))?;
        Ok(file)
    }

    /// What a device that is being enrolled has told the server, kept until its answer has come: asked again with the same
    /// code it must be the same device. `fresh` makes it for a code of that hash.
    pub(crate) fn enrolling(
        &self,
        code: &[u8; 32],
        fresh: impl FnOnce() -> [u8; 64],
    ) -> Result<[u8; 64], ReplicaError> {
        let file = self.path.join(ENROLLING);
        if let Some(kept) = std::fs::read(&file).ok().filter(|kept| kept.len() == 96 && kept[..32] == *code)
            && let Ok(keys) = kept[32..].try_into()
        {
            return Ok(keys);
        }
        let keys = fresh();
        let mut written = private().create(true).truncate(true).open(&file).map_err(failed(&file))?;
        let bytes = [code.as_slice(), &keys].concat();
        written.write_all(&bytes).and_then(|()| written.sync_all()).map_err(failed(&file))?;
        self.make_durable()?;
        Ok(keys)
    }

    /// The device is enrolled: its keys are in the database.
    pub(crate) fn enrolled(&self) -> Result<(), ReplicaError> {
        let file = self.path.join(ENROLLING);
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&file)(error)),
            _ => Ok(()),
        }
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
