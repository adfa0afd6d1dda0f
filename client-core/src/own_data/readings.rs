//! What the server has written down of who looked, as `langnghe-server audit list --json` prints it.

use jiff::Timestamp;
use serde::Deserialize;
use sync::id::RecordId;
use sync::identity::Purpose;
use sync::model::directory::Directory;
use sync::model::time::rfc3339;

use super::answer::{OwnReading, Seen};
use super::office;
use crate::view::word;

/// A larger file is no such list, or one of a whole country's.
pub const MAX_AUDIT_BYTES: u64 = 64 << 20;

/// How the server ends what was told of by a device.
const ON_THE_DEVICE: &str = " (on the device)";

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub struct AuditLine {
    pub at: String,
    pub user: String,
    pub what: String,
    pub record: String,
    pub detail: String,
}

/// The file is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("không phải kết quả của langnghe-server audit list --json; hãy xuất lại nhật ký rồi thử lại")]
pub struct NotAnAudit;

/// Reads a list.
pub fn audit(bytes: &[u8]) -> Result<Vec<AuditLine>, NotAnAudit> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let lines: Vec<AuditLine> = serde_json::from_slice(bytes).map_err(|_| NotAnAudit)?;
    let whole = |line: &AuditLine| line.record.parse::<RecordId>().is_ok() && line.at.parse::<Timestamp>().is_ok();
    if lines.iter().all(whole) { Ok(lines) } else { Err(NotAnAudit) }
}

/// A line as the person is told it. Notes beside a purpose are left out: they may name papers and other people.
pub(super) fn told(directory: &Directory, line: &AuditLine) -> OwnReading {
    let at: Option<Timestamp> = line.at.parse().ok();
    let user = directory.users().find(|user| user.code == line.user || user.id.as_str() == line.user);
    let by = user.map_or_else(office::unknown, |user| office::posts_of(directory, &user.id, at));
    let what = match line.what.as_str() {
        "identity-denied" => Seen::Denied,
        "identity-erased" => Seen::Erased,
        _ => Seen::Shown,
    };
    let detail = line.detail.strip_suffix(ON_THE_DEVICE).unwrap_or(&line.detail);
    let word = detail.split_once(": ").map_or(detail, |(purpose, _)| purpose);
    let at = at.map_or_else(|| line.at.clone(), |at| rfc3339(at, directory.zone()));
    // Forgetting has no purpose; what it was asked by is no purpose either.
    reading(at, by, what, (what != Seen::Erased).then_some(word))
}

/// One with its purpose in words.
pub(super) fn reading(at: String, by: String, what: Seen, purpose: Option<&str>) -> OwnReading {
    let known = purpose.and_then(Purpose::parse);
    OwnReading { at, by, what, purpose: known.map(|p| p.to_string()), purpose_name: known.map(word::purpose) }
}
