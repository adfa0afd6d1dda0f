//! Where whole records come from, when rows are not enough.

use sync::document::petition::PetitionRecord;
use sync::document::session::SessionRecord;
use sync::id::RecordId;
use sync::model::petition::Receipts;

/// Why a record could not be had.
pub type SourceError = Box<dyn std::error::Error + Send + Sync>;

/// The accepted changes of single records. Asked only for records that have admitted something after the moment a
/// report is cut at.
pub trait Source {
    /// A petition with the receipts of all its events.
    fn petition(&self, record: RecordId) -> Result<(PetitionRecord, Receipts), SourceError>;

    /// A session with the receipts of all its events.
    fn session(&self, record: RecordId) -> Result<(SessionRecord, Receipts), SourceError>;
}
