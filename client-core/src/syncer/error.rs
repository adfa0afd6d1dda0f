//! Why a sync or an enrolment did not come to its end, in words for the screen.

use sync::wire::FrameError;

use crate::replica::ReplicaError;
use crate::transport::TransportError;

/// Why a sync or an enrolment did not come to its end. What was committed before it stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// No answer.
    #[error("không kết nối được máy chủ ({0}); việc đã ghi vẫn còn trên máy, hãy thử lại khi có mạng")]
    Unreachable(#[from] TransportError),
    /// The connection broke while the answer came.
    #[error("kết nối bị cắt giữa chừng; phần đã nhận được giữ lại, hãy đồng bộ lại")]
    Cut,
    /// The server says no to the request as a whole.
    #[error("máy chủ không nhận yêu cầu ({status} {kind}): {detail}")]
    Server {
        /// HTTP status.
        status: u16,
        /// The last part of the problem's type: `revoked`, `upgrade`.
        kind: String,
        /// The server's words.
        detail: String,
    },
    /// Nothing this program understands.
    #[error("máy chủ trả lời không đúng giao thức: {0}; hãy kiểm tra địa chỉ hoặc cập nhật chương trình")]
    Protocol(String),
    /// The receipt is not the server's that this device enrolled with.
    #[error("biên nhận không đúng chữ ký của máy chủ đã ghi danh; không có gì được ghi, hãy báo quản trị")]
    Receipt,
    /// What is sealed must not be left where the server could read it.
    #[error(
        "máy chủ chưa có khoá khôi phục, nên đơn kín chưa gửi trên máy này không giao lại được mà vẫn kín; hãy báo người quản trị"
    )]
    NoRecoveryKey,
    /// Another sync was begun on the replica, or work was done on it that had to come first.
    #[error(
        "có việc khác bắt đầu trên máy này giữa lúc trao đổi với máy chủ nên lần này dừng lại; không có gì bị mất, hãy thử lại"
    )]
    Overtaken,
    /// The database.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

impl SyncError {
    /// A second person has not let this device in yet.
    pub fn is_not_approved(&self) -> bool {
        matches!(self, SyncError::Server { kind, .. } if kind == "not-approved")
    }

    /// This device was shut out.
    pub fn is_revoked(&self) -> bool {
        matches!(self, SyncError::Server { status: 401, kind, .. } if kind == "revoked")
    }

    /// The server can store nothing at present, and still answers those who only ask.
    pub(super) fn is_full(&self) -> bool {
        matches!(self, SyncError::Server { kind, .. } if kind == "storage")
    }

    /// The log does not go as far as this device has followed it.
    pub(super) fn is_behind(&self) -> bool {
        matches!(self, SyncError::Server { kind, .. } if kind == "behind")
    }
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        SyncError::Replica(error.into())
    }
}

impl From<FrameError> for SyncError {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Cut => SyncError::Cut,
            other => SyncError::Protocol(other.to_string()),
        }
    }
}
