//! How devices reach the server: over the wire, by couriers, late, and at last all together.

use std::collections::{BTreeMap, BTreeSet};

use client_core::syncer::{SyncError, courier};
use jiff::SignedDuration;
use rand::{Rng, RngExt};
use server::store;

use super::{Bundle, Checked, World};
use crate::key::Key;
use crate::net::Fault;
use crate::planted::Planted;

impl World {
    /// Syncs; with a fault that is drawn unless one is given.
    pub(super) fn sync(&mut self, site: usize, fault: Option<Fault>) -> Checked {
        let quiet = fault.is_some();
        let fault = fault.unwrap_or_else(|| Fault::draw(&mut self.chance));
        // When everybody meets nobody does anything else.
        let work = if quiet { 0 } else { [0, 0, 4][self.chance.random_range(0..3)] };
        let (done, cut_cursor) = self.carry(site, fault, work)?;
        let target = &mut self.sites[site];
        target.note_acknowledged();
        let user = target.user;
        match &done {
            Ok(report) => self.say(format!("{user} syncs ({fault:?}): {report:?}")),
            Err(error) => self.say(format!("{user} syncs ({fault:?}): {error}")),
        }
        match (self.planted, cut_cursor, &done) {
            (Some(Planted::CursorBeforeData), Some(cursor), Err(SyncError::Cut)) => {
                let connection = self.sites[site].replica().connection();
                let sql = "UPDATE meta SET value = ?1 WHERE key = 'cursor'";
                connection.execute(sql, [cursor]).expect("written");
            }
            (Some(Planted::DropOnRefusal), ..) => {
                let connection = self.sites[site].replica().connection();
                connection.execute("DELETE FROM outbox WHERE state = 'refused'", []).expect("written");
            }
            _ => {}
        }
        match done {
            Ok(_) | Err(SyncError::Unreachable(_) | SyncError::Cut) => {}
            Err(other) => return Err(format!("{user}: a sync ended with {other:?}")),
        }
        self.waits_once(site)
    }

    /// Every piece of work waits once, to be sent or for its author.
    pub(super) fn waits_once(&mut self, site: usize) -> Checked {
        let site = &mut self.sites[site];
        match site.counts().into_iter().find(|(_, n)| *n > 1) {
            None => Ok(()),
            Some((key, n)) => Err(format!("{}: {key:?} waits {n} times", site.user)),
        }
    }

    pub(super) fn ask_courier(&mut self, site: usize) {
        let now = self.now;
        let chance = &mut self.chance;
        let target = &mut self.sites[site];
        let clock = target.clock(now);
        let made = courier::request(target.replica(), clock, &mut |b| chance.fill_bytes(b)).expect("a bundle");
        let line = format!("{} makes a bundle of {} changes", target.user, made.changes);
        self.requests.push(Bundle { site, file: made.file });
        self.say(line);
    }

    /// A file reaches the server, perhaps not for the first time.
    pub(super) fn answer_courier(&mut self) {
        if self.requests.is_empty() {
            return;
        }
        let which = self.chance.random_range(0..self.requests.len());
        let (site, now) = (self.requests[which].site, self.now);
        match self.served.bundle(&self.requests[which].file, now) {
            Ok(file) => {
                self.replies.push(Bundle { site, file });
                self.say(format!("the server answers a bundle of {}", self.sites[site].user));
            }
            Err(problem) => self.say(format!("the server refuses a bundle: {}", problem.detail())),
        }
        // Some files are carried again later.
        if self.chance.random_bool(0.6) {
            self.requests.remove(which);
        }
    }

    pub(super) fn apply_reply(&mut self) -> Checked {
        if self.replies.is_empty() {
            return Ok(());
        }
        let which = self.chance.random_range(0..self.replies.len());
        self.apply(which)
    }

    /// The same of a reply to this device.
    pub(super) fn apply_reply_here(&mut self, site: usize) -> Checked {
        match self.replies.iter().position(|reply| reply.site == site) {
            Some(which) => self.apply(which),
            None => Ok(()),
        }
    }

    fn apply(&mut self, which: usize) -> Checked {
        let Bundle { site, file } = self.replies.swap_remove(which);
        let (now, chance) = (self.now, &mut self.chance);
        let target = &mut self.sites[site];
        let clock = target.clock(now);
        let applied = courier::apply(target.replica(), &file, &|| clock, &mut |b| chance.fill_bytes(b));
        target.note_acknowledged();
        let line = format!("{} applies a reply: {applied:?}", target.user);
        self.say(line);
        match applied {
            Ok(_) | Err(courier::CourierError::NotAwaited | courier::CourierError::Stale) => {}
            Err(other) => return Err(format!("a true reply was not taken in: {other:?}")),
        }
        self.waits_once(site)
    }

    pub(super) fn deliver_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let which = self.chance.random_range(0..self.late.len());
        let letter = self.late.swap_remove(which);
        let now = self.now;
        let answered = self.served.sync(&letter, now);
        let outcome = answered.map_or_else(|p| p.kind().to_owned(), |_| "served".to_owned());
        self.say(format!("a late request arrives: {outcome}"));
    }

    /// Everybody syncs, over a link without faults, until there is nothing left to say.
    pub fn meet(&mut self) -> Checked {
        self.say("everybody meets".to_owned());
        self.sites.iter_mut().for_each(|s| s.offset = SignedDuration::ZERO);
        for _ in 0..8 {
            for site in 0..self.sites.len() {
                self.sync(site, Some(Fault::None))?;
            }
            let before = store::position(self.served.ledger().connection()).expect("a position");
            let mut quiet = true;
            for site in 0..self.sites.len() {
                self.sync(site, Some(Fault::None))?;
                quiet &= self.sites[site].waiting().pending.is_empty();
            }
            let position = store::position(self.served.ledger().connection()).expect("a position");
            if quiet && position == before {
                return Ok(());
            }
        }
        let stuck: BTreeMap<&str, BTreeSet<Key>> = self
            .sites
            .iter_mut()
            .map(|s| (s.user, s.waiting().pending.into_iter().collect()))
            .filter(|(_, keys): &(_, BTreeSet<Key>)| !keys.is_empty())
            .collect();
        Err(format!("work does not come to rest: {stuck:?}"))
    }
}
