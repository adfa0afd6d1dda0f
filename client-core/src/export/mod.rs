//! The register of petitions as offices keep it, on a sheet or as delimited text.
//!
//! Rows come in ready to be read: names for codes, local days for instants. Nothing here knows the store.

mod columns;
mod csv;
mod file;
mod row;
mod xlsx;

use std::path::{Path, PathBuf};

use jiff::Zoned;
use thiserror::Error;

pub use self::csv::write_csv;
use self::file::{Readers, write_whole};
pub use columns::Content;
pub use row::{ExportRow, PersonCells};
pub use xlsx::{MAX_ROWS, write_xlsx};

/// Why a register could not be written. Messages are for the screen.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The file cannot be written.
    #[error("không ghi được tệp {}: {error}; kiểm tra thư mục, quyền ghi, hoặc đóng tệp đang mở", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// More rows than a sheet holds.
    #[error("{rows} vụ việc nhiều hơn một trang tính chứa được ({MAX_ROWS}); lọc bớt hoặc xuất dạng .csv")]
    TooManyRows {
        /// Asked for.
        rows: usize,
    },
    /// The workbook could not be put together.
    #[error("không lập được bảng tính {}: {detail}", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// The writer's words.
        detail: String,
    },
    /// The file's name says neither XLSX nor CSV.
    #[error("không biết xuất {} ra dạng nào; đặt tên tệp kết thúc bằng .xlsx hoặc .csv", .0.display())]
    UnknownFormat(PathBuf),
}

/// Writes the register in the form the file's name asks for, `.xlsx` or `.csv`. See [`write_xlsx`] and
/// [`write_csv`].
pub fn write(path: &Path, rows: &[ExportRow], content: Content, generated_at: &Zoned) -> Result<(), ExportError> {
    match form(path)? {
        Form::Xlsx => write_xlsx(path, rows, content, generated_at),
        Form::Csv => write_csv(path, rows, content),
    }
}

/// Whether the file's name says in which form to write.
pub fn check(path: &Path) -> Result<(), ExportError> {
    form(path).map(drop)
}

enum Form {
    Xlsx,
    Csv,
}

fn form(path: &Path) -> Result<Form, ExportError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).map(str::to_lowercase);
    match extension.as_deref() {
        Some("xlsx") => Ok(Form::Xlsx),
        Some("csv") => Ok(Form::Csv),
        _ => Err(ExportError::UnknownFormat(path.to_owned())),
    }
}

/// Writes a text that names somebody: whole, and for its owner alone.
pub fn write_private(path: &Path, text: &str) -> Result<(), ExportError> {
    write_whole(path, Readers::Owner, |file| std::io::Write::write_all(file, text.as_bytes()))
}

impl Content {
    fn readers(self) -> Readers {
        match self {
            Content::Register => Readers::AsUsual,
            Content::WithIdentity => Readers::Owner,
        }
    }
}

#[cfg(all(test, feature = "import"))]
mod tests;
