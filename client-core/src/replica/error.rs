//! Why a replica cannot be opened, read or written, in words for the screen.

use std::path::PathBuf;

use crate::message;
use crate::schema::SchemaError;

/// Why a replica cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// Nothing was enrolled in this folder.
    #[error("thư mục {} chưa ghi danh; hãy chạy langnghe --home … enroll URL MÃ", .0.display())]
    NotEnrolled(PathBuf),
    /// The device was shut out, and its data is gone from here.
    #[error(
        "máy này đã bị thu hồi và đã xoá sạch dữ liệu ở {}; việc chưa gửi đã giao máy chủ giữ, muốn dùng tiếp hãy xin mã mới rồi chạy langnghe enroll",
        .0.display()
    )]
    Wiped(PathBuf),
    /// Something is enrolled here already.
    #[error("thư mục {} đã ghi danh rồi; hãy chọn thư mục --home khác", .0.display())]
    AlreadyEnrolled(PathBuf),
    /// Another process holds it.
    #[error("thư mục {} đang được một tiến trình khác dùng; hãy đợi hoặc đóng tiến trình kia", .0.display())]
    Busy(PathBuf),
    /// The lease is past, and this is of before.
    #[error(
        "máy này chưa liên lạc với máy chủ từ {since}, quá {days} ngày nên hồ sơ cũ tạm ẩn; hãy đồng bộ (langnghe sync) hoặc nhập gói trả lời (bundle apply) để xem lại, ghi đơn mới vẫn được"
    )]
    PastLease {
        /// The day of the last contact.
        since: String,
        /// How long the lease is.
        days: i64,
    },
    /// The folder or file.
    #[error("không dùng được {}: {}", path.display(), message::system(error))]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The database's steps.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// SQLite.
    #[error("cơ sở dữ liệu trên máy: {}", message::database(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// A stored document or value cannot be read.
    #[error("dữ liệu trên máy hỏng ở {0}; hãy ghi danh lại vào thư mục mới, giữ thư mục cũ")]
    Damaged(&'static str),
}

impl From<sync::document::DocumentError> for ReplicaError {
    fn from(_: sync::document::DocumentError) -> Self {
        // The library's message may quote the document.
        ReplicaError::Damaged("hồ sơ")
    }
}
