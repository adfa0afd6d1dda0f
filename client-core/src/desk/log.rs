//! Logging a petition.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, AnswerMeans, Channel, Facts, Kind, Outcome};

use super::error::DeskError;
use super::heard::Heard;
use super::person::PersonForm;
use super::sealed::EntrustedView;
use super::{Desk, words};
use crate::command::{Command, NewEvent};
use crate::identity::Chance;

/// A petition to be logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct LogForm {
    /// Names the call, for whoever may have to repeat it: a new UUIDv7. An ordinary petition bears it; a sealed one must not
    /// tell the hour, and is only known again by it. Let go of it once the call is answered.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<RecordId>,
    /// What was said.
    pub text: String,
    /// A commune's code, or a hamlet's, which means both; may be left out in a session.
    pub unit: Option<String>,
    /// The session in which it was raised.
    pub session: Option<String>,
    /// How it was heard; the session's where there is one, else a reception.
    pub channel: Option<Channel>,
    /// A hamlet's code.
    pub hamlet: Option<String>,
    /// A category's code.
    pub category: Option<String>,
    /// What the law calls it; feedback unless said. A denunciation is always sealed.
    pub kind: Option<Kind>,
    /// Where it happens, in words.
    pub place: Option<String>,
    /// Needs to be done at once.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub urgent: bool,
    /// How many people have raised it.
    pub collective: Option<u32>,
    /// Answered on the spot, in these words.
    pub answered: Option<String>,
    /// For those alone who are entrusted.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub sealed: bool,
    /// Who spoke.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<PersonForm>"))]
    pub person: PersonForm,
    /// When; now unless said.
    pub at: Option<String>,
}

/// A petition that was logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Logged {
    /// The record.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// Its short code.
    pub code: String,
    /// Resolved and answered in the same breath.
    pub answered: bool,
    /// Who can open it, where it is sealed.
    pub entrusted: Option<EntrustedView>,
}

impl LogForm {
    fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Feedback)
    }

    /// Whether it becomes a sealed petition.
    pub fn seals(&self) -> bool {
        self.sealed || self.kind() == Kind::Denunciation
    }
}

impl Desk<'_> {
    /// Logs a petition, with who raised it, and with the answer that was given on the spot.
    pub fn log(&mut self, form: &LogForm) -> Result<Logged, DeskError> {
        if form.seals() {
            return self.log_sealed(form, form.kind());
        }
        let text = words::text(&form.text)?;
        let person = form.person.person();
        let answered = form.answered.as_deref().map(words::text).transpose()?;
        if let Some(id) = form.id
            && self.is_petition(id)?
        {
            return Ok(logged(id, form));
        }
        let Heard { at, session, unit, hamlet, category, channel } = self.heard(form)?;
        let by = self.post_to_log(&unit, hamlet.as_ref())?;
        let facts = Facts {
            category,
            hamlet,
            place: words::line(form.place.as_deref()),
            urgent: form.urgent,
            collective: form.collective,
            session,
            petitioner: person.is_some().then(|| EventId(self.new_id())),
            ..Facts::new(form.kind(), unit, channel, text, at, by)
        };
        let events = answered.map(|text| self.on_the_spot(text, &facts)).unwrap_or_default();
        let record = form.id.unwrap_or_else(|| RecordId(self.new_id()));
        let command = Command::LogPetition { record, facts, events };
        match person {
            Some(person) => {
                let chance = self.chance(self.now, None);
                self.replica.log_with_person(command, person, &chance, self.now)?
            }
            None => self.replica.execute(command, self.now)?,
        };
        Ok(logged(record, form))
    }

    /// Told at once, to the face or over the telephone: settled and answered in the same breath.
    fn on_the_spot(&mut self, text: String, facts: &Facts) -> Vec<NewEvent> {
        let means = if facts.channel == Channel::Hotline { AnswerMeans::Phone } else { AnswerMeans::InPerson };
        let actions = [Action::Resolve { outcome: Outcome::Settled, text }, Action::Answer { means, text: None }];
        actions.map(|a| NewEvent::new(EventId(self.new_id()), a, facts.at, facts.by.clone())).into()
    }

    /// Chance for one version of who spoke, with an id of a time where none is given.
    pub(super) fn chance(&mut self, at: Timestamp, version: Option<EventId>) -> Chance {
        let version = version.unwrap_or_else(|| EventId(self.new_id_at(at)));
        let mut chance = Chance { version, key: [0; 32], nonce: [0; 24] };
        (self.rng)(&mut chance.key);
        (self.rng)(&mut chance.nonce);
        chance
    }
}

fn logged(id: RecordId, form: &LogForm) -> Logged {
    Logged { id, code: sync::code::of(id), answered: form.answered.is_some(), entrusted: None }
}
