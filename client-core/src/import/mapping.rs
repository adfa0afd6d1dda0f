//! The mapping file: which column of a register says what about a petition.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::fact::{Fact, plain};
use super::mapping_error::MappingError;
use super::source::tidy_text;
use super::source_rule::SourceRule;
use super::vocabulary::{
    EVENTS, EventShape, PETITION_FACTS, REQUIRED_FACTS, canonical_argument, is_known_fact, translation_table,
};

/// A mapping, checked in itself. Whether its columns exist is checked against a source
/// ([`Mapping::check_columns`]).
#[derive(Debug, Clone)]
pub struct Mapping {
    pub(super) source: SourceRule,
    pub(super) petition: BTreeMap<String, Fact>,
    /// In natural order.
    pub(super) events: Vec<EventRule>,
}

/// One `[events.<kind>]` table.
#[derive(Debug, Clone)]
pub(super) struct EventRule {
    pub shape: &'static EventShape,
    pub at: Fact,
    /// By canonical name.
    pub arguments: BTreeMap<String, Fact>,
}

type Translations = BTreeMap<String, BTreeMap<String, String>>;

impl Mapping {
    /// Reads a mapping file.
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        let text = text.trim_start_matches('\u{feff}');
        let root: Table = text.parse().map_err(|error: toml::de::Error| MappingError::Syntax {
            line: 1 + error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count()),
            detail: error.message().replace('\n', "; "),
        })?;
        MappingError::unknown_keys("cấp ngoài cùng", &root, &["source", "petition", "events", "values"])?;
        let source = SourceRule::parse(required_table(&root, "source")?)?;
        let translations = parse_values(optional_table(&root, "values")?)?;
        let petition = parse_petition(required_table(&root, "petition")?, &translations)?;
        let events = parse_events(optional_table(&root, "events")?, &translations)?;
        Ok(Mapping { source, petition, events })
    }

    /// The source's name: with a row's key, it names the row for ever.
    pub fn source_name(&self) -> &str {
        &self.source.name
    }

    /// Every column the mapping draws on, each once.
    pub fn columns(&self) -> Vec<&str> {
        let events = self.events.iter().flat_map(|event| event.arguments.values().chain([&event.at]));
        let facts = self.petition.values().chain(events).flat_map(Fact::columns);
        let mut seen = BTreeSet::new();
        self.source.key.iter().map(String::as_str).chain(facts).filter(|column| seen.insert(*column)).collect()
    }

    /// Checks that every column drawn on stands in the source, once.
    pub fn check_columns(&self, headers: &[String]) -> Result<(), MappingError> {
        let count = |column: &str| headers.iter().filter(|header| header.as_str() == column).count();
        let pick = |wrong: fn(usize) -> bool| -> Vec<String> {
            self.columns().into_iter().filter(|column| wrong(count(column))).map(str::to_owned).collect()
        };
        let absent = pick(|count| count == 0);
        if !absent.is_empty() {
            let present = headers.iter().filter(|header| !header.is_empty()).cloned().collect();
            return Err(MappingError::AbsentColumns { absent, present });
        }
        let columns = pick(|count| count > 1);
        if columns.is_empty() { Ok(()) } else { Err(MappingError::ColumnTwice { columns }) }
    }
}

fn required_table<'t>(root: &'t Table, key: &str) -> Result<&'t Table, MappingError> {
    optional_table(root, key)?.ok_or_else(|| MappingError::missing("cấp ngoài cùng", &[key]))
}

fn optional_table<'t>(parent: &'t Table, key: &str) -> Result<Option<&'t Table>, MappingError> {
    match parent.get(key) {
        None => Ok(None),
        Some(Value::Table(table)) => Ok(Some(table)),
        Some(_) => Err(MappingError::shape(key, "phải là một bảng, mở bằng dòng [tên]")),
    }
}

fn parse_values(table: Option<&Table>) -> Result<Translations, MappingError> {
    let mut translations = Translations::new();
    for (fact, values) in table.into_iter().flatten() {
        let place = format!("[values.{fact}]");
        if !is_known_fact(fact) {
            let mut accepted: Vec<String> = PETITION_FACTS.iter().map(|&fact| fact.to_owned()).collect();
            accepted.extend(EVENTS.iter().flat_map(|shape| shape.arguments().map(str::to_owned)));
            accepted.sort();
            accepted.dedup();
            return Err(MappingError::Unknown { place: "[values]".to_owned(), keys: vec![fact.clone()], accepted });
        }
        let need = "phải là các dòng \"giá trị trong nguồn\" = \"mã\"";
        let values = values.as_table().ok_or_else(|| MappingError::shape(&place, need))?;
        let translation = translations.entry(translation_table(fact).to_owned()).or_default();
        for (from, to) in values {
            let to = plain(to).ok_or_else(|| MappingError::shape(&place, need))?;
            if translation.insert(tidy_text(from), to).is_some() {
                return Err(MappingError::shape(
                    &place,
                    "có một giá trị nguồn được dịch hai lần (body, to, with, on_behalf_of dùng chung một bảng)",
                ));
            }
        }
    }
    Ok(translations)
}

fn translation_of(translations: &Translations, fact: &str) -> BTreeMap<String, String> {
    translations.get(translation_table(fact)).cloned().unwrap_or_default()
}

fn parse_petition(table: &Table, translations: &Translations) -> Result<BTreeMap<String, Fact>, MappingError> {
    MappingError::unknown_keys("[petition]", table, PETITION_FACTS)?;
    let absent: Vec<&str> = REQUIRED_FACTS.iter().copied().filter(|fact| !table.contains_key(*fact)).collect();
    if !absent.is_empty() {
        return Err(MappingError::missing("[petition]", &absent));
    }
    let mut facts = BTreeMap::new();
    for (name, value) in table {
        let place = format!("[petition] {name}");
        let fact = Fact::parse(&place, name, value, translation_of(translations, name))?;
        if REQUIRED_FACTS.contains(&name.as_str()) && fact.optional && !fact.never_blank() {
            return Err(MappingError::shape(&place, "là mục bắt buộc, không thể optional; có thể đặt default"));
        }
        facts.insert(name.clone(), fact);
    }
    Ok(facts)
}

fn parse_events(table: Option<&Table>, translations: &Translations) -> Result<Vec<EventRule>, MappingError> {
    let Some(table) = table else {
        return Ok(Vec::new());
    };
    let kinds: Vec<&str> = EVENTS.iter().map(|shape| shape.kind).collect();
    MappingError::unknown_keys("[events]", table, &kinds)?;
    let mut events = Vec::new();
    for (kind, value) in table {
        let Some(shape) = EventShape::of(kind) else {
            continue;
        };
        let place = format!("[events.{kind}]");
        let facts = value.as_table().ok_or_else(|| MappingError::shape(&place, "phải là một bảng"))?;
        let mut accepted: Vec<&str> = shape.arguments().chain(["at"]).collect();
        if shape.target == Some("to") {
            accepted.push("body");
        }
        MappingError::unknown_keys(&place, facts, &accepted)?;
        let mut arguments = BTreeMap::new();
        for (name, value) in facts {
            let fact = Fact::parse(&format!("{place} {name}"), name, value, translation_of(translations, name))?;
            if arguments.insert(canonical_argument(kind, name), fact).is_some() {
                return Err(MappingError::shape(&place, "body và to cùng một nghĩa, chỉ ghi một"));
            }
        }
        let needed = shape.target.into_iter().chain(shape.essential.iter().copied()).chain(["at"]);
        let absent: Vec<&str> = needed.filter(|name| !arguments.contains_key(*name)).collect();
        match arguments.remove("at") {
            Some(at) if absent.is_empty() => events.push(EventRule { shape, at, arguments }),
            _ => return Err(MappingError::missing(&place, &absent)),
        }
    }
    events.sort_by_key(|event| event.shape.rank());
    Ok(events)
}
