//! Why a directory file cannot be used.

use std::fmt;

use super::problem::Problem;
use crate::reason::Reason;

/// Problems told of one file; the others are counted.
const TOLD: usize = 5;

/// Why a directory file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No TOML.
    #[error("the directory file is not valid TOML: {message}")]
    Toml {
        /// Where reading stopped, from 1.
        line: usize,
        /// The parser's words, in one line.
        message: String,
    },
    /// A table, key or value that has no meaning here.
    #[error("{place}: {reason}")]
    Entry {
        /// Table and entry.
        place: FilePlace,
        /// What is wrong and what to write instead.
        reason: Reason,
    },
    /// Readable, but it contradicts itself.
    #[error("the directory does not hold together: {}", list(self.problems()))]
    Problems(Vec<Problem>),
}

/// Where in a directory file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilePlace {
    /// A key, a table or an entry, as it is written there: `zone`, `[calendar]`, `[[unit]] 30904`.
    Named(String),
    /// An entry that has no name yet.
    Nth {
        /// The name of its table.
        table: String,
        /// From 1.
        number: usize,
    },
}

impl FilePlace {
    /// Something that has a name.
    pub(super) fn named(name: &str) -> Self {
        FilePlace::Named(name.to_owned())
    }

    /// A table of entries.
    pub(super) fn table(name: &str) -> Self {
        FilePlace::Named(format!("[[{name}]]"))
    }

    /// What is wrong there.
    pub(super) fn is(&self, reason: Reason) -> FileError {
        FileError::Entry { place: self.clone(), reason }
    }
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FilePlace::Named(name) => f.write_str(name),
            FilePlace::Nth { table, number } => write!(f, "[[{table}]] no. {number}"),
        }
    }
}

impl FileError {
    /// The parser's error in a text.
    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        FileError::Toml { line: 1 + before.matches('\n').count(), message: error.to_string().replace('\n', " ") }
    }

    /// The first things that contradict each other, and how many more there are.
    pub fn problems(&self) -> (&[Problem], usize) {
        match self {
            FileError::Problems(problems) => {
                let told = problems.get(..TOLD).unwrap_or(problems);
                (told, problems.len() - told.len())
            }
            _ => (&[], 0),
        }
    }
}

fn list((told, more): (&[Problem], usize)) -> String {
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    let tail = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    told.join("; ") + &tail
}
