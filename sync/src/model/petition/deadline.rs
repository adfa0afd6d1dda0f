//! When a petition must be answered and resolved. Computed, never stored in documents.

use jiff::civil::Date;

use super::fold::Moment;
use crate::model::calendar::Term;
use crate::model::directory::{ClockStart, Directory};
use crate::model::time::local_date;

/// Last days, in the tenant's zone; none where no policy says one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Deadlines {
    /// For the first answer to the person.
    pub first_answer: Option<Date>,
    /// For the resolution.
    pub resolve: Option<Date>,
}

/// The deadlines of a petition in one of its moments. A date given by referral or extension comes before the policy's;
/// the first answer is always counted from the logging; paused time does not count.
pub fn deadlines(moment: &Moment, directory: &Directory) -> Deadlines {
    let zone = directory.zone();
    let logged = local_date(moment.clock.logged, zone);
    let policy = directory.policy(moment.now.kind, moment.now.category.as_ref(), logged);
    let first_answer = policy.and_then(|p| p.first_answer).map(|term| term.end(logged, directory.calendar()));
    let resolve = moment.clock.given.or_else(|| {
        let policy = policy?;
        let start = match policy.from {
            ClockStart::Logging => Some(moment.clock.logged),
            ClockStart::Referral => moment.clock.referred,
            ClockStart::Acceptance => moment.clock.accepted,
        }?;
        let term = without_pauses(policy.resolve?, start, moment, directory);
        Some(term.end(local_date(start, zone), directory.calendar()))
    });
    Deadlines { first_answer, resolve }
}

fn without_pauses(term: Term, start: jiff::Timestamp, moment: &Moment, directory: &Directory) -> Term {
    let zone = directory.zone();
    moment.clock.pauses.iter().filter(|(from, _)| *from >= start).fold(term, |term, (from, to)| {
        // A pause that still runs has used up what had passed until the moment itself.
        let to = to.unwrap_or(moment.at);
        term.longer_by_pause(local_date(*from, zone), local_date(to, zone), directory.calendar())
    })
}
