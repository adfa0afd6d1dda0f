//! What is asked of a month.

use jiff::Timestamp;
use sync::id::OfficeId;

use super::month::Month;

/// What is asked. Nothing in it, and nothing in the answer, depends on when it is asked.
#[derive(Debug, Clone)]
pub struct Query {
    /// Which month.
    pub month: Month,
    /// Only what the server had admitted by then, whatever date it bears.
    pub as_of: Timestamp,
    /// Only units of these very offices (for what lies below one, ask with its `Directory::office_tree`); none: the whole
    /// tenant.
    pub offices: Option<Vec<OfficeId>>,
    /// Which breakdown the table and the CSV show; none: all.
    pub by: Option<By>,
}

/// The breakdowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// Commune at the month's end.
    Unit,
    /// Lead body at the month's end.
    Body,
    /// Subject matter at the month's end.
    Category,
    /// How it was heard.
    Channel,
    /// Legal kind at the month's end.
    Kind,
}

impl By {
    /// Every breakdown, in the order of the contract.
    pub const ALL: [By; 5] = [By::Unit, By::Body, By::Category, By::Channel, By::Kind];

    /// The word of the flag `--by`, and in CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            By::Unit => "unit",
            By::Body => "body",
            By::Category => "category",
            By::Channel => "channel",
            By::Kind => "kind",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<Self> {
        By::ALL.into_iter().find(|by| by.as_str() == text)
    }

    /// Its place among the keys of a case.
    pub(super) fn index(self) -> usize {
        self as usize
    }
}
