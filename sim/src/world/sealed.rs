//! Sealed petitions.

use client_core::command::Command;
use client_core::identity::{Chance, NewSealed};
use jiff::Timestamp;
use rand::Rng;
use sync::id::{EventId, RecordId};
use sync::identity::{Person, Words};
use sync::model::directory::Post;
use sync::model::petition::{Channel, Facts, Kind};
use sync::model::time::begin_of_day;

use super::World;
use crate::key::keys;

impl World {
    pub(super) fn log_sealed(&mut self, site: usize, post: &Post) {
        let stamp = self.sites[site].stamp(self.now);
        let replica = self.sites[site].replica();
        let unit = if post.id.as_str() == "cbb" { "b" } else { "a" };
        let Ok(Some(entrusted)) = replica.entrusted(&unit.into(), stamp) else { return };
        let day = begin_of_day(stamp, replica.directory().zone());
        let number = self.next();
        let record = RecordId(self.id(day));
        let facts = Facts {
            petitioner: Some(EventId(self.id(day))),
            sealed: Some(entrusted.office),
            ..Facts::new(Kind::Denunciation, unit, Channel::Letter, "", day, "")
        };
        let mut pseudonym = [0; 32];
        self.chance.fill_bytes(&mut pseudonym);
        let new = NewSealed {
            record,
            facts: facts.clone(),
            words: Words { text: format!("Lời kín {number}"), place: None },
            person: Person { name: Some(format!("Người {number}")), ..Person::default() },
            hamlet: None,
            session: None,
            at: stamp,
            post: post.id.clone(),
            chance: [self.one(day), self.one(day)],
            pseudonym,
        };
        let done = self.sites[site].replica().log_sealed(new, stamp);
        let user = self.sites[site].user;
        if done.is_ok() {
            let left = keys(&Command::LogPetition { record, facts, events: Vec::new() });
            self.say(format!("{user} logs a sealed petition {left:?}"));
            self.sites[site].done.push(left);
            self.sealed.push((record, site));
        }
    }

    fn one(&mut self, at: Timestamp) -> Chance {
        let mut chance = Chance { version: EventId(self.id(at)), key: [0; 32], nonce: [0; 24] };
        self.chance.fill_bytes(&mut chance.key);
        self.chance.fill_bytes(&mut chance.nonce);
        chance
    }
}
