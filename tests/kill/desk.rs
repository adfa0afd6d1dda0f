//! A device, what was done on it, and what of that the server has acknowledged.

use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::rngs::StdRng;
use tempfile::TempDir;

use crate::common::Common;
use crate::support::{Json, Replica, assert_one_line, number};
use crate::task::{KINDS, Task};

/// So many changes waiting are enough.
const MOST_WAITING: u64 = 12;

/// A device at work.
pub struct Desk {
    replica: Replica,
    name: String,
    papers: TempDir,
    chance: StdRng,
    /// Everything that is known to be kept, in the order of work.
    words: Vec<String>,
    /// So many of them are known to be acknowledged.
    acknowledged: usize,
    /// What `status` said last.
    stands: Stands,
    /// How long each kind of task takes here.
    takes: [Duration; KINDS],
    done: u32,
    /// Commands killed, in time or not.
    pub kills: u64,
    /// Those that had not ended.
    pub running: u64,
    /// Those of them whose work had been kept all the same.
    pub landed: u64,
    /// Syncs that came to their end.
    pub synced: u64,
    /// Syncs that did not.
    pub cut: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Stands {
    pending: u64,
    petitions: u64,
}

impl Desk {
    /// With a new device's replica.
    pub fn open(replica: Replica, name: String, chance: StdRng) -> Self {
        Self {
            replica,
            name,
            papers: TempDir::new().expect("a folder"),
            chance,
            words: Vec::new(),
            acknowledged: 0,
            stands: Stands::default(),
            takes: [Duration::ZERO; KINDS],
            done: 0,
            kills: 0,
            running: 0,
            landed: 0,
            synced: 0,
            cut: 0,
        }
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its replica.
    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    /// Everything that was done on it.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// What of it the server has acknowledged.
    pub fn acknowledged(&self) -> &[String] {
        &self.words[..self.acknowledged]
    }

    /// How long a sync took when it was last measured.
    pub fn sync_takes(&self) -> Duration {
        self.takes[KINDS - 1]
    }

    /// Does one of each kind, to know how long it takes.
    pub fn measure(&mut self, common: &Common) {
        self.stands = self.status();
        for kind in 0..KINDS {
            self.do_wholly(kind, common);
        }
    }

    /// One command is killed somewhere between its start and its end; then the replica is looked at.
    pub fn be_killed_at_work(&mut self, common: &Common) {
        if self.chance.random_ratio(1, 10) {
            let kind = self.any_kind();
            self.do_wholly(kind, common);
        }
        let kind = self.any_kind();
        let task = self.task(kind, common);
        // At any time; and once more as often about its end, where it writes.
        let at_any_time = self.chance.random_ratio(1, 2);
        let part = self.chance.random_range(if at_any_time { 0.0..1.0 } else { 0.6..1.3 });
        let within = self.takes[kind].mul_f64(part);
        let mut child = quiet(self.replica.command(&task.args())).spawn().expect("langnghe starts");
        std::thread::sleep(within);
        // By its own handle. It may have ended by itself.
        let _ = child.kill();
        let out = child.wait_with_output().expect("langnghe has ended");
        let running = out.status.code().is_none();
        self.kills += 1;
        self.running += u64::from(running);
        if !running {
            assert!(out.status.success(), "{}: {task}: {}", self.name, String::from_utf8_lossy(&out.stderr));
        }
        let kept = self.judge(&task, whole_json(&out).as_ref());
        self.landed += u64::from(running && kept);
        if matches!(task, Task::Import { .. }) && self.chance.random_ratio(1, 2) {
            self.import_again(&task, kept);
        }
    }

    /// Something is written down, whatever the server does; then the server is asked, a few times if it is away. `begun`
    /// counts the times.
    pub fn work_and_sync(&mut self, common: &Common, begun: &AtomicU64) {
        // A push that takes longer than any server lives would never come to its end.
        let more = if self.stands.pending > MOST_WAITING { 0 } else { self.chance.random_range(1..=2) };
        for _ in 0..more {
            let kind = self.chance.random_range(0..KINDS - 1);
            self.do_wholly(kind, common);
        }
        for _ in 0..6 {
            begun.fetch_add(1, Ordering::Relaxed);
            if self.sync_if_it_is_there() {
                break;
            }
            std::thread::sleep(Duration::from_millis(self.chance.random_range(0..20)));
        }
    }

    /// Tells whether the sync came to its end. What it says then is true; else it says that the link failed.
    fn sync_if_it_is_there(&mut self) -> bool {
        let out = quiet(self.replica.command(&["sync"])).output().expect("langnghe starts");
        if out.status.success() {
            self.synced += 1;
            self.judge(&Task::Sync, whole_json(&out).as_ref());
            return true;
        }
        let said = String::from_utf8_lossy(&out.stderr);
        assert_one_line(&said);
        let of_the_link = ["không kết nối được máy chủ", "kết nối bị cắt giữa chừng"];
        assert!(of_the_link.iter().any(|l| said.contains(l)), "{}: the server is only away, but: {said}", self.name);
        self.cut += 1;
        self.judge(&Task::Sync, None);
        false
    }

    /// Most often a sync: it has the most stages.
    fn any_kind(&mut self) -> usize {
        if self.chance.random_ratio(1, 4) { KINDS - 1 } else { self.chance.random_range(0..KINDS) }
    }

    fn task(&mut self, kind: usize, common: &Common) -> Task {
        self.done += 1;
        let mark = format!("{} việc {}", self.name, self.done);
        Task::new(kind, &mark, self.papers.path(), common, &mut self.chance)
    }

    /// Lets a command come to its end.
    fn do_wholly(&mut self, kind: usize, common: &Common) {
        let task = self.task(kind, common);
        let start = Instant::now();
        let report = self.replica.run(&task.args());
        let (before, now) = (self.takes[kind], start.elapsed());
        // One that had to wait for others says little of the next.
        self.takes[kind] = match before {
            Duration::ZERO => now,
            _ if now < before => (before + now) / 2,
            _ => (before * 3 + now) / 4,
        };
        self.judge(&task, Some(&report));
    }

    /// After a register was killed on its way in, it is taken in again: what is there already is not there twice.
    fn import_again(&mut self, task: &Task, kept: bool) {
        let report = self.replica.run(&task.args());
        let rows = task.said().len() as u64;
        let counts = (number(&report, "added"), number(&report, "already"), number(&report, "refused"));
        let wanted = if kept { (0, rows, 0) } else { (rows, 0, 0) };
        assert_eq!(counts, wanted, "{}: added, already there, refused", self.name);
        if !kept {
            self.judge(task, Some(&report));
        }
    }

    /// Compares how the replica stands with how it stood before a command, of which `report` is what it said at its end.
    /// Tells whether its work was kept.
    fn judge(&mut self, task: &Task, report: Option<&Json>) -> bool {
        let (before, now) = (self.stands, self.status());
        self.stands = now;
        let name = &self.name;
        if let Task::Sync = task {
            assert!(now.pending <= before.pending, "{name}: a sync brought work: {before:?}, {now:?}");
            assert!(now.petitions >= before.petitions, "{name}: a sync lost petitions: {before:?}, {now:?}");
            if let Some(report) = report {
                assert_eq!((number(report, "pending"), number(report, "refused")), (0, 0), "{name}: {report}");
                assert!(number(report, "pushed") >= before.pending, "{name}: {before:?}: {report}");
                assert_eq!(now.pending, 0, "{name}: it was said to be sent: {report}");
            }
            if now.pending == 0 {
                self.acknowledged = self.words.len();
            }
            return now.pending < before.pending;
        }
        let changes = task.said().len() as u64;
        let new = now.pending.checked_sub(before.pending);
        let kept = new == Some(changes);
        assert!(kept || new == Some(0), "{name}: neither wholly nor not at all: {before:?}, {now:?}: {task}");
        let petitions = if kept { task.petitions() } else { 0 };
        assert_eq!(now.petitions, before.petitions + petitions, "{name}: petitions listed: {before:?}: {task}");
        assert!(kept || report.is_none(), "{name}: reported as done, but it is not there: {report:?}: {task}");
        if kept {
            self.words.extend_from_slice(task.said());
        }
        kept
    }

    /// Opens the replica.
    fn status(&self) -> Stands {
        let status = self.replica.run(&["status"]);
        assert_eq!(number(&status, "refused"), 0, "{}: {status}", self.name);
        Stands { pending: number(&status, "pending"), petitions: number(&status, "petitions") }
    }
}

fn quiet(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a command said if it said all of it.
fn whole_json(out: &Output) -> Option<Json> {
    out.stdout.ends_with(b"\n").then(|| serde_json::from_slice(&out.stdout).expect("one JSON value"))
}
