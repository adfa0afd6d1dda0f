//! Why a row is not taken.

use std::fmt;

use thiserror::Error;

/// Which fact of a mapping, and the columns it draws on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactPlace {
    /// The entry of the mapping: `logged_at`, `events.resolve.at`.
    pub fact: String,
    /// None for a constant.
    pub columns: Vec<String>,
}

impl fmt::Display for FactPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fact)?;
        if self.columns.is_empty() {
            return Ok(());
        }
        let columns: Vec<String> = self.columns.iter().map(|column| format!("“{column}”")).collect();
        write!(f, " (cột {})", columns.join(", "))
    }
}

/// Why a row is not taken. Messages are for the screen and the file of refused rows; they name columns and
/// mapping entries, never what a cell says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RefusedReason {
    /// The key, or a part of it, is blank: the row could not be told from others when imported again.
    #[error("khoá để trống ở cột “{column}”; ghi số hiệu của dòng")]
    KeyBlank {
        /// The blank column.
        column: String,
    },
    /// The key is a formula's error, has characters lost in decoding, or is too long.
    #[error("khoá không đọc được ở cột “{column}”; sửa số hiệu của dòng")]
    KeyUnreadable {
        /// The column.
        column: String,
    },
    /// An earlier row has the same key; that one counts.
    #[error("khoá đã gặp ở dòng {first_line} của cùng tệp; chỉ dòng gặp trước được tính")]
    KeySeen {
        /// Where it was met first.
        first_line: u64,
    },
    /// A required date is blank.
    #[error("ngày bắt buộc để trống: {0}")]
    DateBlank(FactPlace),
    /// A date that cannot be read, required or not.
    #[error("ngày không đọc được: {0}; sửa ô này, hoặc khai format trong tệp ánh xạ")]
    DateUnreadable(FactPlace),
    /// An event that happened before the petition was logged.
    #[error("sự việc có ngày trước ngày tiếp nhận: {0}; sửa một trong hai ngày")]
    EventBeforeLogging(FactPlace),
    /// A fact that is neither optional nor has a default is blank.
    #[error("nội dung bắt buộc để trống: {0}; ghi vào ô này, hoặc đặt optional hay default trong tệp ánh xạ")]
    FactBlank(FactPlace),
    /// A fact that is a formula's error, has characters lost in decoding, or is not the number or the yes or no
    /// it should be.
    #[error("nội dung không đọc được: {0}; sửa ô này, hoặc dịch giá trị trong [values] của tệp ánh xạ")]
    FactUnreadable(FactPlace),
    /// The row has more or fewer cells than the header.
    #[error(
        "dòng có {found} ô trong khi tiêu đề có {expected} cột; có thể thiếu dấu ngoặc kép quanh ô chứa dấu phân cách"
    )]
    Uneven {
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A cell of more than 1 MiB.
    #[error("ô ở cột {column} dài quá 1 MiB; rút ngắn nội dung, phần dài để ở tệp đính kèm")]
    CellTooLong {
        /// The column's name, or its number when it has none.
        column: String,
    },
}

impl RefusedReason {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            RefusedReason::KeyBlank { .. } => "key-blank",
            RefusedReason::KeyUnreadable { .. } => "key-unreadable",
            RefusedReason::KeySeen { .. } => "key-seen",
            RefusedReason::DateBlank(_) => "date-blank",
            RefusedReason::DateUnreadable(_) => "date-unreadable",
            RefusedReason::EventBeforeLogging(_) => "event-before-logging",
            RefusedReason::FactBlank(_) => "fact-blank",
            RefusedReason::FactUnreadable(_) => "fact-unreadable",
            RefusedReason::Uneven { .. } => "uneven",
            RefusedReason::CellTooLong { .. } => "cell-too-long",
        }
    }
}
