//! From the times a petition was open to the figures that count it.

use std::borrow::Cow;

use rusqlite::Connection;
use sync::id::RecordId;
use sync::model::petition::Finish;

use super::case::Case;
use super::days::LocalDays;
use super::due::{DueBook, DueOf};
use super::error::ReportError;
use super::figure::{Figure, Flags};
use super::key::{Keys, PlaceNo};
use super::month::Period;
use crate::projection::{ClockAt, ProjectionError, State, Stretch, rating_before, state_before};

/// A stretch with its places replaced by numbers.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    n: u32,
    opened: i64,
    finished: Option<(i64, Finish)>,
    answered: Option<i64>,
    logged: i64,
    placed: i64,
    clocked: i64,
    place: PlaceNo,
    /// What it was counted under when it ended.
    finish_place: PlaceNo,
    clock: ClockAt<'a>,
    ratings: Option<Cow<'a, str>>,
}

impl<'a> Piece<'a> {
    pub(super) fn of(stretch: Stretch<'a>, keys: &mut Keys<'_>) -> Result<Self, ProjectionError> {
        let place = keys.number(&stretch.place)?;
        let finish_place = stretch.finish_place.map_or(Ok(place), |text| keys.number(&text))?;
        Ok(Self {
            n: stretch.n,
            opened: stretch.opened_at,
            finished: stretch.finished,
            answered: stretch.answered_at,
            logged: stretch.logged_at,
            placed: stretch.placed_at,
            clocked: stretch.clocked_at,
            place,
            finish_place,
            clock: stretch.clock,
            ratings: stretch.ratings,
        })
    }

    pub(super) fn into_owned(self) -> Piece<'static> {
        let Piece { n, opened, finished, answered, logged, placed, clocked, place, finish_place, .. } = self;
        let ratings = self.ratings.map(|r| Cow::Owned(r.into_owned()));
        let clock = self.clock.into_owned();
        Piece { n, opened, finished, answered, logged, placed, clocked, place, finish_place, clock, ratings }
    }

    /// Its place among the petition's stretches.
    pub(super) fn n(&self) -> u32 {
        self.n
    }

    /// Whether it was open just before an instant.
    fn open_before(&self, at: i64) -> bool {
        self.opened < at && !self.finished_before(at)
    }

    fn finished_before(&self, at: i64) -> bool {
        self.finished.is_some_and(|(finished, _)| finished < at)
    }

    fn answered_before(&self, at: i64) -> bool {
        self.answered.is_some_and(|answered| answered < at)
    }
}

/// Where a petition's earlier states are looked up.
pub(super) enum History<'a> {
    /// In the rows.
    Table(&'a Connection),
    /// In what has just been derived.
    Derived(&'a [State<'a>]),
}

impl History<'_> {
    fn before(
        &self,
        record: RecordId,
        at: i64,
        keys: &mut Keys<'_>,
    ) -> Result<Option<(PlaceNo, ClockAt<'static>)>, ReportError> {
        let mut take =
            |state: State<'_>| -> Result<_, ReportError> { Ok((keys.number(&state.place)?, state.clock.into_owned())) };
        match self {
            History::Table(conn) => state_before(conn, record, at, take)?.transpose(),
            History::Derived(states) => states.iter().rev().find(|s| s.at < at).cloned().map(&mut take).transpose(),
        }
    }
}

/// What classifying needs beside the petition.
pub(super) struct Classifier<'d> {
    pub(super) period: Period,
    pub(super) keys: Keys<'d>,
    pub(super) book: DueBook<'d>,
    pub(super) days: LocalDays<'d>,
}

impl Classifier<'_> {
    /// What the month makes of a petition. `pieces`: every stretch of it that opened before the month's end and reached
    /// into it, first to last; earlier ones may be among them. None when no figure counts it.
    pub(super) fn classify(
        &mut self,
        record: RecordId,
        pieces: &[Piece<'_>],
        history: &History<'_>,
    ) -> Result<Option<Case>, ReportError> {
        let Period { start, end, .. } = self.period;
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Ok(None) };
        let carried = pieces.iter().find(|p| p.open_before(start));
        let logged_before = first.logged < start;
        let mut flags = Flags::default();
        flags.set_if(Figure::CarriedIn, carried.is_some());
        flags.set_if(Figure::Received, !logged_before);
        let taken_up = pieces.iter().any(|p| p.opened >= start);
        flags.set_if(Figure::Reopened, logged_before && carried.is_none() && taken_up);
        let handled = pieces.iter().any(|p| !p.finished_before(start));
        flags.set_if(Figure::Handled, handled);
        let earlier = |p: &Piece<'_>| {
            let resolved = p.finished.is_some_and(|(at, by)| by == Finish::Resolved && at < start);
            resolved && !p.answered_before(start) && p.answered_before(end)
        };
        flags.set_if(Figure::AnsweredEarlier, pieces.iter().any(earlier));
        let mut case = Case { record, logged_at: first.logged, flags, days: 0, due: None, start: None, end: None };
        if case.flags.is_empty() {
            return Ok(None);
        }
        let place = match last.finished {
            Some((at, finish)) if at < end => {
                if handled {
                    self.finished(&mut case, last, at, finish);
                }
                self.place_before(record, last, end, history)?
            }
            _ => self.carried_out(&mut case, last, history)?,
        };
        case.end = self.keys.place(place).end;
        if let Some(carried) = carried {
            let place = self.place_before(record, carried, start, history)?;
            case.start = self.keys.place(place).start;
        }
        Ok((case.start.is_some() || case.end.is_some()).then_some(case))
    }

    fn finished(&mut self, case: &mut Case, last: &Piece<'_>, at: i64, finish: Finish) {
        case.flags.set(Figure::Finished);
        case.flags.set(match finish {
            Finish::Resolved => Figure::Resolved,
            Finish::Guided => Figure::Guided,
            Finish::Filed => Figure::Filed,
            Finish::Withdrawn => Figure::Withdrawn,
            Finish::Duplicate => Figure::Duplicates,
        });
        if finish != Finish::Resolved {
            return;
        }
        let finished_day = self.days.day(at);
        case.days = u32::try_from(finished_day - self.days.day(last.logged)).unwrap_or(0);
        case.due = self.due(last.finish_place, &last.clock, last.logged, at);
        let late = case.due.is_some_and(|due| due < finished_day);
        case.flags.set(if late { Figure::ResolvedLate } else { Figure::ResolvedOnTime });
        if last.answered_before(self.period.end) {
            case.flags.set(Figure::Answered);
            let ratings = last.ratings.as_deref().unwrap_or_default();
            if let Some(satisfied) = rating_before(ratings, self.period.end) {
                case.flags.set(Figure::Rated);
                case.flags.set_if(Figure::Satisfied, satisfied);
            }
        }
    }

    /// Open at the end. Gives what it is counted under then.
    fn carried_out(
        &mut self,
        case: &mut Case,
        last: &Piece<'_>,
        history: &History<'_>,
    ) -> Result<PlaceNo, ReportError> {
        let Period { end, judged, judged_day, .. } = self.period;
        case.flags.set(Figure::CarriedOut);
        let earlier = if last.placed < end && last.clocked < end {
            None
        } else {
            history.before(case.record, end, &mut self.keys)?
        };
        let (place, clock) = earlier.as_ref().map_or((last.place, &last.clock), |(place, clock)| (*place, clock));
        case.due = self.due(place, clock, last.logged, judged);
        let overdue = case.due.is_some_and(|due| due < judged_day);
        case.flags.set(if overdue { Figure::OpenOverdue } else { Figure::OpenWithin });
        Ok(place)
    }

    fn due(&mut self, place: PlaceNo, clock: &ClockAt<'_>, logged: i64, at: i64) -> Option<i32> {
        let place = self.keys.place(place);
        let category = (place.category, self.keys.category_id(place.category));
        self.book.due(&DueOf { kind: place.kind, category, clock, logged, at }, &mut self.days)
    }

    /// What it was counted under just before an instant in a stretch, or between it and the next.
    fn place_before(
        &mut self,
        record: RecordId,
        piece: &Piece<'_>,
        before: i64,
        history: &History<'_>,
    ) -> Result<PlaceNo, ReportError> {
        if piece.placed < before {
            return Ok(piece.place);
        }
        Ok(history.before(record, before, &mut self.keys)?.map_or(piece.place, |(place, _)| place))
    }
}
