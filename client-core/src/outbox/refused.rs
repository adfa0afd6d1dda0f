//! Refused work: it waits for its author, who edits, sends again, or lets go of it.

use jiff::Timestamp;
use rusqlite::OptionalExtension;
use sync::id::RecordId;
use sync::wire::RefusalCode;

use super::entry::{Totals, read_command, totals};
use super::why_not::WhyNot;
use crate::command::{Command, CommandError, Done};
use crate::replica::{Replica, ReplicaError};
use crate::store::identities;

/// Work that the server would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedWork {
    /// Names it in `refused retry` and `refused discard`.
    pub id: i64,
    /// The record it belongs to.
    pub record: RecordId,
    /// What was to be done, with the author's own words.
    pub command: Command,
    /// Why not, for programs.
    pub code: RefusalCode,
    /// Why not, for people.
    pub why: WhyNot,
}

impl RefusedWork {
    /// Why not, in one line.
    pub fn reason(&self) -> String {
        self.why.line(self.code)
    }
}

impl Replica {
    /// How much waits.
    pub fn totals(&self) -> Result<Totals, ReplicaError> {
        totals(&self.connection)
    }

    /// What was refused, oldest first.
    pub fn refused(&self) -> Result<Vec<RefusedWork>, ReplicaError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, record, command, code, detail FROM outbox WHERE state = 'refused' ORDER BY seq",
        )?;
        let rows = select.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?, row.get(4)?))
        })?;
        rows.map(|row| {
            let (id, record, command, code, detail): (_, _, _, _, Option<String>) = row?;
            Ok(RefusedWork {
                id,
                record: RecordId::from_bytes(record),
                command: read_command(&command)?,
                code: RefusalCode::parse(&code).unwrap_or(RefusalCode::BadChange),
                why: WhyNot::read(detail.as_deref().unwrap_or_default()),
            })
        })
        .collect()
    }

    /// Does refused work again, as things stand now. None when nothing refused has that number.
    pub fn retry(&mut self, id: i64, now: Timestamp) -> Result<Option<Done>, CommandError> {
        let Some(command) = self.refused_command(id)? else { return Ok(None) };
        self.execute_instead_of(id, command, now).map(Some)
    }

    /// Lets go of refused work for good, words and all. Tells whether there was any under that number.
    pub fn discard(&mut self, id: i64) -> Result<bool, ReplicaError> {
        let tx = self.connection.transaction()?;
        let delete = "DELETE FROM outbox WHERE seq = ?1 AND state = 'refused' RETURNING record";
        let gone: Option<[u8; 16]> = tx.query_row(delete, [id], |row| row.get(0)).optional()?;
        if let Some(record) = gone {
            identities::forget_given_up(&tx, RecordId::from_bytes(record))?;
        }
        tx.commit()?;
        Ok(gone.is_some())
    }

    fn refused_command(&self, id: i64) -> Result<Option<Command>, ReplicaError> {
        let mut select =
            self.connection.prepare_cached("SELECT command FROM outbox WHERE seq = ?1 AND state = 'refused'")?;
        let json: Option<String> = select.query_row([id], |row| row.get(0)).optional()?;
        json.map(|j| read_command(&j)).transpose()
    }
}
