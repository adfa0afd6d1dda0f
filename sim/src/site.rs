//! One device: its replica, its clock, and what is remembered of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use client_core::command::Command;
use client_core::minutes::MinutesSeen;
use client_core::replica::Replica;
use jiff::{SignedDuration, Timestamp};

use crate::disk::copy;
use crate::key::{Key, keys};

/// A device and what the world remembers of it.
pub struct Site {
    pub user: &'static str,
    pub home: PathBuf,
    replica: Option<Replica>,
    /// How far its clock is off.
    pub offset: SignedDuration,
    /// Minutes that somebody has before him and will write in, whatever happens meanwhile.
    pub page: Option<MinutesSeen>,
    /// Commands it has done, in order.
    pub done: Vec<Vec<Key>>,
    /// Of those, what it has been told that the server has.
    pub acknowledged: BTreeSet<Key>,
    /// What went with a phone that was put back from an older copy before it was sent.
    pub gone: BTreeSet<Key>,
    /// It has been put back so that it could not know: its streams may have gone two ways.
    pub forked: bool,
    /// It has been put back, in whatever way.
    pub put_back: bool,
    /// An older copy: its folder, and how many commands had been done by then.
    pub copy: Option<(PathBuf, usize)>,
}

/// What waits in an outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    pub pending: Vec<Key>,
    pub refused: Vec<Key>,
}

/// No PIN to be waited for, and no key to be made: it has one.
fn open(home: &Path) -> Replica {
    let mut rng = |_: &mut [u8]| unreachable!("it is encrypted");
    Replica::open(home, None, Timestamp::UNIX_EPOCH, &mut rng).expect("a replica opens")
}

impl Site {
    pub fn open(user: &'static str, home: PathBuf) -> Self {
        let replica = Some(open(&home));
        Self {
            user,
            home,
            replica,
            offset: SignedDuration::ZERO,
            page: None,
            done: Vec::new(),
            acknowledged: BTreeSet::new(),
            gone: BTreeSet::new(),
            forked: false,
            put_back: false,
            copy: None,
        }
    }

    pub fn replica(&mut self) -> &mut Replica {
        self.replica.as_mut().expect("open")
    }

    /// The program dies and is started again.
    pub fn restart(&mut self) {
        self.replica = None;
        self.replica = Some(open(&self.home));
    }

    /// Its own clock.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        now.checked_add(self.offset).expect("a time")
    }

    /// The clock that commands are stamped with.
    pub fn stamp(&mut self, now: Timestamp) -> Timestamp {
        let device = self.clock(now);
        sync::model::time::truncate(self.replica().clock(device).expect("a clock"))
    }

    /// Keeps a copy of the folder.
    pub fn keep_copy(&mut self) {
        self.replica = None;
        let kept = self.home.with_extension("copy");
        let _ = std::fs::remove_dir_all(&kept);
        copy(&self.home, &kept);
        self.copy = Some((kept, self.done.len()));
        self.restart();
    }

    /// The phone is lost; its copy takes its place. What had not been sent since the copy was made is gone with it.
    /// `in_place`: into the same files, so that it cannot know.
    pub fn put_back(&mut self, in_place: bool) -> bool {
        let Some((kept, by_then)) = self.copy.clone() else { return false };
        self.forked |= in_place;
        self.put_back = true;
        let waiting = self.waiting();
        let unsent: BTreeSet<Key> = waiting.pending.into_iter().chain(waiting.refused).collect();
        let later: BTreeSet<Key> = self.done[by_then..].iter().flatten().cloned().collect();
        self.gone.extend(later.intersection(&unsent).cloned());
        self.replica = None;
        if in_place {
            for beside in ["replica.db-wal", "replica.db-shm"] {
                let _ = std::fs::remove_file(self.home.join(beside));
            }
        } else {
            // Moved away first: a file made anew at once might get the number of the one that was removed.
            let away = self.home.with_extension("away");
            let _ = std::fs::remove_dir_all(&away);
            std::fs::rename(&self.home, &away).expect("moved");
        }
        copy(&kept, &self.home);
        self.restart();
        true
    }

    /// What waits in the outbox.
    pub fn waiting(&mut self) -> Waiting {
        let connection = self.replica().connection();
        let mut select = connection.prepare_cached("SELECT state, command FROM outbox ORDER BY seq").expect("a table");
        let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
        let mut waiting = Waiting::default();
        for row in rows.expect("rows") {
            let (state, command) = row.expect("a row");
            let command: Command = serde_json::from_str(&command).expect("a command");
            let list = if state == "pending" { &mut waiting.pending } else { &mut waiting.refused };
            list.extend(keys(&command));
        }
        waiting
    }

    /// Whatever was done and waits no longer has been acknowledged.
    pub fn note_acknowledged(&mut self) {
        let waiting = self.waiting();
        let still: BTreeSet<Key> = waiting.pending.into_iter().chain(waiting.refused).collect();
        let gone = &self.gone;
        let done = self.done.iter().flatten().filter(|k| !still.contains(k) && !gone.contains(k));
        self.acknowledged.extend(done.cloned());
    }

    /// How often each key waits in the outbox, pending and refused.
    pub fn counts(&mut self) -> BTreeMap<Key, usize> {
        let waiting = self.waiting();
        let mut counts = BTreeMap::new();
        for key in waiting.pending.into_iter().chain(waiting.refused) {
            *counts.entry(key).or_default() += 1;
        }
        counts
    }
}
