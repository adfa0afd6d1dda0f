//! The directory file: what an administrator writes, and the revisions it takes to get there.

use jiff::civil::Date;
use toml::{Table, Value as Toml};

use super::Entries;
use super::entity::{EntityKind, Fields, Value};
use super::file_error::{FileError, FilePlace};
use super::naming::{Entry, give_ids, resolve_codes};
use super::typed::Directory;
use crate::reason::Reason;

/// Keys every entry may carry.
const COMMON: &[&str] = &["id", "code", "name", "valid_from", "valid_to", "successors"];

fn keys(kind: EntityKind) -> &'static [&'static str] {
    match kind {
        EntityKind::Setting => &["zone", "lease_days"],
        EntityKind::Calendar => &["holidays", "working_saturdays"],
        EntityKind::Office => &["parent", "approve_devices"],
        EntityKind::Unit => &["kind", "parent", "office"],
        EntityKind::Body => &["unit", "external"],
        EntityKind::Category => &["parent", "form04"],
        EntityKind::Routing => &["category", "unit", "body"],
        EntityKind::Post => &["role", "unit", "office", "body"],
        EntityKind::User => &["posts"],
        EntityKind::Holding => &["user", "post"],
        EntityKind::Policy => &["kind", "category", "first_answer", "resolve", "from"],
    }
}

/// Reads a directory file into entries, ids given and codes resolved. `existing` keeps ids what they were: codes are
/// used again with another meaning, so an entry keeps the id under which its name or first day is already known.
pub fn read_file(text: &str, existing: &Entries) -> Result<Entries, FileError> {
    let table: Table = text.parse().map_err(|e: toml::de::Error| FileError::toml(text, &e))?;
    let mut found: Vec<Entry> = Vec::new();
    for (name, value) in &table {
        match (name.as_str(), value) {
            ("zone" | "lease_days", value) => {
                let fields = found.iter_mut().find(|e| e.kind == EntityKind::Setting);
                let value = plain(name, value).map_err(|reason| FilePlace::named(name).is(reason))?;
                match fields {
                    Some(entry) => entry.fields.insert(name.clone(), value),
                    None => {
                        let fields = Fields::from([(name.clone(), value)]);
                        found.push(Entry {
                            kind: EntityKind::Setting,
                            id: "tenant".to_owned(),
                            explicit: false,
                            fields,
                        });
                        None
                    }
                };
            }
            ("calendar", Toml::Table(t)) => {
                let fields = fields(EntityKind::Calendar, &FilePlace::named("[calendar]"), t)?;
                found.push(Entry { kind: EntityKind::Calendar, id: "calendar".to_owned(), explicit: false, fields });
            }
            (name, Toml::Array(items)) => {
                let kind = EntityKind::parse(name).filter(|k| !matches!(k, EntityKind::Setting | EntityKind::Calendar));
                let kind = kind.ok_or_else(|| FilePlace::table(name).is(Reason::no_such_table()))?;
                for (i, item) in items.iter().enumerate() {
                    let place = FilePlace::Nth { table: name.to_owned(), number: i + 1 };
                    let Toml::Table(t) = item else { return Err(place.is(Reason::not_a_table())) };
                    let fields = fields(kind, &place, t)?;
                    found.push(Entry { kind, id: String::new(), explicit: false, fields });
                }
            }
            (name, _) => return Err(FilePlace::named(name).is(Reason::not_in_directory())),
        }
    }
    give_ids(&mut found, existing)?;
    resolve_codes(&mut found, existing);
    let entries: Entries = found.into_iter().map(|e| ((e.kind, e.id), e.fields)).collect();
    let problems = Directory::from_entries(&merged(existing, &entries)).check();
    if problems.is_empty() { Ok(entries) } else { Err(FileError::Problems(problems)) }
}

/// The changes that bring a directory to what a file says: only fields that differ. What the file does not mention stays:
/// an entry ends by its `valid_to`, not by being left out.
pub fn plan(existing: &Entries, wanted: &Entries) -> Vec<(EntityKind, String, Fields)> {
    let mut changes = Vec::new();
    for ((kind, id), fields) in wanted {
        let old = existing.get(&(*kind, id.clone()));
        let changed: Fields = fields
            .iter()
            .filter(|(name, value)| old.and_then(|o| o.get(*name)) != Some(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        if !changed.is_empty() {
            changes.push((*kind, id.clone(), changed));
        }
    }
    changes
}

/// What is there after a file has been applied.
fn merged(existing: &Entries, wanted: &Entries) -> Entries {
    let mut all = existing.clone();
    for (key, fields) in wanted {
        all.entry(key.clone()).or_default().extend(fields.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    all
}

fn fields(kind: EntityKind, place: &FilePlace, table: &Table) -> Result<Fields, FileError> {
    let mut fields = Fields::new();
    for (name, value) in table {
        if !COMMON.contains(&name.as_str()) && !keys(kind).contains(&name.as_str()) {
            let known: Vec<&str> = COMMON.iter().chain(keys(kind)).copied().collect();
            return Err(place.is(Reason::unknown_name(name, known.join(", "))));
        }
        let mut value = plain(name, value).map_err(|reason| place.is(reason))?;
        if let (Value::Text(text), "valid_from" | "valid_to") = (&mut value, name.as_str()) {
            let date: Date = text.parse().map_err(|_| place.is(Reason::must_be_date(name)))?;
            *text = date.to_string();
        }
        fields.insert(name.clone(), value);
    }
    Ok(fields)
}

/// The value of a key, or what it wants instead.
fn plain(name: &str, value: &Toml) -> Result<Value, Reason> {
    match name {
        "successors" | "posts" | "holidays" | "working_saturdays" => {
            let texts: Option<Vec<String>> = value.as_array().and_then(|items| items.iter().map(words).collect());
            texts.map(Value::List).ok_or_else(|| Reason::must_be_list(name))
        }
        "external" | "approve_devices" => value.as_bool().map(Value::Bool).ok_or_else(|| Reason::must_be_bool(name)),
        "lease_days" => value.as_integer().map(Value::Int).ok_or_else(|| Reason::must_be_number(name)),
        "id" | "code" => {
            let text = words(value).filter(|t| !t.trim().is_empty());
            text.map(Value::Text).ok_or_else(|| Reason::must_be_word(name))
        }
        _ => words(value).map(Value::Text).ok_or_else(|| Reason::must_be_text(name)),
    }
}

fn words(value: &Toml) -> Option<String> {
    match value {
        Toml::String(text) => Some(text.clone()),
        Toml::Datetime(date) => Some(date.to_string()),
        _ => None,
    }
}
