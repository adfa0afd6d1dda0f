//! Why there is no report.

use sync::code;
use sync::id::RecordId;

use super::source::SourceError;
use crate::projection::ProjectionError;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The rows cannot be read.
    #[error(transparent)]
    Projection(#[from] ProjectionError),
    /// A record that has to be folded again cannot be read.
    #[error("không đọc lại được hồ sơ {record} để lập báo cáo: {source}")]
    Source {
        /// Which.
        record: RecordId,
        /// Why.
        source: SourceError,
    },
    /// The figures contradict each other. No such report is ever shown.
    #[error(
        "báo cáo không khớp số liệu: {equation} ({place}); phản ánh liên quan: {}; chạy `langnghe-server rebuild` rồi lập lại",
        listed(petitions)
    )]
    DoesNotReconcile {
        /// Which equation does not hold.
        equation: String,
        /// In which breakdown and key.
        place: String,
        /// The petitions that break it.
        petitions: Vec<RecordId>,
    },
    /// The CSV cannot be written.
    #[error("không ghi được CSV: {0}")]
    Csv(#[from] ::csv::Error),
}

impl From<rusqlite::Error> for ReportError {
    fn from(e: rusqlite::Error) -> Self {
        Self::Projection(e.into())
    }
}

/// Short codes: what a person can look up.
fn listed(petitions: &[RecordId]) -> String {
    const SHOWN: usize = 10;
    if petitions.is_empty() {
        return "không xác định được".to_owned();
    }
    let shown: Vec<String> = petitions.iter().take(SHOWN).map(|p| code::of(*p)).collect();
    let more = petitions.len().saturating_sub(SHOWN);
    let tail = if more > 0 { format!(" và {more} phản ánh khác") } else { String::new() };
    shown.join(", ") + &tail
}
