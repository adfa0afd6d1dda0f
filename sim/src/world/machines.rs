//! Machines that are put back from copies, and what goes with them.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use rand::RngExt;

use super::World;
use crate::held::{Held, places};
use crate::key::Key;
use crate::served::Way;

impl World {
    pub(super) fn put_back_site(&mut self, site: usize) {
        let in_place = self.chance.random_bool(0.3);
        if self.sites[site].put_back(in_place) {
            let how = if in_place { ", and cannot know" } else { "" };
            self.say(format!("{} is put back from its copy{how}", self.sites[site].user));
            self.note_lost();
        }
    }

    /// The server's disk is lost, and a copy of the database takes its place.
    pub(super) fn put_back_server(&mut self) {
        let before = places(self.served.ledger().connection());
        let way = [Way::SameMachine, Way::Elsewhere, Way::Unnoticed][self.chance.random_range(0..3)];
        // It is not done in a minute.
        self.now = self.now.checked_add(SignedDuration::from_hours(1)).expect("a time");
        if !self.served.put_back(way, self.now) {
            return;
        }
        self.server_put_back = true;
        self.say(format!("the server is put back from its copy: {way:?}"));
        let now = places(self.served.ledger().connection());
        let gone = before.into_iter().filter(|(key, _)| !now.contains_key(key));
        if way == Way::Unnoticed {
            // Its places may have been given to others when it comes back.
            self.blurred = true;
        } else if !self.blurred {
            // The place it had first is the one it must have at the end.
            gone.for_each(|(key, place)| {
                self.placed.entry(key).or_insert(place);
            });
        }
        self.note_lost();
    }

    /// What the server has lost and no device has been told of by it went with the machines. An author that has not been
    /// answered sends it again.
    fn note_lost(&mut self) {
        let server = Held::at_server(self.served.ledger().connection());
        let told: Vec<Held> = self.sites.iter_mut().map(Held::told).collect();
        let waits: BTreeSet<Key> = self
            .sites
            .iter_mut()
            .flat_map(|s| {
                let waiting = s.waiting();
                waiting.pending.into_iter().chain(waiting.refused)
            })
            .collect();
        let done: BTreeSet<Key> = self.sites.iter().flat_map(|s| s.done.iter().flatten().cloned()).collect();
        for key in done.into_iter().filter(|k| !server.has(k)) {
            if told.iter().any(|held| held.has(&key)) {
                continue;
            }
            // Without a receipt it takes the place it is given when it comes again.
            self.placed.remove(&key);
            if waits.contains(&key) {
                // Its author has forgotten that it had arrived, and brings it as if for the first time.
                self.sites.iter_mut().for_each(|s| _ = s.acknowledged.remove(&key));
            } else {
                self.lost.insert(key);
            }
        }
    }
}
