//! The times a petition was open: the rows a month is counted from.
//!
//! A month counts every petition that was open at some time in it. Such rows are looked for by class: class *k* holds
//! stretches that mattered for less than 2^k days, so those that reach into a month opened at most 2^k days before it;
//! those still open have a class of their own. So an old month is found as fast as the last one, and at most about
//! twice as many rows are read as are counted.

use std::borrow::Cow;

use rusqlite::{Connection, Transaction, params};
use sync::id::RecordId;
use sync::model::petition::Finish;

use super::column::Columns;
use super::error::ProjectionError;
use super::state::ClockAt;

const DAY: i64 = 86_400_000;
/// The longest closed stretches: documents hold no instants outside 1900–2200.
const LONGEST: i64 = 17;
/// Stretches that have not ended.
const OPEN: i64 = 99;

/// One time a petition was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// The petition.
    pub record: RecordId,
    /// 0 for a petition that was never taken up again; else 1, 2 …
    pub n: u32,
    /// Counted date of the logging, or of the reopening.
    pub opened_at: i64,
    /// When and by what it ended.
    pub finished: Option<(i64, Finish)>,
    /// When the person was told, after that.
    pub answered_at: Option<i64>,
    /// Counted date of the logging of the petition.
    pub logged_at: i64,
    /// Since when `place` is what it is.
    pub placed_at: i64,
    /// Since when `clock` is what it is.
    pub clocked_at: i64,
    /// What the petition was counted under when the next stretch began, or is now: the text of a
    /// [`Place`](super::Place).
    pub place: Cow<'a, str>,
    /// What its deadlines are computed from, then.
    pub clock: ClockAt<'a>,
    /// Ratings after the answer: instants, each with `+` or `-` behind it, parted by spaces.
    pub ratings: Option<Cow<'a, str>>,
    /// What it was counted under when it ended, where that is something else: a later correction moves no deadline.
    pub finish_place: Option<Cow<'a, str>>,
}

impl Stretch<'_> {
    /// The last instant that matters to months; none while it is open.
    fn until(&self) -> Option<i64> {
        let (finished_at, _) = self.finished?;
        Some(self.answered_at.map_or(finished_at, |answered| answered.max(finished_at)))
    }

    fn class(&self) -> i64 {
        let days = self.until().map(|until| (until - self.opened_at).max(0) / DAY);
        days.map_or(OPEN, |days| i64::from(i64::BITS - days.leading_zeros()))
    }
}

/// The last rating before an instant.
pub fn rating_before(ratings: &str, before: i64) -> Option<bool> {
    let read = |text: &str| {
        let satisfied = text.ends_with('+');
        let at: i64 = text.trim_end_matches(['+', '-']).parse().ok()?;
        Some((at, satisfied))
    };
    ratings
        .split_whitespace()
        .filter_map(read)
        .take_while(|(at, _)| *at < before)
        .last()
        .map(|(_, satisfied)| satisfied)
}

/// Writes the stretches of one petition.
pub(super) fn put_stretches(tx: &Transaction<'_>, stretches: &[Stretch<'_>]) -> Result<(), ProjectionError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO p_stretch VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)",
    )?;
    for s in stretches {
        insert.execute(params![
            s.class(),
            s.opened_at,
            s.record.as_bytes(),
            s.n,
            s.until().unwrap_or(i64::MAX),
            s.finished.map(|(at, _)| at),
            s.finished.map(|(_, finish)| finish.as_str()),
            s.answered_at,
            s.logged_at,
            s.placed_at,
            s.clocked_at,
            s.place,
            s.clock.referred,
            s.clock.accepted,
            s.clock.given,
            s.clock.pauses,
            s.ratings,
            s.finish_place,
        ])?;
    }
    Ok(())
}

/// Hands over, in a fixed order, every stretch that opened before `end` and was open, or answered, at `start` or later.
pub fn each_stretch<E: From<ProjectionError>>(
    conn: &Connection,
    start: i64,
    end: i64,
    mut take: impl FnMut(Stretch<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let sql = "SELECT record, n, opened_at, finished_at, finish, answered_at, logged_at, placed_at, clocked_at, place,
                      referred_at, accepted_at, given_day, pauses, ratings, finish_place
               FROM p_stretch WHERE class = +?1 AND opened_at > +?2 AND opened_at < +?3 AND until_at >= +?4";
    let mut select = conn.prepare_cached(sql).map_err(ProjectionError::from)?;
    let closed = (0..=LONGEST).map(|class| (class, start.saturating_sub(DAY << class)));
    for (class, after) in closed.chain([(OPEN, i64::MIN)]) {
        let mut rows = select.query(params![class, after, end, start]).map_err(ProjectionError::from)?;
        while let Some(row) = rows.next().map_err(ProjectionError::from)? {
            take(read(&Columns { table: "p_stretch", row })?)?;
        }
    }
    Ok(())
}

fn read<'a>(c: &Columns<'a, '_>) -> Result<Stretch<'a>, ProjectionError> {
    let finished = match c.int_opt(3)? {
        Some(at) => Some((at, c.word(4, Finish::parse)?)),
        None => None,
    };
    Ok(Stretch {
        record: c.record(0)?,
        n: c.small_opt(1)?.unwrap_or(0),
        opened_at: c.int(2)?,
        finished,
        answered_at: c.int_opt(5)?,
        logged_at: c.int(6)?,
        placed_at: c.int(7)?,
        clocked_at: c.int(8)?,
        place: Cow::Borrowed(c.text(9)?),
        clock: ClockAt::read(c, 10)?,
        ratings: c.text_opt(14)?.map(Cow::Borrowed),
        finish_place: c.text_opt(15)?.map(Cow::Borrowed),
    })
}
