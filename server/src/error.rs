//! What the operator or a caller is told when something cannot be done.

use rusqlite::ErrorCode;

/// Why an operation of the server failed. One line: what, why, what to do.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// SQLite refuses.
    #[error("the database cannot be used: {0}")]
    Database(rusqlite::Error),
    /// Nothing can be written: the disk is full, or fails.
    #[error("the disk cannot be written ({0}): free some space; until then the server only reads, and nothing is lost")]
    Storage(String),
    /// The database file is not what was written.
    #[error(
        "the database is damaged ({0}); it is not served and was not changed: put a copy of it in its place, the devices bring back what the copy lacks"
    )]
    Damaged(String),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Written by a later version of the program.
    #[error(
        "the database has schema {found}, this program knows up to {known}: use the newer program; nothing was changed"
    )]
    Newer {
        /// In the file.
        found: i64,
        /// Here.
        known: i64,
    },
    /// No database where one was expected.
    #[error("{0}: there is no Lắng Nghe database here; make one with `langnghe-server init --data DIR --tenant NAME`")]
    NoDatabase(String),
    /// There is one already.
    #[error("{0}: there is a database here already; choose an empty folder")]
    Exists(String),
    /// Another process has it.
    #[error("{0}: another langnghe-server works on this folder; stop it first")]
    Locked(String),
    /// The directory file.
    #[error(transparent)]
    Directory(#[from] sync::model::directory::FileError),
    /// A document that cannot be read.
    #[error("a stored record cannot be read: {0}; run `langnghe-server verify`")]
    Document(#[from] sync::document::DocumentError),
    /// The projection.
    #[error(transparent)]
    Projection(#[from] crate::projection::ProjectionError),
    /// A report.
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    /// A stored value that has no meaning.
    #[error("the database holds an unreadable {0}; run `langnghe-server verify`")]
    Stored(&'static str),
    /// A change of the server's own administrator replica was refused.
    #[error("the directory was refused: {0}")]
    Refused(String),
    /// A command that cannot be carried out as given.
    #[error("{0}")]
    Command(String),
    /// A device has followed the log further than it goes.
    #[error("the device has followed the log further than it goes: it must show the receipt that brought it there")]
    Behind,
    /// The writer is gone.
    #[error("the server is shutting down")]
    Closed,
}

impl From<rusqlite::Error> for ServerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly) => {
                Self::Storage(error.to_string())
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

impl ServerError {
    /// A file's error with its path.
    pub fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }
}
