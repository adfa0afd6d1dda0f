//! One serving process a data folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::open::existing;
use crate::error::ServerError;

/// Held as long as the process works on the folder; the operating system lets go of it when the process ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes a folder that has a database.
    pub fn take_existing(data: &Path) -> Result<Self, ServerError> {
        existing(data)?;
        Self::take(data)
    }

    /// Takes the folder, or says who has it.
    pub fn take(data: &Path) -> Result<Self, ServerError> {
        let path = data.join("langnghe.lock");
        let file = File::create(&path).map_err(|e| ServerError::file(&path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ServerError::Locked(data.display().to_string())),
            Err(TryLockError::Error(e)) => Err(ServerError::file(&path, e)),
        }
    }
}
