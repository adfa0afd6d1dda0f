//! Why the demo could not be made or went down.

use std::io;
use std::path::{Path, PathBuf};

use crate::metadata::MetadataError;
use crate::run::RunError;

/// One line: what, why, what to do.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Building failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The workspace could not be read.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Somebody runs the demo already.
    #[error("{}: another demo runs on this folder; end it with Ctrl-C in its window, or use that one", .0.display())]
    Busy(PathBuf),
    /// Not a folder of the demo's.
    #[error("{}: holds files that are not the demo's; move them away, then run again", .0.display())]
    NotOurs(PathBuf),
    /// The script cannot be played.
    #[error("demo/petitions.toml: {0}")]
    Script(String),
    /// A program refused or failed.
    #[error("`{line}` failed: {said}")]
    Program {
        /// Its first words.
        line: String,
        /// Its error.
        said: String,
    },
    /// The server did not come up.
    #[error("the server did not start; what it said is above (a port that is taken: choose another with --port N)")]
    NoServer,
    /// The server went down by itself.
    #[error("the server ended by itself ({0}); what it said is above")]
    Ended(String),
    /// No handler for Ctrl-C.
    #[error("Ctrl-C cannot be listened for: {0}")]
    Signal(String),
}

impl DemoError {
    /// A file's error with its path.
    pub fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}
