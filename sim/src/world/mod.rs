//! What happens, step by step.

mod busy;
mod links;
mod machines;
mod people;
mod sealed;

use std::collections::{BTreeMap, BTreeSet};

use client_core::command::Command;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use sync::id::RecordId;
use tempfile::TempDir;

use crate::directory::USERS;
use crate::held::Place;
use crate::key::{Key, keys};
use crate::planted::Planted;
use crate::served::{Letter, Served};
use crate::site::Site;
use crate::template::{Template, begins};

/// A courier's file.
struct Bundle {
    site: usize,
    file: Vec<u8>,
}

/// Everything of one seed.
pub struct World {
    pub served: Served,
    pub sites: Vec<Site>,
    pub now: Timestamp,
    chance: StdRng,
    planted: Option<Planted>,
    late: Vec<Letter>,
    requests: Vec<Bundle>,
    replies: Vec<Bundle>,
    sessions: Vec<RecordId>,
    /// Sealed petitions, each with the device it was logged on.
    pub sealed: Vec<(RecordId, usize)>,
    /// Who was entrusted from the beginning has given the post up, be it for a while.
    pub entrusted_left: bool,
    /// What went with the machines: no copy, no phone and no outbox has it.
    pub lost: BTreeSet<Key>,
    /// Where what the server has lost, and can be given back, stood in its log.
    pub placed: BTreeMap<Key, Place>,
    /// The server was put back.
    pub server_put_back: bool,
    /// The server was put back without knowing it: from then on places may be given twice.
    pub blurred: bool,
    /// Says what may be made up only once.
    number: usize,
    trace: Vec<String>,
    _folder: TempDir,
}

/// What is not as it must be.
pub type Checked = Result<(), String>;

impl World {
    pub fn new(template: &Template, chance: StdRng, planted: Option<Planted>) -> Self {
        let (folder, data) = template.fresh();
        let sites = USERS.iter().map(|user| Site::open(user, folder.path().join(user))).collect();
        Self {
            served: Served::open(&data, begins()),
            sites,
            now: begins(),
            chance,
            planted,
            late: Vec::new(),
            requests: Vec::new(),
            replies: Vec::new(),
            sessions: Vec::new(),
            sealed: Vec::new(),
            entrusted_left: false,
            lost: BTreeSet::new(),
            placed: BTreeMap::new(),
            server_put_back: false,
            blurred: false,
            number: 0,
            trace: Vec::new(),
            _folder: folder,
        }
    }

    pub fn into_trace(self) -> Vec<String> {
        self.trace
    }

    /// What waits refused with its author, and why.
    pub fn say_what_is_refused(&mut self) {
        let refused = self.sites.iter_mut().flat_map(|s| {
            let user = s.user;
            let waiting = s.replica().refused().expect("an outbox");
            waiting.into_iter().map(move |w| format!("{user}'s {:?} waits: {}", keys(&w.command), w.reason()))
        });
        let lines: Vec<String> = refused.collect();
        lines.into_iter().for_each(|line| self.say(line));
    }

    /// Commands done, and refused at the end.
    pub fn counts(&mut self) -> (usize, usize) {
        let done = self.sites.iter().map(|s| s.done.len()).sum();
        let refused = self.sites.iter_mut().map(|s| s.waiting().refused.len()).sum();
        (done, refused)
    }

    fn say(&mut self, line: String) {
        let at = self.now.strftime("%m-%d %H:%M");
        self.trace.push(format!("{at} {line}"));
    }

    /// Something happens.
    pub fn step(&mut self) -> Checked {
        let site = self.chance.random_range(0..self.sites.len());
        match self.chance.random_range(0..48) {
            0..=3 => self.log(site),
            4..=12 => self.touch(site),
            13 | 14 | 44.. => self.write_minutes(site),
            15..=25 => return self.sync(site, None),
            26 => {
                self.sites[site].restart();
                self.say(format!("{} restarts", self.sites[site].user));
            }
            27 => {
                self.served.restart(self.now);
                self.say("the server restarts".to_owned());
            }
            28 => {
                self.sites[site].keep_copy();
                self.say(format!("{} is copied", self.sites[site].user));
            }
            29 => {
                self.put_back_site(site);
            }
            30 => {
                self.set_clock(site);
            }
            31..=33 => {
                let minutes = [3, 40, 300, 60 * 30][self.chance.random_range(0..4)];
                self.now = self.now.checked_add(SignedDuration::from_mins(minutes)).expect("a time");
            }
            34 => self.change_directory(),
            35 | 36 => self.ask_courier(site),
            37 | 38 => self.answer_courier(),
            39 => return self.apply_reply(),
            40 => self.deliver_late(),
            41 => {
                self.served.keep_copy(self.now);
                self.say("the server is copied".to_owned());
            }
            42 => self.put_back_server(),
            _ => self.retry(site),
        }
        Ok(())
    }

    fn set_clock(&mut self, site: usize) {
        // Three minutes the server lets pass.
        let minutes = [0, 0, 3, 20, -45, 190, -60 * 26, 60 * 50][self.chance.random_range(0..8)];
        self.sites[site].offset = SignedDuration::from_mins(minutes);
        self.say(format!("{}'s clock is {minutes} minutes off", self.sites[site].user));
    }

    fn id(&mut self, at: Timestamp) -> uuid::Uuid {
        let mut random = [0; 10];
        self.chance.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(at.as_millisecond().unsigned_abs(), &random).into_uuid()
    }

    fn next(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    /// Does a command if the replica lets it pass.
    fn execute(&mut self, site: usize, command: Command) -> bool {
        let now = self.now;
        let site = &mut self.sites[site];
        let stamp = site.stamp(now);
        let left = keys(&command);
        let name = command.name();
        match site.replica().execute(command, stamp) {
            Ok(_) => {
                let line = format!("{} does {name} {left:?}", site.user);
                site.done.push(left);
                self.say(line);
                true
            }
            Err(_) => false,
        }
    }
}
