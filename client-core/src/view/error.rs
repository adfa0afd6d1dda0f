//! Why a view cannot be shown.

use crate::replica::ReplicaError;

/// Why a view cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The record is not on this device.
    #[error("không có {what} {id} trên máy này; hãy đồng bộ (langnghe sync) rồi thử lại")]
    NotHere {
        /// In the user's language: đơn, buổi.
        what: &'static str,
        /// As given.
        id: String,
    },
    /// The replica.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

impl From<rusqlite::Error> for ViewError {
    fn from(error: rusqlite::Error) -> Self {
        ViewError::Replica(error.into())
    }
}

impl From<sync::document::DocumentError> for ViewError {
    fn from(error: sync::document::DocumentError) -> Self {
        ViewError::Replica(error.into())
    }
}
