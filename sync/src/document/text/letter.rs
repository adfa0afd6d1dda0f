//! One letter of a text, named so that it is found again wherever it stands.

use std::fmt;
use std::str::FromStr;

use automerge::{ActorId, Cursor};
use serde::{Deserialize, Serialize};

use crate::id::{EventId, IdError};

/// A letter. As text: Automerge's own cursor (`12@0a1b…`), or the name of a change and a number (`019a…#7`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Letter {
    /// By the operation that put it there. It stays the same for ever, once the server has taken the change.
    At {
        /// The operation's number.
        counter: u64,
        /// Whose stream it is in.
        actor: ActorId,
    },
    /// By its place among the letters that a named change puts in, from 0: as long as a change has not been taken it may
    /// be written again in another stream, with other operations, but with the same name and the same letters.
    Of {
        /// What the change is called.
        change: EventId,
        /// Which of its letters.
        nth: u64,
    },
}

impl Letter {
    /// The letter that was written so many letters later.
    pub(super) fn later(&self, by: u64) -> Self {
        match self {
            Letter::At { counter, actor } => Letter::At { counter: counter.saturating_add(by), actor: actor.clone() },
            Letter::Of { change, nth } => Letter::Of { change: *change, nth: nth.saturating_add(by) },
        }
    }
}

/// The cursor of an operation.
pub(super) fn cursor(counter: u64, actor: &ActorId) -> Option<Cursor> {
    Cursor::try_from(format!("{counter}@{actor}")).ok()
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Letter::At { counter, actor } => write!(f, "{counter}@{actor}"),
            Letter::Of { change, nth } => write!(f, "{change}#{nth}"),
        }
    }
}

impl FromStr for Letter {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { what: "letter" };
        if let Some((counter, actor)) = text.split_once('@') {
            let counter = counter.parse().map_err(|_| wrong())?;
            // No actor that anybody has is without bytes.
            let actor = actor.parse().ok().filter(|_| !actor.is_empty()).ok_or_else(wrong)?;
            return Ok(Letter::At { counter, actor });
        }
        let (change, nth) = text.split_once('#').ok_or_else(wrong)?;
        Ok(Letter::Of { change: change.parse()?, nth: nth.parse().map_err(|_| wrong())? })
    }
}

impl TryFrom<String> for Letter {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Letter> for String {
    fn from(letter: Letter) -> Self {
        letter.to_string()
    }
}

/// Letters that stand one behind the other and were written so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The first.
    pub first: Letter,
    /// How many.
    pub count: u64,
}

impl Run {
    /// Each of them.
    pub(super) fn letters(&self) -> impl Iterator<Item = Letter> + '_ {
        (0..self.count).map(|by| self.first.later(by))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_letter_reads_back_from_its_text() {
        let at = Letter::At { counter: 12, actor: ActorId::from([7u8; 16]) };
        let of = Letter::Of { change: EventId(Uuid::from_u128(9)), nth: 3 };
        assert_eq!(at.to_string(), format!("12@{}", "07".repeat(16)));
        assert_eq!(of.to_string(), "00000000-0000-0000-0000-000000000009#3");
        for letter in [at, of] {
            let json = serde_json::to_string(&letter).expect("JSON");
            assert_eq!(serde_json::from_str::<Letter>(&json).expect("a letter"), letter);
        }
    }

    #[test]
    fn a_letters_text_is_the_cursor_that_automerge_knows() {
        let actor = ActorId::from([0xab; 16]);
        let letter = Letter::At { counter: 12, actor: actor.clone() };
        assert_eq!(cursor(12, &actor).map(|c| c.to_string()), Some(letter.to_string()));
    }

    #[test]
    fn what_is_no_letter_is_refused() {
        for wrong in ["", "s", "é", "@", "#", "12@", "x@07", "12@0g", "-3@07", "9#1", "12", "@07"] {
            assert!(wrong.parse::<Letter>().is_err(), "{wrong}");
        }
    }
}
