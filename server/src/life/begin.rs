//! Whether a database has been put back from a copy, and the life that it then begins.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use sync::id::ServerEpoch;

use super::mark::{Mark, Marked, file_number};
use crate::audit::is_behind;
use crate::error::ServerError;
use crate::keys::{Chance, draw};
use crate::store;

fn is_another(marked: Option<&Marked>, data: &Path, conn: &Connection) -> Result<bool, ServerError> {
    let (epoch, position) = (store::read_tenant(conn)?.epoch, store::position(conn)?);
    let file = file_number(data)?;
    let same = |m: &Marked| m.epoch == epoch && m.position <= position && m.file == file;
    // A database in which nothing has happened yet has no life to go on from. Reading who spoke moves no position.
    Ok(position > 0 && (!marked.is_some_and(same) || is_behind(data, conn)?))
}

/// Begins another life of a database that is not the one that was served here last: one that is older than it once was, a
/// copy, or one without its mark. It costs little: replicas go on from where they were, and bring back what is missing.
pub fn begin_if_restored(
    data: &Path,
    conn: &mut Connection,
    now: Timestamp,
    chance: Chance<'_>,
) -> Result<Mark, ServerError> {
    // First the mark, then the database: whoever commits meanwhile moves only the latter.
    let marked = Marked::read(data)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tenant = store::read_tenant(&tx)?;
    let position = store::position(&tx)?;
    if is_another(marked.as_ref(), data, &tx)? {
        let begins = match marked {
            Some(marked) => store::next_beginning(position.max(marked.position)),
            None => store::next_beginning_by_clock(position, now),
        };
        let epoch = ServerEpoch(uuid::Builder::from_random_bytes(draw(chance)?).into_uuid());
        // The life that was served last may share less with this copy than the copy's own.
        let other = marked.filter(|m| m.epoch != tenant.epoch).map(|m| (m.epoch, position.min(m.base)));
        let former: Vec<_> = [Some((tenant.epoch, position)), other].into_iter().flatten().collect();
        let shared = store::begin_life(&tx, &former, epoch, begins)?;
        tracing::warn!(base = shared.base, "the database is not the one that was served last: it begins another life");
    }
    tx.commit()?;
    Mark::open(data)
}
