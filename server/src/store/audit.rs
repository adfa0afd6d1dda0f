//! What must be answered for, line by line; each covers the one before, so that none can be changed, taken out or put in
//! without its being seen.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sync::id::{DeviceId, EventId, RecordId, UserId};

use super::devices::Device;
use crate::error::ServerError;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditWhat {
    /// Who spoke was given to a device, or read on it.
    IdentityRead,
    /// It was asked for and not given.
    IdentityDenied,
    /// A person was forgotten.
    IdentityErased,
    /// A petition's words were taken out.
    WordsErased,
}

impl AuditWhat {
    /// As it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            AuditWhat::IdentityRead => "identity-read",
            AuditWhat::IdentityDenied => "identity-denied",
            AuditWhat::IdentityErased => "identity-erased",
            AuditWhat::WordsErased => "words-erased",
        }
    }
}

/// One line, as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct AuditLine {
    /// Its number; they follow each other without a gap.
    pub line: i64,
    /// Milliseconds since 1970: when it was done.
    pub at: i64,
    /// By whose device.
    pub device: DeviceId,
    /// By whom.
    pub user: UserId,
    /// See [`AuditWhat`].
    pub what: String,
    /// To which record.
    pub record: RecordId,
    /// What for, and beside it.
    pub detail: String,
}

/// The chain of the line before the first.
const BEGIN: [u8; 32] = [0; 32];

fn chain(before: &[u8; 32], line: &AuditLine, event: Option<EventId>) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"langnghe audit 1\n");
    hash.update(before);
    hash.update(line.line.to_be_bytes());
    hash.update(line.at.to_be_bytes());
    hash.update(line.device.as_bytes());
    for text in [line.user.as_str(), &line.what, &line.detail] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.update(line.record.as_bytes());
    event.iter().for_each(|id| hash.update(id.as_bytes()));
    hash.finalize().into()
}

fn last(conn: &Connection) -> Result<(i64, [u8; 32]), ServerError> {
    let mut statement = conn.prepare_cached("SELECT line, chain FROM audit ORDER BY line DESC LIMIT 1")?;
    Ok(statement.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()?.unwrap_or((0, BEGIN)))
}

/// Adds a line; what a device has told before is not added again.
pub fn audit(
    tx: &Transaction<'_>,
    at: i64,
    device: &Device,
    what: AuditWhat,
    record: RecordId,
    detail: &str,
    event: Option<EventId>,
) -> Result<(), ServerError> {
    if let Some(event) = event
        && tx.prepare_cached("SELECT 1 FROM audit WHERE event = ?1")?.exists([event.as_bytes()])?
    {
        return Ok(());
    }
    let (number, before) = last(tx)?;
    let line = AuditLine {
        line: number + 1,
        at,
        device: device.id,
        user: device.user.clone(),
        what: what.as_str().to_owned(),
        record,
        detail: detail.to_owned(),
    };
    tx.prepare_cached(
        "INSERT INTO audit (line, at, device, user, what, subject, detail, event, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        line.line,
        line.at,
        line.device.as_bytes(),
        line.user.as_str(),
        line.what,
        line.record.as_bytes(),
        line.detail,
        event.as_ref().map(EventId::as_bytes),
        chain(&before, &line, event)
    ])?;
    Ok(())
}

type Chained = (AuditLine, Option<EventId>, [u8; 32]);

fn each(conn: &Connection, mut take: impl FnMut(Chained)) -> Result<(), ServerError> {
    let mut statement =
        conn.prepare("SELECT line, at, device, user, what, subject, detail, event, chain FROM audit ORDER BY line")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line = AuditLine {
            line: row.get(0)?,
            at: row.get(1)?,
            device: DeviceId::from_bytes(row.get(2)?),
            user: UserId(row.get(3)?),
            what: row.get(4)?,
            record: RecordId::from_bytes(row.get(5)?),
            detail: row.get(6)?,
        };
        let event = row.get::<_, Option<[u8; 16]>>(7)?.map(EventId::from_bytes);
        take((line, event, row.get(8)?));
    }
    Ok(())
}

/// All lines, or those of one record, oldest first.
pub fn audit_lines(conn: &Connection, of: Option<RecordId>) -> Result<Vec<AuditLine>, ServerError> {
    let mut lines = Vec::new();
    each(conn, |(line, ..)| {
        if of.is_none_or(|record| record == line.record) {
            lines.push(line);
        }
    })?;
    Ok(lines)
}

/// How many lines there are, and the first that is not what it was, or does not follow the one before.
pub fn broken_audit(conn: &Connection) -> Result<(i64, Option<i64>), ServerError> {
    let (mut number, mut before, mut broken) = (0, BEGIN, None);
    each(conn, |(line, event, kept)| {
        let follows = line.line == number + 1 && chain(&before, &line, event) == kept;
        if !follows && broken.is_none() {
            broken = Some(number + 1);
        }
        (number, before) = (line.line, kept);
    })?;
    Ok((number, broken))
}
