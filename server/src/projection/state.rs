//! What a petition was counted under, and what its deadlines were computed from, over time.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use sync::id::RecordId;
use sync::model::petition::Clock;
use sync::model::time::{days_of, from_millis};

use super::column::Columns;
use super::error::ProjectionError;

/// What deadlines are computed from, beside the logging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockAt<'a> {
    /// The latest referral, transfer, or reopening with a body.
    pub referred: Option<i64>,
    /// The latest acceptance.
    pub accepted: Option<i64>,
    /// A day given by referral or extension.
    pub given: Option<i32>,
    /// Pauses as `from..to`, parted by spaces; the last may lack its end. None when it never paused.
    pub pauses: Option<Cow<'a, str>>,
}

impl<'a> ClockAt<'a> {
    /// Of a moment's clock.
    pub fn of(clock: &Clock) -> Self {
        let mut pauses = String::new();
        for (from, to) in &clock.pauses {
            let gap = if pauses.is_empty() { "" } else { " " };
            // Writing to a String cannot fail.
            let _ = write!(pauses, "{gap}{}..", from.as_millisecond());
            if let Some(to) = to {
                let _ = write!(pauses, "{}", to.as_millisecond());
            }
        }
        Self {
            referred: clock.referred.map(Timestamp::as_millisecond),
            accepted: clock.accepted.map(Timestamp::as_millisecond),
            given: clock.given.map(days_of),
            pauses: (!pauses.is_empty()).then_some(Cow::Owned(pauses)),
        }
    }

    /// Reads four columns, from the first one on.
    pub(super) fn read(c: &Columns<'a, '_>, first: usize) -> Result<Self, ProjectionError> {
        Ok(Self {
            referred: c.int_opt(first)?,
            accepted: c.int_opt(first + 1)?,
            given: c.small_opt(first + 2)?,
            pauses: c.text_opt(first + 3)?.map(Cow::Borrowed),
        })
    }

    /// The pauses as instants; what cannot be read is left out.
    pub fn read_pauses(&self) -> Vec<(Timestamp, Option<Timestamp>)> {
        let instant = |text: &str| text.parse().ok().and_then(from_millis);
        let read = |text: &str| {
            let (from, to) = text.split_once("..")?;
            Some((instant(from)?, instant(to)))
        };
        self.pauses.iter().flat_map(|p| p.split_whitespace()).filter_map(read).collect()
    }

    /// Without borrowing from a row.
    pub fn into_owned(self) -> ClockAt<'static> {
        let ClockAt { referred, accepted, given, pauses } = self;
        ClockAt { referred, accepted, given, pauses: pauses.map(|p| Cow::Owned(p.into_owned())) }
    }
}

/// Both, since an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State<'a> {
    /// Since when.
    pub at: i64,
    /// What it is counted under: the text of a [`Place`](super::Place).
    pub place: Cow<'a, str>,
    /// What its deadlines are computed from.
    pub clock: ClockAt<'a>,
}

/// Writes the states of one petition.
pub(super) fn put_states(tx: &Transaction<'_>, record: RecordId, states: &[State<'_>]) -> Result<(), ProjectionError> {
    let mut insert = tx.prepare_cached("INSERT INTO p_state VALUES (?1,?2,?3,?4,?5,?6,?7)")?;
    for State { at, place, clock } in states {
        let ClockAt { referred, accepted, given, pauses } = clock;
        insert.execute(params![record.as_bytes(), at, place, referred, accepted, given, pauses])?;
    }
    Ok(())
}

/// Hands over the state a petition was in just before an instant; none when it had not been logged.
pub fn state_before<T>(
    conn: &Connection,
    record: RecordId,
    before: i64,
    read: impl FnOnce(State<'_>) -> T,
) -> Result<Option<T>, ProjectionError> {
    let mut select = conn.prepare_cached(
        "SELECT at, place, referred_at, accepted_at, given_day, pauses
         FROM p_state WHERE record = +?1 AND at < +?2 ORDER BY at DESC LIMIT 1",
    )?;
    let mut rows = select.query(params![record.as_bytes(), before])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let c = Columns { table: "p_state", row };
    Ok(Some(read(State { at: c.int(0)?, place: Cow::Borrowed(c.text(1)?), clock: ClockAt::read(&c, 2)? })))
}
