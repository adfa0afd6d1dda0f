//! Finding the header: registers open with titles, offices and years before their columns are named.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::super::mapping::Mapping;
use super::super::moment::Moment;
use super::cell::tidy_name;
use super::table::RawRow;

/// Rows looked at for a header.
pub(super) const ROWS_SEARCHED: usize = 50;

/// Letters in the longest column name; longer is a sentence.
const LONGEST_NAME: usize = 60;

/// How much a row looks like the header: all key columns, then the number of the mapping's columns, then cells.
pub(super) type Likeness = (bool, usize, usize);

/// How much `row` looks like the header the mapping speaks of.
pub(super) fn likeness(row: &RawRow, mapping: &Mapping) -> Likeness {
    let names: BTreeSet<String> = names(row).into_iter().collect();
    let keys = mapping.source.key.iter().all(|key| names.contains(key));
    let mapped = mapping.columns().into_iter().filter(|column| names.contains(*column)).count();
    (keys, mapped, row.cells.len())
}

/// The names in a row, tidied.
pub(super) fn names(row: &RawRow) -> Vec<String> {
    row.cells.iter().map(|cell| tidy_name(&cell.text())).collect()
}

/// Whether what stands where column names should is content: a number, a date, a sentence.
pub(super) fn is_content(headers: &[String]) -> bool {
    headers.iter().any(|name| {
        name.chars().count() > LONGEST_NAME
            || name.parse::<f64>().is_ok()
            || Moment::read(name, None, &TimeZone::UTC).is_some()
    })
}

/// Which of the first rows is the header: the one set, else the first with all key columns, else the one with
/// most of the mapping's columns, else the first with content. Nothing when there is no such row.
pub(super) fn find(rows: &[RawRow], mapping: &Mapping) -> Option<usize> {
    if let Some(line) = mapping.source.header_row {
        return rows.iter().position(|row| row.line == line);
    }
    let with_content = rows.iter().enumerate().filter(|(_, row)| row.cells.iter().any(|cell| !cell.is_blank()));
    let mut best: Option<(usize, usize)> = None;
    for (index, row) in with_content.take(ROWS_SEARCHED) {
        let (keys, mapped, _) = likeness(row, mapping);
        if keys {
            return Some(index);
        }
        if best.is_none_or(|(_, most)| mapped > most) {
            best = Some((index, mapped));
        }
    }
    best.map(|(index, _)| index)
}
