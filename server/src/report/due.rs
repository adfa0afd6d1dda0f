//! The last day of many petitions: `sync`'s rule, asked once for each policy and starting day.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use sync::id::{CategoryId, UnitId};
use sync::model::directory::{ClockStart, Directory};
use sync::model::petition::{Channel, Clock, Current, Kind, Moment, Status, deadlines};
use sync::model::time::{date_from_days, days_of, from_millis};

use super::days::LocalDays;
use crate::projection::ClockAt;

/// What a due day is asked for.
pub(super) struct DueOf<'a> {
    pub(super) kind: Kind,
    /// The category's number among those met, and its id.
    pub(super) category: (u32, Option<&'a str>),
    pub(super) clock: &'a ClockAt<'a>,
    pub(super) logged: i64,
    /// The instant it is asked at: a pause that still runs has used up what passed until then.
    pub(super) at: i64,
}

/// Due days, with a memory.
pub(super) struct DueBook<'d> {
    directory: &'d Directory,
    /// First days of the spans in which the same policies are valid.
    eras: Vec<i32>,
    /// (kind, category's number, era) → the policy's index.
    policies: HashMap<(Kind, u32, usize), Option<usize>>,
    /// (policy, first day of the clock) → last day, where nothing paused.
    ends: HashMap<(usize, i32), Option<i32>>,
}

impl<'d> DueBook<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        let mut eras = BTreeSet::new();
        for policy in directory.policies() {
            eras.extend(policy.valid.from.map(days_of));
            eras.extend(policy.valid.to.map(|to| days_of(to) + 1));
        }
        Self { directory, eras: eras.into_iter().collect(), policies: HashMap::new(), ends: HashMap::new() }
    }

    /// The last day for the resolution; none where no policy says one.
    pub(super) fn due(&mut self, of: &DueOf<'_>, days: &mut LocalDays<'_>) -> Option<i32> {
        if of.clock.given.is_some() {
            return of.clock.given;
        }
        let index = self.policy(of, days.day(of.logged))?;
        let policy = self.directory.policies().get(index)?;
        let start = match policy.from {
            ClockStart::Logging => Some(of.logged),
            ClockStart::Referral => of.clock.referred,
            ClockStart::Acceptance => of.clock.accepted,
        }?;
        if of.clock.pauses.is_some() {
            return self.computed(of);
        }
        let key = (index, days.day(start));
        if let Some(end) = self.ends.get(&key) {
            return *end;
        }
        let end = self.computed(of);
        self.ends.insert(key, end);
        end
    }

    fn policy(&mut self, of: &DueOf<'_>, logged_day: i32) -> Option<usize> {
        let policies = self.directory.policies();
        if policies.is_empty() {
            return None;
        }
        let era = self.eras.partition_point(|first| *first <= logged_day);
        let (number, category) = of.category;
        let key = (of.kind, number, era);
        if let Some(index) = self.policies.get(&key) {
            return *index;
        }
        let category = category.map(CategoryId::from);
        let policy = self.directory.policy(of.kind, category.as_ref(), date_from_days(logged_day)?);
        let index = policy.and_then(|p| policies.iter().position(|q| std::ptr::eq(p, q)));
        self.policies.insert(key, index);
        index
    }

    /// The rule itself, for a moment that has what the rule looks at.
    fn computed(&self, of: &DueOf<'_>) -> Option<i32> {
        let instant = |ms: i64| from_millis(ms).unwrap_or(Timestamp::MAX);
        let moment = Moment {
            event: None,
            action: None,
            at: instant(of.at),
            status: Status::Referred,
            finish: None,
            held: Vec::new(),
            contested: false,
            now: Current {
                kind: of.kind,
                category: of.category.1.map(CategoryId::from),
                unit: UnitId::from(""),
                hamlet: None,
                channel: Channel::Letter,
                text: None,
                place: None,
                urgent: false,
                collective: None,
            },
            clock: Clock {
                logged: instant(of.logged),
                referred: of.clock.referred.map(instant),
                accepted: of.clock.accepted.map(instant),
                pauses: of.clock.read_pauses(),
                given: of.clock.given.and_then(date_from_days),
            },
            satisfied: None,
        };
        deadlines(&moment, self.directory).resolve.map(days_of)
    }
}
