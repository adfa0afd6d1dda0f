//! Reading the fields of one entry: text, words of a list, lists, dates.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::validity::Validity;
use crate::model::directory::entity::{EntityKind, Fields, Value};
use crate::model::directory::problem::{Problem, Wants};

/// Reads the fields of one entry, remembering the first that cannot be read.
pub(super) struct Reader<'a> {
    pub(super) kind: EntityKind,
    pub(super) id: &'a str,
    pub(super) fields: &'a Fields,
    pub(super) problem: Option<Problem>,
}

impl Reader<'_> {
    /// Says that a field cannot be read, and what it wants, unless one was named before.
    pub(super) fn complain(&mut self, field: &'static str, wants: Wants) {
        let (kind, id) = (self.kind, self.id);
        self.problem.get_or_insert_with(|| Problem::Field { kind, id: id.to_owned(), field, wants });
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
    pub(super) fn word<T>(&mut self, name: &'static str, wants: Wants, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.complain(name, wants);
        }
        value
    }

    /// From when to when the entry counts.
    pub(super) fn validity(&mut self) -> Validity {
        let mut date = |name| self.word(name, Wants::Date, parse_date);
        Validity { from: date("valid_from"), to: date("valid_to") }
    }

    /// A list of dates, without those that cannot be read.
    pub(super) fn dates(&mut self, name: &'static str) -> BTreeSet<Date> {
        let list = self.list(name);
        let dates: BTreeSet<Date> = list.iter().filter_map(|t| parse_date(t)).collect();
        if dates.len() < list.iter().collect::<BTreeSet<_>>().len() {
            self.complain(name, Wants::Date);
        }
        dates
    }
}

fn parse_date(text: &str) -> Option<Date> {
    text.parse().ok()
}
