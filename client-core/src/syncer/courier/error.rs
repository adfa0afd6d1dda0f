//! Why a courier's file is of no use, in words for the screen.

use crate::message;
use crate::replica::ReplicaError;
use crate::syncer::SyncError;

/// Why a courier's file is of no use. Nothing was changed, and the file stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// Not one of ours.
    #[error("tệp này không phải gói chuyển tay, hoặc chép chưa đủ; hãy chép lại tệp từ máy kia")]
    Unreadable,
    /// A reply was wanted.
    #[error(
        "đây là gói gửi lên máy chủ, chưa phải gói trả lời; hãy mang nó đến máy chủ hoặc máy có mạng (bundle carry)"
    )]
    NotAReply,
    /// A request was wanted.
    #[error("đây là gói trả lời; hãy mang nó về máy đã lập gói và chạy bundle apply")]
    NotARequest,
    /// Another tenant's.
    #[error("gói này của đơn vị khác, máy này không dùng được; hãy kiểm tra lại tệp")]
    OtherTenant,
    /// Another device's.
    #[error("gói trả lời này dành cho máy khác; hãy mang nó về máy đã lập gói")]
    OtherDevice,
    /// The signature is not the server's, or it cannot be opened.
    #[error("gói trả lời không đúng chữ ký của máy chủ đã ghi danh; không có gì được ghi, hãy báo quản trị")]
    Forged,
    /// Applied before, or made by another copy of this device.
    #[error("máy này không chờ gói trả lời này: đã nhập rồi, hoặc gói do bản sao khác lập; không có gì thay đổi")]
    NotAwaited,
    /// The device has synced since the bundle was made.
    #[error("máy này đã đồng bộ sau khi lập gói nên gói trả lời đã cũ; không cần nhập, không có gì bị mất")]
    Stale,
    /// The server would not serve it.
    #[error("máy chủ không nhận gói: {} [mã: {kind}]", message::carried_problem(kind))]
    Refused {
        /// For programs.
        kind: String,
        /// The server's words.
        detail: String,
    },
    /// Enrolled with a server that had no couriers.
    #[error("máy này ghi danh khi máy chủ chưa có gói chuyển tay; hãy xin mã và ghi danh lại vào thư mục mới")]
    NoKey,
    /// The exchange itself.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The database.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

impl From<rusqlite::Error> for CourierError {
    fn from(error: rusqlite::Error) -> Self {
        CourierError::Replica(error.into())
    }
}
