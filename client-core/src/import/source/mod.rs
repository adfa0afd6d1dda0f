//! Opening a register: a CSV or a spreadsheet, told apart by content, read row by row.

mod cell;
mod encoding;
mod header;
mod table;
mod text_file;
mod workbook;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::mapping::Mapping;
use super::mapping_error::MappingError;

pub use cell::Cell;
pub(super) use cell::{tidy_name, tidy_text};

/// The longest cell taken. A row with a longer one is refused.
pub const MAX_CELL_BYTES: usize = 1 << 20;

/// One row under the header.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// Where it begins in the file: the line of a text file, the row of a sheet, counted from 1.
    pub line: u64,
    /// As many as there are headers, unless `fault` says otherwise.
    pub cells: Vec<Cell>,
    /// Why the row as a whole cannot be taken.
    pub fault: Option<RowFault>,
}

/// What is wrong with a row before any mapping is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// Its number of cells is not that of the header: a separator inside an unquoted cell, or a cut line.
    Uneven {
        /// Cells in this row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A cell is longer than [`MAX_CELL_BYTES`].
    CellTooLong {
        /// Counted from 0.
        column: usize,
    },
}

/// How a source is written, as detected or set: for the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceShape {
    /// A text file.
    Text {
        /// WHATWG name.
        encoding: &'static str,
        /// The character between cells.
        delimiter: char,
        /// The line of the header.
        header_row: u64,
    },
    /// A spreadsheet.
    Sheet {
        /// The sheet read.
        sheet: String,
        /// The row of the header.
        header_row: u64,
    },
}

/// Why a source cannot be read. Messages name files, lines, sheets and columns, never cell values.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("không đọc được tệp {}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// Nothing in it.
    #[error("tệp {} không có dòng nào; kiểm tra lại tệp hoặc trang tính được chọn", .0.display())]
    Empty(PathBuf),
    /// `header_row` names a row that is not there.
    #[error("tệp {} không có dòng {row} làm dòng tiêu đề; sửa header_row trong tệp ánh xạ", path.display())]
    NoHeaderRow {
        /// The file.
        path: PathBuf,
        /// As set.
        row: u64,
    },
    /// No row looks like a header.
    #[error("tệp {} không có dòng tiêu đề: không dòng nào trong {} dòng đầu có cột {}; thêm dòng tên cột, hoặc sửa tệp ánh xạ", path.display(), header::ROWS_SEARCHED, absent.join(", "))]
    NoHeader {
        /// The file.
        path: PathBuf,
        /// The columns looked for.
        absent: Vec<String>,
    },
    /// The spreadsheet has no such sheet.
    #[error("tệp {} không có trang tính “{sheet}”; các trang đang có: {}", path.display(), present.join(", "))]
    NoSheet {
        /// The file.
        path: PathBuf,
        /// As set.
        sheet: String,
        /// Those there are.
        present: Vec<String>,
    },
    /// The spreadsheet asks for a password.
    #[error("tệp {} đặt mật khẩu; mở bằng phần mềm bảng tính rồi lưu lại không mật khẩu", .0.display())]
    Password(PathBuf),
    /// A spreadsheet that cannot be understood.
    #[error("không đọc được bảng tính {}: {detail}; thử mở rồi lưu lại dạng .xlsx hoặc .csv", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
        /// The reader's words.
        detail: String,
    },
    /// A web page or a document with a spreadsheet's name.
    #[error("tệp {} không phải bảng tính hay tệp văn bản phân cách; mở rồi lưu lại dạng .xlsx hoặc .csv", .0.display())]
    NotATable(PathBuf),
    /// More than this program holds in memory at once.
    #[error("trang tính trong {} quá lớn (trên {limit} ô); tách thành nhiều tệp hoặc lưu dạng .csv", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Cells taken at most.
        limit: usize,
    },
    /// A quotation mark is opened and never closed, so that where rows end is unknown.
    #[error("tệp {}: dấu ngoặc kép mở trong dòng {line} không được đóng, không biết dòng kết thúc ở đâu; sửa dòng này rồi nhập lại", path.display())]
    QuoteUnclosed {
        /// The file.
        path: PathBuf,
        /// Where the row begins.
        line: u64,
    },
    /// The mapping does not fit the source.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

/// The rows of a source under its header. Rows without any content are passed over.
#[derive(Debug)]
pub struct Rows {
    headers: Vec<String>,
    shape: SourceShape,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Read as it goes.
    Text(Box<text_file::TextRows>),
    /// Held in memory.
    Sheet(std::vec::IntoIter<table::RawRow>),
}

/// Opens a source and checks that every column the mapping draws on is there.
///
/// CSV and the like (`,` `;` tab `|`; UTF-8, UTF-16 or an older encoding), XLSX, XLS or ODS: what the file is
/// shows in its content, whatever its name. What the mapping's `[source]` sets is not detected.
pub fn open(path: &Path, mapping: &Mapping) -> Result<Rows, SourceError> {
    let io = |error| SourceError::Io { path: path.to_owned(), error };
    let mut start = Vec::new();
    File::open(path).and_then(|file| file.take(512).read_to_end(&mut start)).map_err(io)?;
    let rows = match Content::of(&start) {
        Content::Text => text_file::open(path, mapping)?,
        Content::ZipWorkbook | Content::OldWorkbook => workbook::open(path, mapping, &start)?,
        Content::Page => return Err(SourceError::NotATable(path.to_owned())),
    };
    match mapping.check_columns(&rows.headers) {
        // Without a header the first row is somebody's words, which an error must not repeat.
        Err(MappingError::AbsentColumns { absent, .. })
            if absent.len() == mapping.columns().len() && header::is_content(&rows.headers) =>
        {
            Err(SourceError::NoHeader { path: path.to_owned(), absent })
        }
        checked => Ok(checked.map(|()| rows)?),
    }
}

enum Content {
    Text,
    ZipWorkbook,
    OldWorkbook,
    Page,
}

impl Content {
    fn of(start: &[u8]) -> Content {
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        if start.starts_with(b"PK\x03\x04") {
            Content::ZipWorkbook
        } else if start.starts_with(workbook::OLD_MAGIC) {
            Content::OldWorkbook
        } else if text.starts_with(b"%PDF") || text.starts_with(b"{\\rtf") || text.first() == Some(&b'<') {
            Content::Page
        } else {
            Content::Text
        }
    }
}

impl Rows {
    /// The header's names, tidied; blank where a column has none.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// How the source is written.
    pub fn shape(&self) -> &SourceShape {
        &self.shape
    }

    /// Holds a row against the header; nothing when it has no content.
    fn row(&self, raw: table::RawRow) -> Option<SourceRow> {
        let table::RawRow { line, mut cells } = raw;
        let expected = self.headers.len();
        if let SourceShape::Sheet { .. } = self.shape {
            // A sheet has no separators to go wrong: what stands beside the table is no part of it, and cells
            // after the last written one are blank.
            cells.resize(expected, Cell::Blank);
        }
        if cells.iter().all(Cell::is_blank) {
            return None;
        }
        let found = cells.len();
        let surplus_blank = cells.iter().skip(expected).all(Cell::is_blank);
        let fault = match cells.iter().position(Cell::is_too_long) {
            Some(column) => Some(RowFault::CellTooLong { column }),
            None if found < expected || !surplus_blank => Some(RowFault::Uneven { found, expected }),
            None => None,
        };
        if fault.is_none() {
            cells.truncate(expected);
        }
        Some(SourceRow { line, cells, fault })
    }
}

impl Iterator for Rows {
    type Item = Result<SourceRow, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let raw = match &mut self.body {
                Body::Text(rows) => match rows.next()? {
                    Ok(raw) => raw,
                    Err(error) => return Some(Err(error)),
                },
                Body::Sheet(rows) => rows.next()?,
            };
            if let Some(row) = self.row(raw) {
                return Some(Ok(row));
            }
        }
    }
}
