//! Reading the fields of one entry: text, words of a list, lists, dates.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::validity::Validity;
use crate::model::directory::check::Problem;
use crate::model::directory::entity::{EntityKind, Fields, Value};

/// Reads the fields of one entry, remembering the first that cannot be read.
pub(super) struct Reader<'a> {
    pub(super) kind: EntityKind,
    pub(super) id: &'a str,
    pub(super) fields: &'a Fields,
    pub(super) problem: Option<Problem>,
}

impl Reader<'_> {
    /// Says that a field cannot be read, unless one was named before.
    pub(super) fn complain(&mut self, field: &str) {
        self.problem.get_or_insert_with(|| Problem::Field {
            kind: self.kind,
            id: self.id.to_owned(),
            field: field.to_owned(),
        });
    }

    /// A text; an empty one is none.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name) {
            Some(Value::Text(t)) if !t.is_empty() => Some(t.clone()),
            _ => None,
        }
    }

    /// A text; `*`, which stands for all, is none.
    pub(super) fn unless_all(&self, name: &str) -> Option<String> {
        self.text(name).filter(|t| t != "*")
    }

    /// A list; empty where there is none.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.fields.get(name) {
            Some(Value::List(l)) => l.clone(),
            _ => Vec::new(),
        }
    }

    /// Code and name: the id stands in for a code, the code for a name.
    pub(super) fn code_name(&self) -> (String, String) {
        let code = self.text("code").unwrap_or_else(|| self.id.to_owned());
        let name = self.text("name").unwrap_or_else(|| code.clone());
        (code, name)
    }

    /// A text that has to be one of some words, or a date, or a term.
    pub(super) fn word<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.complain(name);
        }
        value
    }

    /// From when to when the entry counts.
    pub(super) fn validity(&mut self) -> Validity {
        Validity { from: self.word("valid_from", parse_date), to: self.word("valid_to", parse_date) }
    }

    /// A list of dates, without those that cannot be read.
    pub(super) fn dates(&mut self, name: &str) -> BTreeSet<Date> {
        let list = self.list(name);
        let dates: BTreeSet<Date> = list.iter().filter_map(|t| parse_date(t)).collect();
        if dates.len() < list.iter().collect::<BTreeSet<_>>().len() {
            self.complain(name);
        }
        dates
    }
}

fn parse_date(text: &str) -> Option<Date> {
    text.parse().ok()
}
