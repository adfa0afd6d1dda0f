//! The check that every report passes before anybody sees it.

use std::collections::HashSet;

use rusqlite::Connection;
use sync::id::RecordId;

use super::behind::Section;
use super::equation::{CONTINUITY, EQUATIONS, Equation};
use super::error::ReportError;
use super::figure::{Figure, Flags};
use super::gather::Cases;
use super::month::Period;
use super::query::By;
use super::row::{Figures, KeyRow};
use crate::projection::{count_logged, petitions_logged};

/// Checks the figures against each other, each petition by itself, each breakdown against the totals, and the petitions
/// received against the table of petitions, which is filled apart from that of stretches.
pub(super) fn reconcile(
    conn: &Connection,
    cases: &Cases<'_>,
    totals: &Figures,
    breakdowns: &[(By, &[KeyRow])],
) -> Result<(), ReportError> {
    each_petition(cases)?;
    row(cases, Section::Totals, None, totals)?;
    for (by, rows) in breakdowns {
        for key in *rows {
            row(cases, Section::By(*by), Some(key), &key.figures)?;
        }
        sums(cases, *by, rows, totals)?;
    }
    received(conn, cases, totals)
}

fn broken(equation: &str, place: String, petitions: Vec<RecordId>) -> ReportError {
    ReportError::DoesNotReconcile { equation: equation.to_owned(), place, petitions }
}

/// Sums can hold by chance; a petition counted twice, or under two endings, cannot.
fn each_petition(cases: &Cases<'_>) -> Result<(), ReportError> {
    let mut sound: HashSet<Flags> = HashSet::new();
    for case in &cases.list {
        if sound.contains(&case.flags) {
            continue;
        }
        let one = |figure: Figure| i64::from(case.flags.has(figure));
        if let Some(equation) = EQUATIONS.iter().find(|e| !e.holds(one)) {
            let same = cases.list.iter().filter(|c| c.flags == case.flags).map(|c| c.record);
            return Err(broken(equation.text, "từng phản ánh".to_owned(), same.collect()));
        }
        sound.insert(case.flags);
    }
    Ok(())
}

fn row(cases: &Cases<'_>, section: Section, key: Option<&KeyRow>, figures: &Figures) -> Result<(), ReportError> {
    let count = |figure: Figure| i64::try_from(figures.get(figure)).unwrap_or(i64::MAX);
    let broken_by = EQUATIONS.iter().chain([&CONTINUITY]).find(|e| !e.holds(count));
    let Some(equation) = broken_by else { return Ok(()) };
    let number = key.map_or(0, |key| key.number);
    Err(broken(equation.text, place(section, key), breakers(cases, section, number, equation)))
}

/// The petitions that break an equation by themselves; when none does, all that it counts.
fn breakers(cases: &Cases<'_>, section: Section, key: u32, equation: &Equation) -> Vec<RecordId> {
    let alone = cases.list.iter().filter(|case| !equation.holds(|f| i64::from(case.counts(section, key, f))));
    let alone: Vec<RecordId> = alone.map(|case| case.record).collect();
    if !alone.is_empty() {
        return alone;
    }
    let counted = |case: &&super::case::Case| equation.terms.iter().any(|(_, f)| case.counts(section, key, *f));
    cases.list.iter().filter(counted).map(|case| case.record).collect()
}

fn sums(cases: &Cases<'_>, by: By, rows: &[KeyRow], totals: &Figures) -> Result<(), ReportError> {
    let sum = |figure: Figure| rows.iter().map(|row| row.figures.get(figure)).sum::<u64>();
    for figure in Figure::ALL.iter().copied().filter(|f| f.is_flag() || *f == Figure::Opening) {
        if sum(figure) != totals.get(figure) {
            let equation = format!("tổng {} theo {} = {}", figure.key(), by.as_str(), figure.key());
            let shown = |key: u32| rows.iter().any(|row| row.number == key);
            let lost = cases.list.iter().filter(|case| {
                let (start, end) = case.keys(Section::By(by));
                case.counts(Section::Totals, 0, figure) && !start.into_iter().chain(end).any(shown)
            });
            return Err(broken(&equation, by.as_str().to_owned(), lost.map(|case| case.record).collect()));
        }
    }
    // Moves inside the tenant cancel out; what is left came from, or went to, offices that were not asked for.
    let moved_in = sum(Figure::MovedIn) + totals.get(Figure::MovedOut);
    let moved_out = sum(Figure::MovedOut) + totals.get(Figure::MovedIn);
    if moved_in != moved_out {
        let moved = cases.list.iter().filter(|case| {
            let (start, end) = case.keys(Section::By(by));
            start.is_some() && start != end
        });
        let moved = moved.map(|case| case.record).collect();
        return Err(broken("tổng moved_in − moved_out = totals", by.as_str().to_owned(), moved));
    }
    Ok(())
}

/// `received + late_received` = the petitions logged in the month. Not where offices were asked for: whose a petition is
/// at the month's end is known only to its case.
fn received(conn: &Connection, cases: &Cases<'_>, totals: &Figures) -> Result<(), ReportError> {
    if cases.query.offices.is_some() {
        return Ok(());
    }
    let Period { start, end, as_of, .. } = cases.period;
    let received = totals.get(Figure::Received) + totals.get(Figure::LateReceived);
    if count_logged(conn, start, end, as_of)? == received {
        return Ok(());
    }
    let mut logged: HashSet<RecordId> = petitions_logged(conn, start, end, as_of)?.into_iter().collect();
    let is_received = |flags: Flags| flags.has(Figure::Received) || flags.has(Figure::LateReceived);
    let counted = cases.list.iter().filter(|case| is_received(case.flags)).map(|case| case.record);
    // What is in both, or counted once more, is taken away; the rest is in one only.
    let mut wrong: Vec<RecordId> = counted.filter(|record| !logged.remove(record)).collect();
    wrong.extend(logged);
    wrong.sort_unstable();
    let equation = "received + late_received = phản ánh ghi nhận trong tháng";
    Err(broken(equation, place(Section::Totals, None), wrong))
}

fn place(section: Section, key: Option<&KeyRow>) -> String {
    match section {
        Section::Totals => "toàn bộ".to_owned(),
        Section::By(by) => format!("{} {}", by.as_str(), key.and_then(|k| k.key.as_deref()).unwrap_or("null")),
    }
}
