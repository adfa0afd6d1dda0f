//! Why the system could not use a file or a stream.

use std::io::{Error, ErrorKind};

/// An error's line; its number where there is no line for it.
pub fn system(error: &Error) -> String {
    let line = match error.kind() {
        ErrorKind::NotFound => "không có tệp hay thư mục này",
        ErrorKind::PermissionDenied => "không có quyền dùng",
        ErrorKind::IsADirectory => "đây là thư mục, không phải tệp",
        ErrorKind::NotADirectory => "đây là tệp, không phải thư mục",
        ErrorKind::AlreadyExists => "đã có rồi",
        ErrorKind::InvalidData => "không phải chữ mã UTF-8",
        ErrorKind::StorageFull => "ổ đĩa đã đầy",
        ErrorKind::InvalidFilename => "tên không phải chữ mã UTF-8",
        ErrorKind::ReadOnlyFilesystem => "ổ đĩa chỉ cho đọc",
        kind => {
            return error.raw_os_error().map_or_else(|| format!("lỗi {kind:?}"), |n| format!("lỗi hệ thống số {n}"));
        }
    };
    line.to_owned()
}
