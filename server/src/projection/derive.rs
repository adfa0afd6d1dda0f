//! From a folded petition to its rows. Pure: the same function serves the tables and reports as of an earlier moment.

use std::borrow::Cow;
use std::fmt::Write as _;

use sync::id::RecordId;
use sync::model::petition::{ActionKind, Folded, Moment};

use super::place::Place;
use super::state::{ClockAt, State};
use super::stretch::Stretch;

/// The rows of one petition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived<'a> {
    /// The times it was open, first to last.
    pub stretches: Vec<Stretch<'a>>,
    /// What it was counted under, first to last.
    pub states: Vec<State<'a>>,
}

/// Derives them.
pub fn derive(record: RecordId, folded: &Folded) -> Derived<'_> {
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    let mut states: Vec<State<'_>> = Vec::new();
    let (mut placed_at, mut clocked_at) = (i64::MIN, i64::MIN);
    let logged_at = folded.moments.first().map_or(0, |m| m.at.as_millisecond());
    let mut last: Option<(Place<'_>, ClockAt<'_>, Cow<'_, str>)> = None;
    for moment in &folded.moments {
        let at = moment.at.as_millisecond();
        let (place, clock) = (Place::of(moment), ClockAt::of(&moment.clock));
        let text = match &last {
            Some((before, _, text)) if *before == place => text.clone(),
            _ => {
                placed_at = at;
                Cow::Owned(place.to_text())
            }
        };
        if last.as_ref().is_none_or(|(_, before, _)| *before != clock) {
            clocked_at = at;
        }
        if moment.status.is_open() && stretches.last().is_none_or(|s| s.finished.is_some()) {
            stretches.push(Stretch {
                record,
                n: u32::try_from(stretches.len()).unwrap_or(u32::MAX),
                opened_at: at,
                finished: None,
                answered_at: None,
                logged_at,
                placed_at,
                clocked_at,
                place: text.clone(),
                clock: clock.clone(),
                ratings: None,
                finish_place: None,
            });
        }
        if let Some(stretch) = stretches.last_mut() {
            if stretch.finished.is_some() && stretch.finish_place.is_none() && stretch.place != text {
                stretch.finish_place = Some(stretch.place.clone());
            }
            happened(stretch, moment, at);
            stretch.place = text.clone();
            stretch.clock = clock.clone();
            stretch.placed_at = placed_at;
            stretch.clocked_at = clocked_at;
        }
        add(&mut states, State { at, place: text.clone(), clock: clock.clone() });
        last = Some((place, clock, text));
    }
    if stretches.len() > 1 {
        stretches.iter_mut().for_each(|s| s.n += 1);
    }
    Derived { stretches, states }
}

/// What a moment does to the stretch it lies in or follows.
fn happened(stretch: &mut Stretch<'_>, moment: &Moment, at: i64) {
    if moment.status.is_open() {
        return;
    }
    if let (None, Some(finish)) = (stretch.finished, moment.finish) {
        stretch.finished = Some((at, finish));
    }
    match (moment.action, moment.satisfied) {
        (Some(ActionKind::Answer), _) => stretch.answered_at = Some(at),
        (Some(ActionKind::Rate), Some(satisfied)) => {
            let ratings = stretch.ratings.get_or_insert_default().to_mut();
            let gap = if ratings.is_empty() { "" } else { " " };
            // Writing to a String cannot fail.
            let _ = write!(ratings, "{gap}{at}{}", if satisfied { '+' } else { '-' });
        }
        _ => {}
    }
}

/// Only changes are kept, and of several at one instant the last: a state is asked for as it was before an instant.
fn add<'a>(states: &mut Vec<State<'a>>, state: State<'a>) {
    if states.last().is_some_and(|last| last.at == state.at) {
        states.pop();
    }
    let same = states.last().is_some_and(|last| last.place == state.place && last.clock == state.clock);
    if !same {
        states.push(state);
    }
}
