//! Logging a sealed petition: what would tell who spoke, the place and time of it included, goes into what is sealed.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sync::document::petition::read;
use sync::id::{EventId, RecordId};
use sync::identity::Words;
use sync::model::petition::{Facts, Kind};
use sync::model::time::begin_of_day;

use super::error::DeskError;
use super::heard::Heard;
use super::log::{LogForm, Logged};
use super::{Desk, id_of, words};
use crate::identity::{Entrusted, IdentityError, NewSealed};
use crate::view::ViewError;

/// The truth about who will be able to read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct EntrustedView {
    /// The office's code.
    pub office: String,
    /// And its name.
    pub office_name: String,
    /// Somebody there is entrusted with sealed petitions.
    pub held: bool,
    /// How many of their devices are known here.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub devices: usize,
    /// The user is one of them; else nothing of it stays on this device once the server has it.
    pub yours: bool,
}

impl Desk<'_> {
    pub(super) fn log_sealed(&mut self, form: &LogForm, kind: Kind) -> Result<Logged, DeskError> {
        if form.answered.is_some() {
            return Err(DeskError::SealedAnswered);
        }
        let text = words::text(&form.text)?;
        let person = form.person.person().unwrap_or_default();
        if let Some(record) = self.sealed_before(form)? {
            return self.sealed_again(record);
        }
        let Heard { at, session, unit, hamlet, category, channel } = self.heard(form)?;
        let entrusted = self.replica.entrusted(&unit, self.now)?.ok_or(IdentityError::NoOffice)?;
        let post = self.replica.post_for_sealed(self.post.as_deref(), &unit, &entrusted.office, self.now)?.id;
        // An id made now would tell the hour.
        let day_begins = begin_of_day(at, self.replica.directory().zone());
        let record = match form.id {
            Some(call) => self.sealed_id(call, at),
            None => RecordId(self.new_id_at(day_begins)),
        };
        let facts = Facts {
            category,
            urgent: form.urgent,
            collective: form.collective,
            petitioner: Some(EventId(self.new_id_at(day_begins))),
            sealed: Some(entrusted.office.clone()),
            ..Facts::new(kind, unit, channel, "", day_begins, "")
        };
        let mut pseudonym = [0; 32];
        (self.rng)(&mut pseudonym);
        let new = NewSealed {
            record,
            facts,
            words: Words { text, place: words::line(form.place.as_deref()) },
            person,
            hamlet,
            session,
            at,
            post,
            chance: [self.chance(day_begins, None), self.chance(day_begins, None)],
            pseudonym,
        };
        self.replica.log_sealed(new, self.now)?;
        Ok(self.sealed(record, &entrusted))
    }

    /// The record of a call that the caller has named: its chance is the name's hash, from which nobody reads the name's own
    /// time, and its time the beginning of the day, as of every sealed petition's.
    fn sealed_id(&self, call: RecordId, at: Timestamp) -> RecordId {
        let hash = Sha256::new()
            .chain_update(b"langnghe sealed call 1\n")
            .chain_update(self.replica.identity().device.as_bytes())
            .chain_update(call.as_bytes())
            .finalize();
        let mut chance = [0; 10];
        chance.copy_from_slice(&hash[..10]);
        RecordId(id_of(begin_of_day(at, self.replica.directory().zone()), &chance))
    }

    /// What the call has logged before, where that still lies here. One that says no time may have been cut off at midnight.
    fn sealed_before(&self, form: &LogForm) -> Result<Option<RecordId>, DeskError> {
        let Some(call) = form.id else { return Ok(None) };
        let at = self.at(form.at.as_deref())?;
        let day_before = at.checked_sub(SignedDuration::from_hours(24)).ok().filter(|_| form.at.is_none());
        for at in [Some(at), day_before].into_iter().flatten() {
            let record = self.sealed_id(call, at);
            if self.is_petition(record)? {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// The same answer again.
    fn sealed_again(&self, record: RecordId) -> Result<Logged, DeskError> {
        let missing = || ViewError::NotHere { what: "đơn", id: record.to_string() };
        let document = self.replica.document(record)?.ok_or_else(missing)?;
        let unit = read(&document).map_err(ViewError::from)?.facts.unit;
        let entrusted = self.replica.entrusted(&unit, self.now)?.ok_or(IdentityError::NoOffice)?;
        Ok(self.sealed(record, &entrusted))
    }

    fn sealed(&self, id: RecordId, entrusted: &Entrusted) -> Logged {
        let office = self.replica.directory().office(&entrusted.office);
        let id_text = entrusted.office.to_string();
        let (code, name) =
            office.map_or_else(|| (id_text.clone(), id_text.clone()), |o| (o.code.clone(), o.name.clone()));
        let entrusted = EntrustedView {
            office: code,
            office_name: name,
            held: entrusted.held,
            devices: entrusted.devices,
            yours: entrusted.yours,
        };
        Logged { id, code: sync::code::of(id), answered: false, entrusted: Some(entrusted) }
    }
}
