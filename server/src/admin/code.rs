//! Enrolment codes: 128 random bits, kept only as a hash, used once.

use data_encoding::{Encoding, Specification};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use sync::enrolment_code;
use sync::model::directory::Role;
use sync::model::time::{local_date, rfc3339};

use crate::error::ServerError;
use crate::ingest::Ledger;
use crate::keys::random;
use crate::store::{self, AuditWhat};

/// Letters and digits that are not mistaken for each other.
static LETTERS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut letters = Specification::new();
    letters.symbols.push_str(enrolment_code::LETTERS);
    letters.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

/// A code and when it ends.
#[derive(Debug, Clone, Serialize)]
pub struct CodeIssued {
    /// For whom, by code.
    pub user: String,
    /// To be typed or scanned on the new device.
    pub code: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// What is kept of a code: its SHA-256, however it was typed.
pub fn code_hash(code: &str) -> [u8; 32] {
    Sha256::digest(enrolment_code::plain(code)).into()
}

/// Issues a code: 24 hours for those who only log, 10 minutes for whoever holds more than an officer's post.
pub fn issue_code(ledger: &mut Ledger, user: &str, now: Timestamp) -> Result<CodeIssued, ServerError> {
    let directory = ledger.directory();
    let account = directory.user_by_code(user).ok_or_else(|| {
        ServerError::Command(format!(
            "there is no user `{user}` in the directory; add one with `langnghe directory apply`"
        ))
    })?;
    let posts = directory.posts_of(&account.id, local_date(now, directory.zone()));
    if posts.is_empty() {
        return Err(ServerError::Command(format!(
            "the user `{user}` holds no post today; give one in the directory first"
        )));
    }
    let only_logs = posts.iter().all(|p| p.role == Role::Officer);
    let life = if only_logs { SignedDuration::from_hours(24) } else { SignedDuration::from_mins(10) };
    let expires = now.checked_add(life).map_err(|e| ServerError::Command(e.to_string()))?;
    let letters = LETTERS.encode(&random::<16>()?);
    let groups: Vec<&str> = (0..letters.len()).step_by(5).map(|i| &letters[i..(i + 5).min(letters.len())]).collect();
    let code = groups.join("-");
    ledger.write(|tx| {
        store::add_code(tx, &code_hash(&code), &account.id, expires.as_millisecond())?;
        let (at, operator) = (now.as_millisecond(), store::administrator(tx)?);
        let detail = format!("for {}", account.id);
        store::audit(tx, at, &operator, AuditWhat::CodeIssued, store::NO_RECORD, &detail, None)
    })?;
    Ok(CodeIssued { user: user.to_owned(), code, expires_at: rfc3339(expires, directory.zone()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_carelessly() {
        assert_eq!(code_hash("ABCDE-23456"), code_hash(" abcde 23456"));
        assert_ne!(code_hash("ABCDE-23456"), code_hash("ABCDE-23457"));
        assert_eq!(LETTERS.encode(&[0; 16]).len(), enrolment_code::LENGTH);
    }
}
