//! Playing the script through the command line: each user's commands on that user's own replica, synced only when
//! somebody has to see what another has done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::error::DemoError;
use super::folder::Folder;
use super::program::{Programs, answer, text};
use super::replica::{KEPT, enrol};
use super::script::{Play, Script, Word, month_of};
use super::server::Server;

/// The replicas, and who has seen what.
pub struct Stage<'a> {
    programs: &'a Programs,
    folder: &'a Folder,
    server: &'a Server,
    homes: BTreeMap<String, PathBuf>,
    /// Ids by the script's keys.
    ids: BTreeMap<String, String>,
    /// Who has written a record since syncing last.
    unsent: BTreeMap<String, BTreeSet<String>>,
    /// Counts syncs; when a record last reached the server, and when a user last synced.
    tick: u64,
    sent: BTreeMap<String, u64>,
    seen: BTreeMap<String, u64>,
}

impl<'a> Stage<'a> {
    /// Nobody on it yet.
    pub fn new(programs: &'a Programs, folder: &'a Folder, server: &'a Server) -> Self {
        Self {
            programs,
            folder,
            server,
            homes: BTreeMap::new(),
            ids: BTreeMap::new(),
            unsent: BTreeMap::new(),
            tick: 0,
            sent: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Gives each user a replica; a user named twice has one.
    pub fn enrol<'u>(&mut self, users: impl Iterator<Item = &'u str>) -> Result<(), DemoError> {
        for user in users.collect::<BTreeSet<_>>() {
            let stays = KEPT.iter().any(|(name, _)| *name == user);
            let home = if stays { self.folder.replica(user) } else { self.folder.backstage().join(user) };
            enrol(self.programs, self.folder, self.server, user, &home)?;
            self.homes.insert(user.to_owned(), home);
        }
        println!("Đã đăng ký {} máy (replicas enrolled).", self.homes.len());
        Ok(())
    }

    /// Plays all of it, syncs everybody, and lets go of the replicas nobody will use.
    pub fn play(&mut self, script: &Script) -> Result<(), DemoError> {
        let plays = script.plays();
        for (done, play) in plays.iter().enumerate() {
            self.perform(play)?;
            let month = month_of(play.at);
            if plays.get(done + 1).is_none_or(|next| month_of(next.at) != month) {
                println!("  {month}: {}/{} việc (steps)", done + 1, plays.len());
            }
        }
        // First everybody gives, then everybody takes.
        let users: Vec<String> = self.homes.keys().cloned().collect();
        for user in users.iter().chain(&users) {
            self.sync(user)?;
        }
        let backstage = self.folder.backstage();
        std::fs::remove_dir_all(&backstage).map_err(|source| DemoError::file(&backstage, source))
    }

    fn perform(&mut self, play: &Play) -> Result<(), DemoError> {
        let own = (!play.makes).then_some(&play.record);
        let named = play.words.iter().filter_map(|word| match word {
            Word::Record(key) => Some(key),
            Word::Plain(_) => None,
        });
        let needed: BTreeSet<&String> = named.chain(own).collect();
        let writers = needed.iter().filter_map(|record| self.unsent.get(*record)).flatten();
        let others: BTreeSet<String> = writers.filter(|user| **user != play.user).cloned().collect();
        for other in &others {
            self.sync(other)?;
        }
        let seen = self.seen.get(&play.user).copied().unwrap_or_default();
        if needed.iter().any(|record| self.sent.get(*record).is_some_and(|sent| *sent > seen)) {
            self.sync(&play.user)?;
        }
        let mut command = self.programs.replica(self.home(&play.user)?, []);
        for word in &play.words {
            match word {
                Word::Plain(text) => command.arg(text),
                Word::Record(key) => command.arg(self.id(key)?),
            };
        }
        let answered = answer(&mut command)?;
        if play.makes {
            self.ids.insert(play.record.clone(), text(&answered, "id"));
        }
        self.unsent.entry(play.record.clone()).or_default().insert(play.user.clone());
        Ok(())
    }

    fn sync(&mut self, user: &str) -> Result<(), DemoError> {
        let told = answer(&mut self.programs.replica(self.home(user)?, ["sync"]))?;
        if told["refused"] != 0 || told["pending"] != 0 {
            let said = format!("{} refused, {} pending", told["refused"], told["pending"]);
            return Err(DemoError::Program { line: format!("langnghe sync ({user})"), said });
        }
        self.tick += 1;
        self.seen.insert(user.to_owned(), self.tick);
        for (record, writers) in &mut self.unsent {
            if writers.remove(user) {
                self.sent.insert(record.clone(), self.tick);
            }
        }
        Ok(())
    }

    fn home(&self, user: &str) -> Result<&PathBuf, DemoError> {
        self.homes.get(user).ok_or_else(|| DemoError::Script(format!("the user `{user}` is not enrolled")))
    }

    fn id(&self, key: &str) -> Result<&str, DemoError> {
        let id = self.ids.get(key).map(String::as_str);
        id.ok_or_else(|| DemoError::Script(format!("`{key}` is named before it is made")))
    }
}
