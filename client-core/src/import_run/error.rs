//! Why an import stops, and why one row is not taken.

use std::path::PathBuf;

use crate::command::CommandError;
use crate::import::{MappingError, RefusedFileError, SourceError};
use crate::message;
use crate::replica::ReplicaError;
use crate::view::code::CodeFault;

/// Why an import stops. What was written before stays, and is met as `already` the next time.
#[derive(Debug, thiserror::Error)]
pub enum ImportRunError {
    /// The mapping file cannot be read.
    #[error("không đọc được tệp ánh xạ {}: {}", path.display(), message::system(error))]
    MappingFile {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// The mapping.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The register.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The file of refused rows.
    #[error(transparent)]
    RefusedFile(#[from] RefusedFileError),
    /// The user holds no importer's post.
    #[error("tài khoản này không giữ vị trí nhập sổ (importer) hôm nay; nhờ quản trị danh mục cấp vị trí ấy")]
    NotImporter,
    /// Entries are missing and the user may not make them.
    #[error(
        "--create-missing cần vị trí quản trị danh mục (directory_admin); bỏ tham số ấy, hoặc nhờ quản trị thêm các mã còn thiếu"
    )]
    NotAdmin,
    /// The command that cannot be done.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The replica.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}

/// Why one row is not taken. Never says what a cell says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    /// A code that the directory does not resolve on the row's day.
    #[error("{}", code_reason(.0))]
    Code(CodeFault),
    /// A word that is none of those that may stand there.
    #[error("{what}: giá trị không thuộc các giá trị được dùng; dịch giá trị này trong [values] của tệp ánh xạ")]
    Word {
        /// The mapping's name of the fact.
        what: &'static str,
    },
    /// No importer's post of the user looks after the unit.
    #[error("không vị trí nhập sổ nào của tài khoản này phụ trách đơn vị của dòng; nhờ văn phòng phụ trách nhập")]
    Place,
}

impl RowFault {
    /// A stable name for programs.
    pub fn code(&self) -> String {
        match self {
            RowFault::Code(CodeFault::Unknown { what, .. }) => format!("unknown-{}", what.as_str()),
            RowFault::Code(CodeFault::Divided { what, .. }) => format!("divided-{}", what.as_str()),
            RowFault::Code(CodeFault::NotCommune { .. }) => "not-a-commune".to_owned(),
            RowFault::Code(CodeFault::NotHamlet { .. }) => "not-a-hamlet".to_owned(),
            RowFault::Code(CodeFault::OtherCommune { .. }) => "other-commune".to_owned(),
            RowFault::Word { what } => format!("unknown-{what}"),
            RowFault::Place => "not-allowed".to_owned(),
        }
    }
}

impl From<CodeFault> for RowFault {
    fn from(fault: CodeFault) -> Self {
        RowFault::Code(fault)
    }
}

fn code_reason(fault: &CodeFault) -> String {
    match fault {
        CodeFault::Unknown { what, .. } => format!(
            "mã {what} chưa có trong danh mục; thêm vào danh mục, dịch giá trị này trong [values] của tệp ánh xạ, hoặc dùng --create-missing"
        ),
        CodeFault::Divided { what, into, .. } => format!(
            "{what} này đã chia tách; dịch giá trị này trong [values] thành một trong các mã: {}",
            into.join(", ")
        ),
        CodeFault::NotCommune { .. } => "đơn vị không phải xã, phường hay ấp, khu phố; ghi mã xã, phường".to_owned(),
        CodeFault::NotHamlet { .. } => "hamlet không phải ấp, khu phố; ghi mã ấp, khu phố".to_owned(),
        CodeFault::OtherCommune { .. } => "ấp, khu phố không thuộc đơn vị của dòng; sửa một trong hai mã".to_owned(),
    }
}
