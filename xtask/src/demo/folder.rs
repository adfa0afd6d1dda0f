//! The demo's data folder: it survives between runs, and is used by one demo at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::DemoError;

/// What a run leaves for the next.
#[derive(Debug, Serialize, Deserialize)]
pub struct State {
    /// Where the replicas expect the server.
    pub port: u16,
    /// The month of the script's last word, `YYYY-MM`.
    pub month: String,
    /// Whether loading came to its end.
    pub loaded: bool,
}

/// The folder, locked as long as this lives.
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

/// Says that a folder is the demo's, and how far it is.
const MARK: &str = "demo.json";

impl Folder {
    /// Makes the folder where it is missing, and locks it.
    pub fn claim(path: &Path) -> Result<Self, DemoError> {
        fs::create_dir_all(path).map_err(|source| DemoError::file(path, source))?;
        // Beside the folder, as the folder itself may be thrown away.
        let beside = path.with_extension("lock");
        let lock = File::create(&beside).map_err(|source| DemoError::file(&beside, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DemoError::Busy(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(DemoError::file(&beside, source)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The server's data.
    pub fn server(&self) -> PathBuf {
        self.path.join("server")
    }

    /// A replica that stays.
    pub fn replica(&self, user: &str) -> PathBuf {
        self.path.join(user)
    }

    /// Replicas that only loading needs.
    pub fn backstage(&self) -> PathBuf {
        self.path.join("backstage")
    }

    /// What the last run left; none where it did not come to its end.
    pub fn state(&self) -> Result<Option<State>, DemoError> {
        let mark = self.path.join(MARK);
        match fs::read_to_string(&mark) {
            Ok(text) => Ok(serde_json::from_str::<State>(&text).ok().filter(|state| state.loaded)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DemoError::file(&mark, source)),
        }
    }

    /// Writes it down.
    pub fn keep(&self, state: &State) -> Result<(), DemoError> {
        let mark = self.path.join(MARK);
        let text = serde_json::to_string(state).unwrap_or_default();
        fs::write(&mark, text).map_err(|source| DemoError::file(&mark, source))
    }

    /// Empties the folder; one that is not the demo's is left alone.
    pub fn wipe(&self) -> Result<(), DemoError> {
        let failed = |source| DemoError::file(&self.path, source);
        let is_empty = fs::read_dir(&self.path).map_err(failed)?.next().is_none();
        if !is_empty && !self.path.join(MARK).exists() {
            return Err(DemoError::NotOurs(self.path.clone()));
        }
        fs::remove_dir_all(&self.path).map_err(failed)?;
        fs::create_dir_all(&self.path).map_err(failed)?;
        self.keep(&State { port: 0, month: String::new(), loaded: false })
    }
}
