//! Which petitions are meant: the filters that lists and the export share, as SQL over the typed columns.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::types::Value;
use sync::id::{BodyId, CategoryId, UnitId};
use sync::model::directory::Directory;
use sync::model::petition::Status;

use crate::search;

/// Filters; those not set let everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PetitionFilter {
    /// Where it stands.
    pub status: Option<Status>,
    /// A unit, with the hamlets in it and the units it has succeeded.
    pub unit: Option<UnitId>,
    /// A body that holds it, with the bodies it has succeeded.
    pub body: Option<BodyId>,
    /// A category, with those under it.
    pub category: Option<CategoryId>,
    /// Only those past their day.
    pub overdue: bool,
    /// Only those referred to two places apart.
    pub contested: bool,
    /// Only sealed ones.
    pub sealed: bool,
    /// Words that must all be there, or a code.
    pub search: Option<String>,
}

/// A condition and its parameters, in order.
#[derive(Debug, Default)]
pub(super) struct Condition {
    parts: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Condition {
    pub(super) fn and(&mut self, part: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.parts.push(part.into());
        self.values.extend(values);
    }

    /// More parts, without parameters.
    pub(super) fn parts(&mut self, parts: impl IntoIterator<Item = String>) {
        self.parts.extend(parts);
    }

    /// `WHERE …`, or nothing.
    pub(super) fn sql(&self) -> String {
        if self.parts.is_empty() { String::new() } else { format!("WHERE {}", self.parts.join(" AND ")) }
    }
}

fn marks(n: usize) -> String {
    vec!["?"; n].join(", ")
}

fn texts(ids: impl IntoIterator<Item = String>) -> Vec<Value> {
    ids.into_iter().map(Value::Text).collect()
}

/// Open and past its day on `today`. A paused petition's clock stands still, so it is not overdue.
pub(super) fn overdue_sql() -> String {
    format!("(p.open AND p.status <> '{}' AND p.due IS NOT NULL AND p.due < ?)", Status::Paused)
}

impl PetitionFilter {
    /// As SQL over `petition AS p`.
    pub(super) fn condition(&self, directory: &Directory, today: Date) -> Condition {
        let mut condition = Condition::default();
        if let Some(status) = self.status {
            condition.and("p.status = ?", [Value::Text(status.as_str().to_owned())]);
        }
        if let Some(unit) = &self.unit {
            let units = texts(units_under(directory, unit, today).into_iter().map(|u| u.0));
            let n = marks(units.len());
            condition
                .and(format!("(p.unit IN ({n}) OR p.hamlet IN ({n}))"), units.iter().cloned().chain(units.clone()));
        }
        if let Some(body) = &self.body {
            let now = |b: &BodyId| directory.current_bodies(b, today);
            let same = directory.bodies().map(|b| &b.id).filter(|b| *b == body || now(b).contains(body));
            let bodies: BTreeSet<String> = same.map(|b| b.0.clone()).chain([body.0.clone()]).collect();
            let part = format!("EXISTS (SELECT 1 FROM json_each(p.bodies) WHERE value IN ({}))", marks(bodies.len()));
            condition.and(part, texts(bodies));
        }
        if let Some(category) = &self.category {
            let categories = categories_under(directory, category);
            let part = format!("p.category IN ({})", marks(categories.len()));
            condition.and(part, texts(categories));
        }
        if self.overdue {
            condition.and(overdue_sql(), [Value::Text(today.to_string())]);
        }
        if self.contested {
            condition.and("p.contested", []);
        }
        if self.sealed {
            condition.and("p.sealed IS NOT NULL", []);
        }
        if let Some(query) = &self.search {
            search_condition(&mut condition, query);
        }
        condition
    }
}

/// Every word begins a word of the text; or the whole query is (the beginning of) a code.
fn search_condition(condition: &mut Condition, query: &str) {
    let words = search::words(query);
    let code = search::code_prefix(query);
    if words.is_empty() {
        // Nothing to look for but signs: nothing has them.
        if !query.trim().is_empty() {
            condition.and("0", []);
        }
        return;
    }
    let each = vec!["instr(p.folded, ?) > 0"; words.len()].join(" AND ");
    let mut values = texts(words.into_iter().map(|w| format!(" {w}")));
    let mut part = format!("({each})");
    if let Some(code) = code {
        part = format!("({part} OR substr(p.code, 1, length(?)) = ?)");
        values.extend([Value::Text(code.clone()), Value::Text(code)]);
    }
    condition.and(part, values);
}

/// A unit, all that lies in it, and all that either has succeeded.
fn units_under(directory: &Directory, unit: &UnitId, today: Date) -> BTreeSet<UnitId> {
    let lies_in = |u: &UnitId| {
        let now = directory.current_units(u, today);
        now.iter().chain([u]).any(|u| directory.unit_line(u).contains(unit))
    };
    directory.units().map(|u| u.id.clone()).filter(lies_in).chain([unit.clone()]).collect()
}

/// A category and all that lie under it.
fn categories_under(directory: &Directory, category: &CategoryId) -> BTreeSet<String> {
    let mut found = BTreeSet::from([category.0.clone()]);
    loop {
        let under = directory.categories().filter(|c| c.parent.as_ref().is_some_and(|p| found.contains(p.as_str())));
        let more: Vec<String> = under.map(|c| c.id.0.clone()).filter(|c| !found.contains(c)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}
