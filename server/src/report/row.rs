//! Figures as they are read: counts, and how long resolving took.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::figure::Figure;

/// Every figure of one key, or of the whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    counts: [u64; Figure::COUNT],
    /// Days from logging to resolution over the resolved: the middle one, or the mean of the middle two.
    pub median_days: Option<f64>,
    /// The same: nine tenths took no longer (nearest rank).
    pub p90_days: Option<u32>,
}

impl Figures {
    /// From counts and the days of the resolved, in any order.
    pub(super) fn new(counts: [u64; Figure::COUNT], mut days: Vec<u32>) -> Self {
        days.sort_unstable();
        Self { counts, median_days: median(&days), p90_days: p90(&days) }
    }

    /// One figure.
    pub fn get(&self, figure: Figure) -> u64 {
        self.counts[figure.index()]
    }

    /// Nothing is counted here.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.iter().all(|n| *n == 0)
    }
}

/// The middle value, or the mean of the middle two; `sorted` is sorted.
fn median(sorted: &[u32]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(f64::from(upper));
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some((f64::from(lower) + f64::from(upper)) / 2.0)
}

/// The nearest rank: the ⌈0.9 n⌉-th value; `sorted` is sorted.
fn p90(sorted: &[u32]) -> Option<u32> {
    let rank = (sorted.len() * 9).div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let entry = |map: &mut S::SerializeMap, figure: Figure| map.serialize_entry(figure.key(), &self.get(figure));
        for figure in Figure::ALL.iter().filter(|f| f.is_flag()) {
            entry(&mut map, *figure)?;
        }
        match self.median_days {
            // A whole number of days is written as one.
            Some(days) if days.fract() == 0.0 => map.serialize_entry("median_days", &(days as u64))?,
            days => map.serialize_entry("median_days", &days)?,
        }
        map.serialize_entry("p90_days", &self.p90_days)?;
        for figure in Figure::ALL.iter().filter(|f| !f.is_flag()) {
            entry(&mut map, *figure)?;
        }
        map.end()
    }
}

/// The figures of all petitions counted.
pub type Totals = Figures;

/// The figures of one key of a breakdown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeyRow {
    /// The code; none for what is under nothing.
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Its number among the keys met.
    #[serde(skip)]
    pub(super) number: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_averages_the_middle_two_and_p90_is_a_value_that_occurred() {
        assert_eq!((median(&[]), p90(&[])), (None, None));
        assert_eq!((median(&[4]), p90(&[4])), (Some(4.0), Some(4)));
        assert_eq!((median(&[1, 4]), p90(&[1, 4])), (Some(2.5), Some(4)));
        // Ten values: the 9th. Eleven: ⌈9.9⌉, the 10th.
        assert_eq!(p90(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), Some(8));
        assert_eq!(p90(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), Some(9));
    }
}
