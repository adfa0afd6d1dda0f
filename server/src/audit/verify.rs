//! Judging the audit: the lines by their own chain, and by the checkpoints that were written of them apart.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;

use super::anchor::{lines, read};
use super::checkpoint::Checkpoint;
use crate::error::ServerError;
use crate::keys::ServerKeys;
use crate::store::{self, Chain, each_audit_line};

/// Something that no honest server leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The line does not follow the one before it.
    Altered {
        /// Which.
        line: i64,
    },
    /// Numbers that no line has.
    Missing {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// They follow each other, and are not those that were confirmed.
    NotConfirmed {
        /// The first that may be another.
        from: i64,
        /// The last.
        to: i64,
        /// When they were confirmed, milliseconds since 1970.
        at: i64,
    },
    /// The database had more lines, and does not have the last ones any more.
    Cut {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
    },
    /// The server itself has found others, or none, in a database that had not been put back.
    Replaced {
        /// The first.
        from: i64,
        /// The last.
        to: i64,
        /// When it found that.
        at: i64,
    },
    /// A line of the file of checkpoints is not the server's, or not behind the one it was written behind.
    Checkpoint {
        /// Its number in the file.
        number: usize,
        /// The last line of the audit that is confirmed before it.
        line: i64,
    },
    /// There are lines, and no checkpoints.
    NoCheckpoints,
}

impl Wrong {
    /// From which line on the audit is not what it was.
    pub fn line(&self) -> i64 {
        match *self {
            Wrong::Altered { line } => line,
            Wrong::Missing { from, .. }
            | Wrong::NotConfirmed { from, .. }
            | Wrong::Cut { from, .. }
            | Wrong::Replaced { from, .. } => from,
            Wrong::Checkpoint { line, .. } => line + 1,
            Wrong::NoCheckpoints => 1,
        }
    }
}

/// Lines that were confirmed once, and went when the database was put back from a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The first.
    pub from: i64,
    /// The last.
    pub to: i64,
    /// When the copy was first served, milliseconds since 1970; none: it has not been yet.
    pub at: Option<i64>,
}

/// What became of it all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Lines there are.
    pub lines: i64,
    /// The first checkpoint's line: those up to it were there before there was a file.
    pub begun: Option<Confirmed>,
    /// The last checkpoint's.
    pub confirmed: Option<Confirmed>,
    /// What was lost with copies that were put back, in the order in which it happened.
    pub lost: Vec<Lost>,
    /// What is wrong, by line.
    pub wrong: Vec<Wrong>,
}

/// A line up to which the audit was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Which.
    pub line: i64,
    /// When, milliseconds since 1970.
    pub at: i64,
}

/// Judges the audit of a data folder. It works beside a running server, and changes nothing.
pub fn verify(data: &Path, conn: &Connection) -> Result<Verdict, ServerError> {
    let key = ServerKeys::read_receipt(data)?;
    // First the file, then the database, which by then has all that is confirmed.
    let file = read(data)?;
    let tx = conn.unchecked_transaction()?;
    let tenant = store::read_tenant(&tx)?;
    let (mut checkpoints, mut wrong, mut before) = (Vec::new(), Vec::new(), None);
    for (index, text) in lines(file.as_deref().unwrap_or_default()).enumerate() {
        let Some(found) = Checkpoint::verified(text, tenant.id, before, &key) else {
            let line = checkpoints.last().map_or(0, |last: &Checkpoint| last.line);
            wrong.push(Wrong::Checkpoint { number: index + 1, line });
            break;
        };
        checkpoints.push(found);
        before = Some(text);
    }
    let chains = Chains::read(&tx, &checkpoints, &mut wrong)?;
    let (standing, mut lost) = standing(&checkpoints, &chains, &mut wrong);
    if checkpoints.is_empty() && wrong.is_empty() && chains.last > 0 {
        wrong.push(Wrong::NoCheckpoints);
    }
    let mut shared = 0;
    for checkpoint in &standing {
        let Checkpoint { line, at, .. } = *checkpoint;
        if !chains.has(checkpoint) {
            if line <= chains.last {
                wrong.push(Wrong::NotConfirmed { from: shared + 1, to: line, at });
            }
            break;
        }
        shared = line;
    }
    let (from, counted) = (chains.last + 1, store::audit_counted(&tx)?);
    let confirmed = standing.last().map_or(0, |last| last.line);
    if counted < chains.last {
        wrong.push(Wrong::Altered { line: counted + 1 });
    }
    if counted > chains.last {
        wrong.push(Wrong::Cut { from, to: counted.max(confirmed) });
    } else if confirmed > chains.last {
        // It never had them: an older copy. Whoever serves it next begins another life of it, and says so in the file.
        lost.push(Lost { from, to: confirmed, at: None });
    }
    wrong.sort_by_key(Wrong::line);
    wrong.dedup();
    let of = |checkpoint: &Checkpoint| Confirmed { line: checkpoint.line, at: checkpoint.at };
    let (begun, confirmed) = (checkpoints.first().map(of), standing.last().map(of));
    Ok(Verdict { lines: chains.count, begun, confirmed, lost, wrong })
}

/// The lines as far as they are asked about.
struct Chains {
    of: HashMap<i64, Option<Chain>>,
    count: i64,
    last: i64,
}

impl Chains {
    /// Goes through the lines; of what is wrong with their own chain the first is noted, for all after it stands on it.
    fn read(conn: &Connection, checkpoints: &[Checkpoint], wrong: &mut Vec<Wrong>) -> Result<Self, ServerError> {
        let asked = checkpoints.iter().map(|checkpoint| (checkpoint.line, None));
        let mut chains = Self { of: asked.collect(), count: 0, last: 0 };
        if let Some(before_the_first) = chains.of.get_mut(&0) {
            *before_the_first = store::audit_chain(conn, 0)?;
        }
        let mut broken = false;
        each_audit_line(conn, |kept| {
            let line = kept.line.line;
            if !kept.follows && !std::mem::replace(&mut broken, true) {
                wrong.push(match line - chains.last {
                    1 => Wrong::Altered { line },
                    _ => Wrong::Missing { from: chains.last + 1, to: line - 1 },
                });
            }
            if let Some(place) = chains.of.get_mut(&line) {
                *place = Some(kept.chain);
            }
            (chains.count, chains.last) = (chains.count + 1, line);
        })?;
        Ok(chains)
    }

    /// Whether the lines up to a checkpoint are those that it confirms.
    fn has(&self, checkpoint: &Checkpoint) -> bool {
        self.of.get(&checkpoint.line).copied().flatten() == Some(checkpoint.chain)
    }
}

/// The checkpoints that speak of the lines as they went on, and what of the others was lost with copies put back. A copy is
/// known by the life that began with it: where none began, somebody has replaced what was confirmed.
fn standing(checkpoints: &[Checkpoint], chains: &Chains, wrong: &mut Vec<Wrong>) -> (Vec<Checkpoint>, Vec<Lost>) {
    let (mut standing, mut lost) = (Vec::<Checkpoint>::new(), Vec::new());
    for checkpoint in checkpoints {
        let Checkpoint { life, after, at, .. } = *checkpoint;
        if let Some(last) = standing.last().copied().filter(|last| last.line > after) {
            while standing.pop_if(|last| last.line > after).is_some() {}
            let (from, to) = (after + 1, last.line);
            match last.life == life {
                // What has come back since, with yet another copy, is not lost.
                _ if chains.has(&last) => {}
                true => wrong.push(Wrong::Replaced { from, to, at }),
                false => lost.push(Lost { from, to, at: Some(at) }),
            }
        }
        standing.push(*checkpoint);
    }
    (standing, lost)
}
