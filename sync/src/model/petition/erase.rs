//! A petition without what was said in it. What happened to it, when, and by whom stays: it is counted as before.

use jiff::Timestamp;

use super::action::{Action, Field};
use super::event::Event;
use super::facts::Facts;

/// What stands where words have been taken out.
pub const TAKEN_OUT: &str = "[…]";

/// Which words go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// What the person said: the text, the place, and their corrections.
    OfThePerson,
    /// Also what everybody has written of it since: reasons, results, answers, comments.
    OfEverybody,
}

/// The facts and events without those words.
pub fn without_words(facts: &Facts, events: &[Event], words: Words, at: Timestamp) -> (Facts, Vec<Event>) {
    let facts = Facts {
        text: if facts.text.is_empty() { String::new() } else { TAKEN_OUT.to_owned() },
        place: None,
        erased: Some(at),
        ..facts.clone()
    };
    let events = events.iter().cloned().map(|mut event| {
        event.body.action = without(event.body.action, words);
        event
    });
    (facts, events.collect())
}

fn without(action: Action, words: Words) -> Action {
    let all = words == Words::OfEverybody;
    let out = || TAKEN_OUT.to_owned();
    let text = |said: String| if all && !said.is_empty() { out() } else { said };
    let maybe = |said: Option<String>| said.map(text);
    match action {
        Action::Correct { field: Field::Text, .. } => Action::Correct { field: Field::Text, value: out(), why: out() },
        Action::Correct { field: Field::Place, .. } => {
            Action::Correct { field: Field::Place, value: String::new(), why: out() }
        }
        Action::Correct { field, value, why } => Action::Correct { field, value, why: text(why) },
        Action::Refer { to, with, due, note } => Action::Refer { to, with, due, note: maybe(note) },
        Action::Return { reason } => Action::Return { reason: text(reason) },
        Action::Transfer { to, reason } => Action::Transfer { to, reason: text(reason) },
        Action::Extend { until, reason } => Action::Extend { until, reason: text(reason) },
        Action::Pause { reason } => Action::Pause { reason: text(reason) },
        Action::Chase { text: said } => Action::Chase { text: text(said) },
        Action::Resolve { outcome, text: said } => Action::Resolve { outcome, text: text(said) },
        Action::Answer { means, text: said } => Action::Answer { means, text: maybe(said) },
        Action::Rate { satisfied, text: said } => Action::Rate { satisfied, text: maybe(said) },
        Action::Reopen { reason } => Action::Reopen { reason: text(reason) },
        Action::Guide { text: said } => Action::Guide { text: text(said) },
        Action::File { reason } => Action::File { reason: text(reason) },
        Action::Withdraw { reason } => Action::Withdraw { reason: text(reason) },
        Action::Comment { text: said } => Action::Comment { text: text(said) },
        Action::Receive
        | Action::Classify { .. }
        | Action::Accept
        | Action::Resume
        | Action::Close
        | Action::Duplicate { .. }
        | Action::NotDuplicate { .. }
        | Action::Split { .. } => action,
    }
}
