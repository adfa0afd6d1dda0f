//! Every number opens: the petitions behind a figure.

use sync::id::RecordId;

use super::figure::Figure;
use super::gather::Cases;
use super::query::By;

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// All petitions counted.
    Totals,
    /// One of the breakdowns.
    By(By),
}

/// A breakdown has no such key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("báo cáo không có mục “{key}” trong phần `{section}`; dùng một mã đang có trong báo cáo")]
pub struct KeyUnknown {
    section: &'static str,
    key: String,
}

impl Cases<'_> {
    /// The petitions that a figure counts, oldest first. `key` is the row's key as the report shows it (none: the row
    /// under nothing); for the totals it is not looked at.
    pub fn behind(&self, section: Section, key: Option<&str>, figure: Figure) -> Result<Vec<RecordId>, KeyUnknown> {
        Ok(self.behind_number(section, self.number_of(section, key)?, figure))
    }

    /// The same, for a key's number.
    pub(super) fn behind_number(&self, section: Section, key: u32, figure: Figure) -> Vec<RecordId> {
        let counted = self.list.iter().filter(|case| case.counts(section, key, figure));
        let mut found: Vec<(i64, RecordId)> = counted.map(|case| (case.logged_at, case.record)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, record)| record).collect()
    }

    fn number_of(&self, section: Section, key: Option<&str>) -> Result<u32, KeyUnknown> {
        let Section::By(by) = section else { return Ok(0) };
        let mut keys = (0u32..).zip(self.keys.of(by));
        keys.find(|(_, k)| k.key.as_deref() == key)
            .map(|(number, _)| number)
            .ok_or_else(|| KeyUnknown { section: by.as_str(), key: key.unwrap_or("null").chars().take(80).collect() })
    }
}
