//! What happens, step by step.

use std::collections::{BTreeMap, BTreeSet};

use client_core::command::{Command, DirectoryChange, NewEvent};
use client_core::syncer::{self, SyncError, courier};
use client_core::view::{Page, PetitionFilter, petitions};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use sync::id::{EventId, RecordId};
use sync::model::directory::Role;
use sync::model::petition::{Channel, Facts, Kind};
use sync::model::session::SessionFacts;
use sync::model::time::local_date;
use tempfile::TempDir;

use crate::act::actions;
use crate::directory::{USERS, change};
use crate::key::{Key, keys};
use crate::net::{Fault, Wire};
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
            served: Served::open(&data),
            sites,
            now: begins(),
            chance,
            planted,
            late: Vec::new(),
            requests: Vec::new(),
            replies: Vec::new(),
            sessions: Vec::new(),
            number: 0,
            trace: Vec::new(),
            _folder: folder,
        }
    }

    pub fn into_trace(self) -> Vec<String> {
        self.trace
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
        match self.chance.random_range(0..42) {
            0..=3 => self.log(site),
            4..=12 => self.touch(site),
            13 | 14 => self.write_minutes(site),
            15..=25 => return self.sync(site, None),
            26 => {
                self.sites[site].restart();
                self.say(format!("{} restarts", self.sites[site].user));
            }
            27 => {
                self.served.restart();
                self.say("the server restarts".to_owned());
            }
            28 => {
                self.sites[site].keep_copy();
                self.say(format!("{} is copied", self.sites[site].user));
            }
            29 => {
                if self.sites[site].put_back() {
                    self.say(format!("{} is put back from its copy", self.sites[site].user));
                }
            }
            30 => {
                let minutes = [0, 0, 20, -45, 190, -60 * 26, 60 * 50][self.chance.random_range(0..7)];
                self.sites[site].offset = SignedDuration::from_mins(minutes);
                self.say(format!("{}'s clock is {minutes} minutes off", self.sites[site].user));
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
            _ => self.retry(site),
        }
        Ok(())
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

    fn log(&mut self, site: usize) {
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let posts = self.sites[site].replica().posts(stamp);
        let post = posts.iter().find(|p| matches!(p.role, Role::Officer | Role::FrontStaff)).map(|p| (*p).clone());
        let Some(post) = post else { return };
        let number = self.next();
        let unit = if post.id.as_str() == "cbb" { "b" } else { "a" };
        let hamlet = match (post.id.as_str(), self.chance.random_range(0..3)) {
            ("ap1", _) | ("cb", 0) => Some("a1".into()),
            ("cb", 1) => Some("a2".into()),
            _ => None,
        };
        let long = self.chance.random_range(0..12) == 0;
        let text = if long {
            let letters = (0..20_000).map(|_| self.chance.random_range('a'..='z')).collect::<String>();
            format!("Lời {number} {letters}")
        } else {
            format!("Lời {number}")
        };
        let facts = Facts {
            kind: Kind::Feedback,
            category: (self.chance.random_range(0..3) == 0).then(|| "roads".into()),
            unit: unit.into(),
            hamlet,
            channel: Channel::Letter,
            text,
            place: None,
            urgent: false,
            collective: None,
            session: None,
            petitioner: None,
            at: stamp,
            stamped: None,
            by: post.id.clone(),
            split_from: None,
            source: None,
        };
        let record = RecordId(self.id(stamp));
        self.execute(site, Command::LogPetition { record, facts, events: Vec::new() });
    }

    fn held(&mut self, site: usize) -> Vec<RecordId> {
        let rows = petitions(self.sites[site].replica(), &PetitionFilter::default(), Page::default(), self.now);
        rows.expect("a list").into_iter().map(|row| row.id).collect()
    }

    /// Something is done to a petition, by this device or the next that holds one.
    fn touch(&mut self, site: usize) {
        let sites = self.sites.len();
        let holder = (0..sites).map(|n| (site + n) % sites).find(|site| !self.held(*site).is_empty());
        let Some(site) = holder else { return };
        let held = self.held(site);
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let record = held[self.chance.random_range(0..held.len())];
        let other = held[self.chance.random_range(0..held.len())];
        let number = self.next();
        let mut actions = actions(other, number);
        let turn = self.chance.random_range(0..actions.len());
        actions.rotate_left(turn);
        let posts: Vec<(String, Option<String>)> = self.sites[site]
            .replica()
            .posts(stamp)
            .iter()
            .map(|p| (p.id.to_string(), p.body.as_ref().map(ToString::to_string)))
            .collect();
        for action in actions {
            for (post, body) in &posts {
                let id = EventId(self.id(stamp));
                let event = NewEvent {
                    body: body.as_deref().map(Into::into),
                    ..NewEvent::new(id, action.clone(), stamp, post.as_str().into())
                };
                if self.execute(site, Command::PetitionEvent { record, event }) {
                    return;
                }
            }
        }
    }

    fn write_minutes(&mut self, site: usize) {
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        if self.sessions.is_empty() || self.chance.random_range(0..6) == 0 {
            let record = RecordId(self.id(stamp));
            let posts = self.sites[site].replica().posts(stamp);
            let Some(post) = posts.first().map(|p| p.id.clone()) else { return };
            let facts = SessionFacts {
                kind: Channel::Dialogue,
                unit: "a".into(),
                at: stamp,
                stamped: None,
                title: None,
                chair: None,
                present: None,
                by: post,
            };
            if self.execute(site, Command::OpenSession { record, facts }) {
                self.sessions.push(record);
            }
            return;
        }
        let record = self.sessions[self.chance.random_range(0..self.sessions.len())];
        let number = self.next();
        self.execute(site, Command::AppendMinutes { record, text: format!("Đoạn số {number}.") });
    }

    fn change_directory(&mut self) {
        let site = self.sites.len() - 1;
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let day = local_date(stamp, self.sites[site].replica().directory().zone());
        let changes = change(&mut self.chance, day);
        let changes = changes.into_iter().map(|(kind, entity, fields)| {
            let revision = EventId(self.id(stamp));
            DirectoryChange { revision, kind, entity: entity.to_owned(), fields }
        });
        let changes: Vec<DirectoryChange> = changes.collect();
        let told: Vec<String> = changes.iter().map(|c| format!("{} {:?}", c.entity, c.fields)).collect();
        if self.execute(site, Command::Directory { changes, at: stamp, by: "qt".into() }) {
            self.say(format!("the directory: {}", told.join("; ")));
        }
    }

    /// Syncs; with a fault that is drawn unless one is given.
    pub fn sync(&mut self, site: usize, fault: Option<Fault>) -> Checked {
        let fault = fault.unwrap_or_else(|| Fault::draw(&mut self.chance));
        let now = self.now;
        let hasty = self.planted == Some(Planted::AcknowledgeBeforeCommit);
        let chance = &mut self.chance;
        let mut wire = Wire { served: &mut self.served, now, fault, late: &mut self.late, hasty, cut_cursor: None };
        let target = &mut self.sites[site];
        let before = target.waiting();
        let clock = target.clock(now);
        let done = syncer::sync(target.replica(), &mut wire, &|| clock, &mut |b| chance.fill_bytes(b));
        let cut_cursor = wire.cut_cursor.take();
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
        self.refused_once(site, &before.refused)
    }

    /// Every refusal is told once: what was refused before is not refused again.
    fn refused_once(&mut self, site: usize, _before: &[Key]) -> Checked {
        let site = &mut self.sites[site];
        match site.counts().into_iter().find(|(_, n)| *n > 1) {
            None => Ok(()),
            Some((key, n)) => Err(format!("{}: {key:?} waits {n} times", site.user)),
        }
    }

    fn ask_courier(&mut self, site: usize) {
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
    fn answer_courier(&mut self) {
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

    fn apply_reply(&mut self) -> Checked {
        if self.replies.is_empty() {
            return Ok(());
        }
        let which = self.chance.random_range(0..self.replies.len());
        let Bundle { site, file } = self.replies.swap_remove(which);
        let (now, chance) = (self.now, &mut self.chance);
        let target = &mut self.sites[site];
        let before = target.waiting();
        let clock = target.clock(now);
        let applied = courier::apply(target.replica(), &file, &|| clock, &mut |b| chance.fill_bytes(b));
        target.note_acknowledged();
        let line = format!("{} applies a reply: {applied:?}", target.user);
        self.say(line);
        match applied {
            Ok(_) | Err(courier::CourierError::NotAwaited | courier::CourierError::Stale) => {}
            Err(other) => return Err(format!("a true reply was not taken in: {other:?}")),
        }
        self.refused_once(site, &before.refused)
    }

    fn deliver_late(&mut self) {
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

    fn retry(&mut self, site: usize) {
        let now = self.now;
        let target = &mut self.sites[site];
        let stamp = target.stamp(now);
        let refused = target.replica().refused().expect("a list");
        if refused.is_empty() {
            return;
        }
        let which = self.chance.random_range(0..refused.len());
        let done = target.replica().retry(refused[which].id, stamp);
        let line = format!("{} tries {} again: {}", target.user, refused[which].command.name(), done.is_ok());
        self.say(line);
    }

    /// Everybody syncs, over a link without faults, until there is nothing left to say.
    pub fn meet(&mut self) -> Checked {
        self.say("everybody meets".to_owned());
        self.sites.iter_mut().for_each(|s| s.offset = SignedDuration::ZERO);
        for _ in 0..8 {
            for site in 0..self.sites.len() {
                self.sync(site, Some(Fault::None))?;
            }
            let position =
                self.served.ledger().connection().query_row("SELECT position FROM counter", [], |r| r.get::<_, i64>(0));
            let before = position.expect("a position");
            let mut quiet = true;
            for site in 0..self.sites.len() {
                self.sync(site, Some(Fault::None))?;
                quiet &= self.sites[site].waiting().pending.is_empty();
            }
            let position =
                self.served.ledger().connection().query_row("SELECT position FROM counter", [], |r| r.get::<_, i64>(0));
            if quiet && position.expect("a position") == before {
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
