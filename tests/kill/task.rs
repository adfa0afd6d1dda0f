//! What a device does next.

use std::fmt;
use std::path::Path;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::common::Common;
use crate::support::speech;

/// One command.
#[derive(Debug, Clone)]
pub enum Task {
    /// A petition.
    Log { said: String },
    /// A comment on one of the common petitions.
    Comment { on: String, said: String },
    /// A paragraph of a common session's minutes.
    Minutes { of: String, said: String },
    /// A small register: one petition a row.
    Import { register: String, mapping: String, said: Vec<String> },
    /// Up and down.
    Sync,
}

/// How many kinds there are; [`Task::Sync`] is the last.
pub const KINDS: usize = 5;
const ROWS: usize = 4;
const MAPPING: &str = r#"
[source]
name = "so-tay"
key = "so"
[petition]
unit = { value = "30904" }
kind = { value = "feedback" }
channel = { value = "letter" }
text = { column = "noi_dung" }
logged_at = { column = "ngay", format = "%Y-%m-%d" }
"#;

impl Task {
    /// One of a kind. `mark`: nobody else's; `papers`: a folder for its files.
    pub fn new(kind: usize, mark: &str, papers: &Path, common: &Common, chance: &mut StdRng) -> Self {
        match kind {
            0 => Task::Log { said: said(mark, 4000, chance) },
            1 => Task::Comment { on: one_of(&common.petitions, chance), said: said(mark, 1000, chance) },
            2 => Task::Minutes { of: one_of(&common.sessions, chance), said: said(mark, 200, chance) },
            3 => {
                let said: Vec<String> = (1..=ROWS).map(|row| said(&format!("{mark}.{row}"), 2000, chance)).collect();
                let rows = said.iter().enumerate().map(|(n, said)| format!("{mark}.{n},2026-01-05,{said}\n"));
                let (register, mapping) = (papers.join(format!("{mark}.csv")), papers.join("so.toml"));
                std::fs::write(&register, format!("so,ngay,noi_dung\n{}", rows.collect::<String>())).expect("a file");
                std::fs::write(&mapping, MAPPING).expect("a file");
                let letters = |path: &Path| path.to_str().expect("a path of letters").to_owned();
                Task::Import { register: letters(&register), mapping: letters(&mapping), said }
            }
            _ => Task::Sync,
        }
    }

    /// As it is typed.
    pub fn args(&self) -> Vec<&str> {
        match self {
            Task::Log { said } => vec!["petition", "log", "--unit", "30904", "--text", said],
            Task::Comment { on, said } => vec!["petition", "comment", on, "--text", said],
            Task::Minutes { of, said } => vec!["session", "minutes", of, "--append", said],
            Task::Import { register, mapping, .. } => vec!["import", register, "--mapping", mapping],
            Task::Sync => vec!["sync"],
        }
    }

    /// What it writes down: a change each.
    pub fn said(&self) -> &[String] {
        match self {
            Task::Log { said } | Task::Comment { said, .. } | Task::Minutes { said, .. } => std::slice::from_ref(said),
            Task::Import { said, .. } => said,
            Task::Sync => &[],
        }
    }

    /// How many petitions it makes.
    pub fn petitions(&self) -> u64 {
        if matches!(self, Task::Log { .. } | Task::Import { .. }) { self.said().len() as u64 } else { 0 }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.said().first().map_or("", String::as_str);
        write!(f, "{} {first:.40}", self.args()[0])
    }
}

fn one_of(ids: &[String], chance: &mut StdRng) -> String {
    ids.choose(chance).expect("there are some").clone()
}

/// Marked at both ends, so that a part of it would be known as such.
fn said(mark: &str, most: usize, chance: &mut StdRng) -> String {
    let length = chance.random_range(10..most);
    format!("[{mark}] {} [{mark}]", speech(chance, length))
}
