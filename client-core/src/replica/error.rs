//! Why a replica cannot be opened, read or written, in words for the screen.

use std::path::PathBuf;

use jiff::SignedDuration;

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
    /// The folder holds what is not a replica's.
    #[error(
        "thư mục {} đã có tệp khác; hãy chọn thư mục --home trống, vì khi máy bị thu hồi mọi tệp trong đó bị xoá",
        .0.display()
    )]
    ForeignFolder(PathBuf),
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
    /// The database is here, its key is not.
    #[error(
        "thiếu tệp khoá {}, dữ liệu không đọc được; hãy trả tệp ấy về chỗ cũ (từ bản sao của thư mục này), hoặc ghi danh lại vào thư mục mới; dữ liệu không bị động đến", .0.display()
    )]
    KeyMissing(PathBuf),
    /// The key file is not what any program has written.
    #[error(
        "tệp khoá {} hỏng, dữ liệu không đọc được; hãy giữ nguyên thư mục này và trả tệp ấy về từ bản sao, hoặc ghi danh lại vào thư mục mới", .0.display()
    )]
    KeyDamaged(PathBuf),
    /// The key file was made by a newer program.
    #[error(
        "tệp khoá do phiên bản mới hơn tạo ra (phiên bản {found}, chương trình này biết đến {known}); hãy cập nhật chương trình, dữ liệu không bị động đến"
    )]
    KeyNewer {
        /// The file's.
        found: u8,
        /// This program's.
        known: u8,
    },
    /// A PIN opens this replica, and none was given.
    #[error("máy này khoá bằng mã PIN; hãy đặt LANGNGHE_PIN, hoặc chạy lệnh ở cửa sổ dòng lệnh để gõ mã")]
    PinNeeded,
    /// Another PIN opens it.
    #[error("mã PIN không đúng, dữ liệu vẫn nguyên; hãy thử lại{}", wait.map(|w| format!(" sau {}", message::wait(w))).unwrap_or_default())]
    WrongPin {
        /// How long the next try has to wait.
        wait: Option<SignedDuration>,
    },
    /// Too many wrong PINs in a row: this one was not tried.
    #[error("mã PIN đã sai {wrong} lần liền nên chưa thử tiếp được, dữ liệu vẫn nguyên; hãy thử lại sau {}", message::wait(*wait))]
    PinWait {
        /// In a row.
        wrong: u32,
        /// How long still.
        wait: SignedDuration,
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
