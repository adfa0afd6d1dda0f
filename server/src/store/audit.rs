//! What must be answered for, line by line; each covers the one before, so that none can be changed, taken out or put in
//! without its being seen, or all later ones being computed anew: against that there are checkpoints, apart (`audit`).

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sync::id::{DeviceId, EventId, RecordId, UserId};

use super::audit_what::AuditWhat;
use super::devices::Device;
use super::measure::fits;
use crate::error::ServerError;

/// One line, as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct AuditLine {
    /// Its number; they follow each other without a gap.
    pub line: i64,
    /// Milliseconds since 1970: when it was done.
    pub at: i64,
    /// By whose device; [`NO_DEVICE`] where none is known.
    pub device: DeviceId,
    /// By whom; empty where nobody is known.
    pub user: UserId,
    /// See [`AuditWhat`].
    pub what: String,
    /// To which record; [`NO_RECORD`] where to none.
    pub record: RecordId,
    /// What for, and beside it.
    pub detail: String,
}

/// Stands for none.
pub const NO_RECORD: RecordId = RecordId(uuid::Uuid::nil());
/// Stands for none.
pub const NO_DEVICE: DeviceId = DeviceId(uuid::Uuid::nil());

/// A line's chain: the SHA-256 over it and the chain of the line before.
pub type Chain = [u8; 32];

/// The chain of the line before the first.
const BEGIN: Chain = [0; 32];

fn chain(before: &Chain, line: &AuditLine, event: Option<EventId>) -> Chain {
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

/// The last line's number and chain.
pub fn audit_head(conn: &Connection) -> Result<(i64, Chain), ServerError> {
    let mut statement = conn.prepare_cached("SELECT line, chain FROM audit ORDER BY line DESC LIMIT 1")?;
    Ok(statement.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional()?.unwrap_or((0, BEGIN)))
}

/// How many lines there ever were in this database: the last one's number, unless lines were taken out at the end.
pub fn audit_counted(conn: &Connection) -> Result<i64, ServerError> {
    Ok(conn.prepare_cached("SELECT lines FROM audit_counter")?.query_row([], |r| r.get(0))?)
}

/// The chain that a line has; none where there is no such line.
pub fn audit_chain(conn: &Connection, line: i64) -> Result<Option<Chain>, ServerError> {
    if line == 0 {
        return Ok(Some(BEGIN));
    }
    let mut statement = conn.prepare_cached("SELECT chain FROM audit WHERE line = ?1")?;
    Ok(statement.query_row([line], |r| r.get(0)).optional()?)
}

/// Adds a line, unless its device has filled its measure of such lines; what it has asked before is not added again.
pub fn audit(
    tx: &Transaction<'_>,
    at: i64,
    device: &Device,
    what: AuditWhat,
    record: RecordId,
    detail: &str,
    event: Option<EventId>,
) -> Result<(), ServerError> {
    if event.map(|event| is_known(tx, event)).transpose()? == Some(true) {
        return Ok(());
    }
    if !fits(tx, at, device.id, &device.user, what, record)? {
        return Ok(());
    }
    add(tx, at, (device.id, &device.user), what, record, detail, event)
}

/// Adds a line of what a device tells that it has shown; told again it is not added again. `at` is the device's word, the
/// measure goes by the server's clock.
pub fn audit_looked(
    tx: &Transaction<'_>,
    now: i64,
    device: &Device,
    record: RecordId,
    detail: &str,
    event: EventId,
    at: i64,
) -> Result<(), ServerError> {
    let what = AuditWhat::IdentityLooked;
    if is_known(tx, event)? || !fits(tx, now, device.id, &device.user, what, record)? {
        return Ok(());
    }
    add(tx, at.min(now), (device.id, &device.user), what, record, detail, Some(event))
}

fn is_known(tx: &Transaction<'_>, event: EventId) -> Result<bool, ServerError> {
    Ok(tx.prepare_cached("SELECT 1 FROM audit WHERE event = ?1")?.exists([event.as_bytes()])?)
}

/// Adds a line of which no device is known.
pub fn audit_unknown(tx: &Transaction<'_>, at: i64, what: AuditWhat, detail: &str) -> Result<(), ServerError> {
    add(tx, at, (NO_DEVICE, &UserId(String::new())), what, NO_RECORD, detail, None)
}

pub(super) fn add(
    tx: &Transaction<'_>,
    at: i64,
    (device, user): (DeviceId, &UserId),
    what: AuditWhat,
    record: RecordId,
    detail: &str,
    event: Option<EventId>,
) -> Result<(), ServerError> {
    let (last, before) = audit_head(tx)?;
    // No number is given twice: where lines were taken out at the end, a gap shows it.
    let mut count = tx.prepare_cached("UPDATE audit_counter SET lines = max(lines, ?1) + 1 RETURNING lines")?;
    let line = AuditLine {
        line: count.query_row([last], |r| r.get(0))?,
        at,
        device,
        user: user.clone(),
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

/// A line, and whether it is the one that follows the line before it.
#[derive(Debug)]
pub struct Kept {
    /// The line.
    pub line: AuditLine,
    /// As it lies there.
    pub chain: Chain,
    /// It is what its chain says, which covers the line before.
    pub follows: bool,
}

/// Goes through all lines, oldest first.
pub fn each_audit_line(conn: &Connection, mut take: impl FnMut(Kept)) -> Result<(), ServerError> {
    let mut statement =
        conn.prepare("SELECT line, at, device, user, what, subject, detail, event, chain FROM audit ORDER BY line")?;
    let mut rows = statement.query([])?;
    let (mut number, mut before) = (0, BEGIN);
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
        let kept: Chain = row.get(8)?;
        let follows = line.line == number + 1 && chain(&before, &line, event) == kept;
        (number, before) = (line.line, kept);
        take(Kept { line, chain: kept, follows });
    }
    Ok(())
}
