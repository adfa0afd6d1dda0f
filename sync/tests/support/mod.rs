//! Builders for petitions, their histories and directories, short enough that a test reads like what happened.
#![allow(dead_code, reason = "every test binary uses its own part")]

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sync::id::{BodyId, EventId, PostId, RecordId};
use sync::model::directory::{Directory, Entries, FileError, fold_revisions, plan, read_file};
use sync::model::directory::{Revision, RevisionBody};
use sync::model::petition::*;

/// When the petition of every test was logged: Tuesday 10 November 2026, 09:00 in Viet Nam.
pub const LOGGED: &str = "2026-11-10T09:00:00+07:00";

/// An instant.
pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a test writes RFC 3339")
}

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().expect("a test writes YYYY-MM-DD")
}

/// The `n`-th event id: ids are ordered as their numbers.
pub fn event_id(n: u128) -> EventId {
    EventId::from_bytes(n.to_be_bytes())
}

/// A petition logged at an instant: feedback from a hamlet, without a category.
pub fn facts_at(logged: Timestamp) -> Facts {
    Facts {
        hamlet: Some("30904-vt".into()),
        ..Facts::new(Kind::Feedback, "30904", Channel::Dialogue, "Đường vào ấp ngập nước", logged, "cb-30904")
    }
}

/// [`facts_at`] of [`LOGGED`].
pub fn facts() -> Facts {
    facts_at(time(LOGGED))
}

/// What one place has written and seen. Places part with [`History::apart`] and meet with [`History::join`].
#[derive(Debug, Clone)]
pub struct History {
    /// Every event, in the order written.
    pub events: Vec<Event>,
    seen: Vec<EventId>,
    next: u128,
    clock: Timestamp,
}

impl History {
    /// Only the logging.
    pub fn new() -> Self {
        History { events: Vec::new(), seen: Vec::new(), next: 1, clock: time(LOGGED) }
    }

    /// A place that has seen the same so far, and will number its events from `first_id`.
    pub fn apart(&self, first_id: u128) -> Self {
        History { next: first_id, ..self.clone() }
    }

    /// Both places have met: whoever writes next has seen everything.
    pub fn join(mut self, other: History) -> Self {
        for event in other.events {
            if !self.events.iter().any(|e| e.id == event.id) {
                self.events.push(event);
            }
        }
        self.seen = tips(&self.events);
        self.next = self.next.max(other.next);
        self.clock = self.clock.max(other.clock);
        self
    }

    /// The next event happens then.
    pub fn at(mut self, text: &str) -> Self {
        self.clock = time(text);
        self
    }

    /// An event of Front staff or an officer, one minute after the one before.
    pub fn does(self, action: Action) -> Self {
        self.write(None, action)
    }

    /// An event of a body.
    pub fn body(self, body: &str, action: Action) -> Self {
        self.write(Some(body.into()), action)
    }

    /// A referral by Front staff.
    pub fn refer(self, to: &str) -> Self {
        self.does(refer(to))
    }

    fn write(mut self, body: Option<BodyId>, action: Action) -> Self {
        let body = EventBody {
            action,
            at: self.clock,
            by: PostId::from("tn-30904"),
            after: Some(self.seen.clone()).filter(|seen| !seen.is_empty()),
            body,
            on_behalf: None,
            paper: None,
            stamped: None,
            imported: None,
        };
        self.events.push(Event { id: event_id(self.next), body });
        self.seen = vec![event_id(self.next)];
        self.next += 1;
        self.clock = self.clock.checked_add(1.minute()).expect("a test stays within the calendar");
        self
    }

    /// The event written last.
    pub fn last(&self) -> EventId {
        self.events.last().expect("something was written").id
    }

    /// Everything its events say, each counted under its own time.
    pub fn fold(&self) -> Folded {
        fold(&facts(), time(LOGGED), &self.events, |e| e.body.at)
    }

    /// The state they lead to.
    pub fn now(&self) -> Moment {
        self.fold().last().clone()
    }

    /// Where they lead.
    pub fn status(&self) -> Status {
        self.now().status
    }

    /// What the event written last did.
    pub fn last_effect(&self) -> Effect {
        effect(&self.fold(), self.last())
    }
}

/// What an event did.
pub fn effect(folded: &Folded, id: EventId) -> Effect {
    let found = folded.effects.iter().find(|(e, _)| *e == id);
    found.expect("every event has an effect").1.clone()
}

/// The codes of the bodies that hold a petition, leads first.
pub fn holders(moment: &Moment) -> Vec<&str> {
    moment.held.iter().map(|h| h.body.as_str()).collect()
}

/// To one body.
pub fn refer(to: &str) -> Action {
    refer_with(to, &[])
}

/// To a lead body and others.
pub fn refer_with(to: &str, with: &[&str]) -> Action {
    let with = Some(with.iter().map(|&b| b.into()).collect::<Vec<_>>()).filter(|w| !w.is_empty());
    Action::Refer { to: to.into(), with, due: None, note: None }
}

/// To one body, by a given day.
pub fn refer_due(to: &str, due: &str) -> Action {
    Action::Refer { to: to.into(), with: None, due: Some(day(due)), note: None }
}

/// On to another body.
pub fn transfer(to: &str) -> Action {
    Action::Transfer { to: to.into(), reason: "chuyển đúng thẩm quyền".to_owned() }
}

/// A kind and a category.
pub fn classify(kind: Kind, category: &str) -> Action {
    Action::Classify { kind: Some(kind), category: Some(category.into()) }
}

/// A fact put right.
pub fn correct(field: Field, value: &str) -> Action {
    Action::Correct { field, value: value.to_owned(), why: "ghi nhầm".to_owned() }
}

/// More time.
pub fn extend(until: &str) -> Action {
    Action::Extend { until: Some(day(until)), reason: "cần đo đạc".to_owned() }
}

/// An event of each kind; whatever needs a body goes to `to`.
pub fn action(kind: ActionKind, to: &str) -> Action {
    use ActionKind as K;
    let reason = || "lý do".to_owned();
    let text = || "nội dung".to_owned();
    let other = RecordId::from_bytes([9; 16]);
    match kind {
        K::Receive => Action::Receive,
        K::Classify => classify(Kind::Proposal, "land"),
        K::Refer => refer(to),
        K::Accept => Action::Accept,
        K::Return => Action::Return { reason: reason() },
        K::Transfer => transfer(to),
        K::Extend => extend("2026-12-31"),
        K::Pause => Action::Pause { reason: reason() },
        K::Resume => Action::Resume,
        K::Chase => Action::Chase { text: text() },
        K::Resolve => Action::Resolve { outcome: Outcome::Settled, text: text() },
        K::Answer => Action::Answer { means: AnswerMeans::InPerson, text: None },
        K::Rate => Action::Rate { satisfied: true, text: None },
        K::Close => Action::Close,
        K::Reopen => Action::Reopen { reason: reason() },
        K::Duplicate => Action::Duplicate { of: other },
        K::NotDuplicate => Action::NotDuplicate { of: other },
        K::Guide => Action::Guide { text: text() },
        K::File => Action::File { reason: reason() },
        K::Withdraw => Action::Withdraw { reason: reason() },
        K::Comment => Action::Comment { text: text() },
        K::Correct => correct(Field::Place, "đầu ấp"),
        K::Split => Action::Split { into: other },
    }
}

/// An event of a kind that needs no body named.
pub fn simple(kind: ActionKind) -> Action {
    action(kind, "nobody")
}

/// Reads a directory file over what is there.
pub fn apply_file(existing: &Entries, text: &str) -> Result<Entries, FileError> {
    let wanted = read_file(text, existing)?;
    let revisions = plan(existing, &wanted);
    Ok(revise(existing, revisions))
}

/// Entries after the changes of a plan, the way a replica folds them.
pub fn revise(
    existing: &Entries,
    changes: Vec<(sync::model::directory::EntityKind, String, sync::model::directory::Fields)>,
) -> Entries {
    let before = existing.iter().map(|((kind, id), fields)| (0, *kind, id.clone(), fields.clone()));
    let after = changes.into_iter().map(|(kind, id, fields)| (1, kind, id, fields));
    let revisions: Vec<Revision> = before
        .chain(after)
        .enumerate()
        .map(|(i, (depth, kind, entity, fields))| Revision {
            id: event_id(i as u128),
            body: RevisionBody { kind, entity, fields, at: time(LOGGED), by: "qt".into(), depth },
        })
        .collect();
    fold_revisions(&revisions)
}

/// Entries of a file that must be good.
pub fn entries(text: &str) -> Entries {
    apply_file(&Entries::new(), text).unwrap_or_else(|e| panic!("the test's directory file: {e}"))
}

/// The directory of a file that must be good.
pub fn directory(text: &str) -> Directory {
    Directory::from_entries(&entries(text))
}
