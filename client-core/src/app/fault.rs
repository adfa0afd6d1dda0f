//! Why a call was not done, as the screen shows it.

use serde::Serialize;

use crate::desk::DeskError;
use crate::message;
use crate::replica::ReplicaError;
use crate::syncer::SyncError;
use crate::vault::PinFault;
use crate::view::ViewError;

/// Why a call was not done: a line for people, and a word for the program. No petitioner's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Fault {
    /// Stable, kebab-case.
    pub key: String,
    /// In Vietnamese: what is so, why, and what to do.
    pub line: String,
}

impl Fault {
    /// By its word and its line.
    pub fn new(key: &str, line: impl Into<String>) -> Self {
        Self { key: key.to_owned(), line: line.into() }
    }

    /// A call that does not exist, or is not filled in as it should be: the program's own mistake.
    pub fn not_understood(what: &str) -> Self {
        Self::new("not-understood", format!("chương trình và lõi không hiểu nhau ({what}); hãy tải lại trang"))
    }
}

impl From<DeskError> for Fault {
    fn from(error: DeskError) -> Self {
        Self { key: error.key().to_owned(), line: error.line() }
    }
}

impl From<ViewError> for Fault {
    fn from(error: ViewError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<ReplicaError> for Fault {
    fn from(error: ReplicaError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<PinFault> for Fault {
    fn from(error: PinFault) -> Self {
        Self::new("pin", error.to_string())
    }
}

impl From<SyncError> for Fault {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Replica(error) => error.into(),
            SyncError::Unreachable(_) => Self::new("offline", error.to_string()),
            SyncError::Cut => Self::new("cut", error.to_string()),
            SyncError::Server { status, kind, .. } => {
                let line = format!("máy chủ không nhận yêu cầu: {} [mã: {status} {kind}]", message::problem(&kind));
                Self { key: kind, line }
            }
            SyncError::Receipt => Self::new("receipt", error.to_string()),
            other => Self::new("sync", other.to_string()),
        }
    }
}
