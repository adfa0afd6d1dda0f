//! Sums over cases.

use super::behind::Section;
use super::case::Case;
use super::figure::Figure;
use super::gather::Cases;
use super::query::By;
use super::row::{Figures, KeyRow};

/// One counter for each figure, and the days of the resolved.
#[derive(Clone)]
struct Counters {
    counts: [u64; Figure::COUNT],
    days: Vec<u32>,
}

impl Counters {
    fn new() -> Self {
        Self { counts: [0; Figure::COUNT], days: Vec::new() }
    }

    fn into_figures(self) -> Figures {
        Figures::new(self.counts, self.days)
    }
}

/// The totals.
pub(super) fn totals(cases: &Cases<'_>) -> Figures {
    let mut whole = [Counters::new()];
    cases.list.iter().for_each(|case| add(&mut whole, case, Section::Totals));
    let [whole] = whole;
    whole.into_figures()
}

/// One breakdown: keys under which something is counted; codes in order, then contested, then none.
pub(super) fn breakdown(cases: &Cases<'_>, by: By) -> Vec<KeyRow> {
    let keys = cases.keys.of(by);
    let mut counters = vec![Counters::new(); keys.len()];
    cases.list.iter().for_each(|case| add(&mut counters, case, Section::By(by)));
    let rows = keys.iter().zip(counters).zip(0u32..).map(|((key, counters), number)| KeyRow {
        key: key.key.clone(),
        name: key.name.clone(),
        figures: counters.into_figures(),
        number,
    });
    let mut rows: Vec<KeyRow> = rows.filter(|row| !row.figures.is_empty()).collect();
    if matches!(by, By::Unit | By::Body | By::Category) {
        rows.sort_by_cached_key(|row| {
            let contested = by == By::Body && row.key.as_deref() == Some("contested");
            (row.key.is_none(), contested, row.key.clone())
        });
    }
    rows
}

/// Adds a case to the counters of its keys: [`Case::counts`] for all figures at once.
fn add(counters: &mut [Counters], case: &Case, section: Section) {
    let (start, end) = case.keys(section);
    if let Some(row) = end.and_then(|key| counters.get_mut(key as usize)) {
        case.flags.indexes().for_each(|i| row.counts[i] += 1);
        if case.flags.has(Figure::Resolved) {
            row.days.push(case.days);
        }
        if case.flags.has(Figure::CarriedIn) && start != end {
            row.counts[Figure::MovedIn.index()] += 1;
        }
    }
    if let Some(row) = start.and_then(|key| counters.get_mut(key as usize)) {
        row.counts[Figure::Opening.index()] += 1;
        if start != end {
            row.counts[Figure::MovedOut.index()] += 1;
        }
    }
}
