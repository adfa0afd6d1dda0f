//! Why rows cannot be written or read.

/// Why rows cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The database refuses.
    #[error("không đọc hoặc ghi được bảng số liệu: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A row that this program would not have written.
    #[error(
        "bảng số liệu {table} có giá trị không đọc được ở cột {column}; chạy `langnghe-server rebuild` để dựng lại"
    )]
    Row {
        /// Which table.
        table: &'static str,
        /// Which column, counted from 0 in the reader's query.
        column: usize,
    },
    /// A place that this program would not have written.
    #[error("bảng số liệu có giá trị không đọc được ở cột place; chạy `langnghe-server rebuild` để dựng lại")]
    Place,
}
