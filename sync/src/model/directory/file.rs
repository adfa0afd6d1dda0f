//! The directory file: what an administrator writes, and the revisions it takes to get there.

use jiff::civil::Date;
use toml::{Table, Value as Toml};

use super::Entries;
use super::check::Problem;
use super::entity::{EntityKind, Fields, Value};
use super::naming::{Entry, give_ids, resolve_codes};
use super::typed::Directory;

/// Why a directory file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No TOML.
    #[error("the directory file is not valid TOML: {0}")]
    Toml(String),
    /// A table, key or value that has no meaning here.
    #[error("{place}: {what}")]
    Entry {
        /// Table and entry.
        place: String,
        /// What is wrong and what to write instead.
        what: String,
    },
    /// Readable, but it contradicts itself.
    #[error("the directory does not hold together: {}", list(.0))]
    Problems(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    let shown: Vec<String> = problems.iter().take(5).map(ToString::to_string).collect();
    let more = problems.len().saturating_sub(5);
    let tail = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    shown.join("; ") + &tail
}

/// Keys every entry may carry.
const COMMON: &[&str] = &["id", "code", "name", "valid_from", "valid_to", "successors"];

fn keys(kind: EntityKind) -> &'static [&'static str] {
    match kind {
        EntityKind::Setting => &["zone", "lease_days"],
        EntityKind::Calendar => &["holidays", "working_saturdays"],
        EntityKind::Office => &["parent"],
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
    let table: Table = text.parse().map_err(|e: toml::de::Error| FileError::Toml(e.to_string().replace('\n', " ")))?;
    let mut found: Vec<Entry> = Vec::new();
    for (name, value) in &table {
        match (name.as_str(), value) {
            ("zone" | "lease_days", value) => {
                let fields = found.iter_mut().find(|e| e.kind == EntityKind::Setting);
                let value = plain(name, value).map_err(|wants| bad(name, &format!("must be {wants}")))?;
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
                let fields = fields(EntityKind::Calendar, "[calendar]", t)?;
                found.push(Entry { kind: EntityKind::Calendar, id: "calendar".to_owned(), explicit: false, fields });
            }
            (name, Toml::Array(items)) => {
                let kind = EntityKind::parse(name).filter(|k| !matches!(k, EntityKind::Setting | EntityKind::Calendar));
                let kind = kind.ok_or_else(|| bad(&format!("[[{name}]]"), "is not a table of the directory"))?;
                for (i, item) in items.iter().enumerate() {
                    let place = format!("[[{name}]] no. {}", i + 1);
                    let Toml::Table(t) = item else { return Err(bad(&place, "must be a table")) };
                    let fields = fields(kind, &place, t)?;
                    found.push(Entry { kind, id: String::new(), explicit: false, fields });
                }
            }
            (name, _) => return Err(bad(name, "is not known in a directory file")),
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

pub(super) fn bad(place: &str, what: &str) -> FileError {
    FileError::Entry { place: place.to_owned(), what: what.to_owned() }
}

fn fields(kind: EntityKind, place: &str, table: &Table) -> Result<Fields, FileError> {
    let mut fields = Fields::new();
    for (name, value) in table {
        if !COMMON.contains(&name.as_str()) && !keys(kind).contains(&name.as_str()) {
            let known: Vec<&str> = COMMON.iter().chain(keys(kind)).copied().collect();
            return Err(bad(place, &format!("`{name}` is not known here; known are {}", known.join(", "))));
        }
        let mut value = plain(name, value).map_err(|wants| bad(place, &format!("`{name}` must be {wants}")))?;
        if let (Value::Text(text), "valid_from" | "valid_to") = (&mut value, name.as_str()) {
            let date: Date =
                text.parse().map_err(|_| bad(place, &format!("`{name}` must be a date such as \"2025-07-01\"")))?;
            *text = date.to_string();
        }
        fields.insert(name.clone(), value);
    }
    Ok(fields)
}

/// The value of a key, or what it wants instead.
fn plain(name: &str, value: &Toml) -> Result<Value, &'static str> {
    let (value, wants) = match name {
        "successors" | "posts" | "holidays" | "working_saturdays" => {
            let texts = value.as_array().and_then(|items| items.iter().map(words).collect());
            (texts.map(Value::List), "a list of texts")
        }
        "external" => (value.as_bool().map(Value::Bool), "true or false"),
        "lease_days" => (value.as_integer().map(Value::Int), "a whole number"),
        "id" | "code" => (words(value).filter(|t| !t.trim().is_empty()).map(Value::Text), "text, and not blank"),
        _ => (words(value).map(Value::Text), "text"),
    };
    value.ok_or(wants)
}

fn words(value: &Toml) -> Option<String> {
    match value {
        Toml::String(text) => Some(text.clone()),
        Toml::Datetime(date) => Some(date.to_string()),
        _ => None,
    }
}
