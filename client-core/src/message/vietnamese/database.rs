//! Why the database on the device could not be used.

use rusqlite::{Error, ErrorCode};

/// An error's line; its number where there is no line for it.
pub fn database(error: &Error) -> String {
    let line = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "tệp dữ liệu hỏng; hãy giữ nguyên thư mục này, báo quản trị và ghi danh lại vào thư mục mới"
        }
        Some(ErrorCode::DiskFull) => "ổ đĩa đã đầy; hãy dọn chỗ rồi thử lại",
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "không có quyền ghi vào tệp dữ liệu; hãy kiểm tra quyền của thư mục"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "tệp dữ liệu đang được chương trình khác dùng; hãy đóng chương trình ấy rồi thử lại"
        }
        Some(ErrorCode::SystemIoFailure) => "ổ đĩa không đọc hoặc ghi được; hãy kiểm tra ổ đĩa rồi thử lại",
        _ => return format!("lỗi không rõ ({}); hãy báo quản trị", number(error)),
    };
    line.to_owned()
}

fn number(error: &Error) -> String {
    let code = error.sqlite_error().map(|e| e.extended_code);
    code.map_or_else(|| "không có số".to_owned(), |code| format!("số {code}"))
}
