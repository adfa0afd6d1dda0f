//! Ids and codes of a file's entries. People write codes, which are used again with another meaning; entries are known by
//! ids, which never change.

use std::collections::{BTreeMap, BTreeSet};

use super::Entries;
use super::entity::{EntityKind, Fields, Value};
use super::file_error::{FileError, FilePlace};
use crate::reason::Reason;

/// One entry of a file.
pub(super) struct Entry {
    pub(super) kind: EntityKind,
    /// Empty until [`give_ids`].
    pub(super) id: String,
    /// Its `id` was written out.
    pub(super) explicit: bool,
    pub(super) fields: Fields,
}

/// Which table a field's codes point into.
fn target(kind: EntityKind, field: &str) -> Option<EntityKind> {
    Some(match (kind, field) {
        (EntityKind::Unit | EntityKind::Office | EntityKind::Category, "parent") => kind,
        (EntityKind::Unit | EntityKind::Office | EntityKind::Category | EntityKind::Body, "successors") => kind,
        (_, "office") => EntityKind::Office,
        (_, "unit") => EntityKind::Unit,
        (_, "body") => EntityKind::Body,
        (_, "category") => EntityKind::Category,
        (EntityKind::User, "posts") => EntityKind::Post,
        (EntityKind::Holding, "post") => EntityKind::Post,
        (EntityKind::Holding, "user") => EntityKind::User,
        _ => return None,
    })
}

/// A field that holds text.
pub(super) fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    match fields.get(name) {
        Some(Value::Text(t)) => Some(t),
        _ => None,
    }
}

/// Gives every entry its id: the one written out, else the one under which it is known already, else its code.
pub(super) fn give_ids(found: &mut [Entry], existing: &Entries) -> Result<(), FileError> {
    let mut taken: BTreeSet<(EntityKind, String)> = BTreeSet::new();
    // Explicit ids first, then known ones, then the newest bearer of a code, then the older ones.
    for entry in found.iter_mut() {
        let kind = entry.kind;
        if let Some(Value::Text(id)) = entry.fields.remove("id") {
            entry.id = id;
            entry.explicit = true;
        } else if entry.id.is_empty() {
            match entry.kind {
                EntityKind::Routing | EntityKind::Policy | EntityKind::Holding => entry.id = rule_id(&entry.fields),
                _ if text(&entry.fields, "code").is_none() => {
                    return Err(FilePlace::table(kind.as_str()).is(Reason::no_code()));
                }
                _ => continue,
            }
        }
        if !taken.insert((entry.kind, entry.id.clone())) {
            return Err(FilePlace::Named(format!("[[{kind}]] {}", entry.id)).is(Reason::twice()));
        }
    }
    codes_are_given_once(found)?;
    for entry in found.iter_mut().filter(|e| e.id.is_empty()) {
        let same = |fields: &Fields| {
            text(fields, "code") == text(&entry.fields, "code")
                && (text(fields, "name") == text(&entry.fields, "name")
                    || text(fields, "valid_from") == text(&entry.fields, "valid_from"))
        };
        let known = existing
            .iter()
            .filter(|((kind, id), fields)| *kind == entry.kind && !taken.contains(&(*kind, id.clone())) && same(fields))
            .max_by_key(|(_, fields)| text(fields, "name") == text(&entry.fields, "name"));
        if let Some(((_, id), _)) = known {
            entry.id = id.clone();
            taken.insert((entry.kind, entry.id.clone()));
        }
    }
    let mut rest: Vec<&mut Entry> = found.iter_mut().filter(|e| e.id.is_empty()).collect();
    rest.sort_by_key(|e| std::cmp::Reverse(text(&e.fields, "valid_to").unwrap_or("9999").to_owned()));
    for entry in rest {
        let code = text(&entry.fields, "code").unwrap_or_default().to_owned();
        let dated = format!("{code}@{}", text(&entry.fields, "valid_from").unwrap_or("before"));
        let free = [code, dated].into_iter().find(|id| {
            let key = (entry.kind, id.clone());
            !taken.contains(&key) && !existing.contains_key(&key)
        });
        let Some(id) = free else { return Err(twice(entry)) };
        entry.id = id;
        taken.insert((entry.kind, entry.id.clone()));
    }
    Ok(())
}

/// Rules have no code: they are known by what they are about.
pub(super) fn rule_id(fields: &Fields) -> String {
    let parts = ["kind", "category", "unit", "user", "post", "valid_from"];
    let parts: Vec<&str> = parts.iter().map(|p| text(fields, p).unwrap_or("*")).collect();
    let body = text(fields, "body").unwrap_or("*");
    format!("{}/{body}", parts.join("/"))
}

/// Two entries may bear one code only one after the other: on any day a code names one thing.
fn codes_are_given_once(found: &[Entry]) -> Result<(), FileError> {
    let mut bearers: BTreeMap<(EntityKind, &str), Vec<(&str, &str)>> = BTreeMap::new();
    for entry in found.iter().filter(|e| e.id.is_empty()) {
        let code = text(&entry.fields, "code").unwrap_or_default();
        let (from, to) = days(&entry.fields);
        let others = bearers.entry((entry.kind, code)).or_default();
        if others.iter().any(|(f, t)| *f <= to && from <= *t) {
            return Err(twice(entry));
        }
        others.push((from, to));
    }
    Ok(())
}

fn twice(entry: &Entry) -> FileError {
    let place = format!("[[{}]] {}", entry.kind, text(&entry.fields, "code").unwrap_or_default());
    FilePlace::Named(place).is(Reason::twice_on_a_day())
}

/// First and last day, as texts that sort like dates.
fn days(fields: &Fields) -> (&str, &str) {
    (text(fields, "valid_from").unwrap_or("0000"), text(fields, "valid_to").unwrap_or("9999"))
}

/// Something that bears a code from day to day.
struct Bearer {
    id: String,
    from: String,
    to: String,
}

/// Replaces the codes that entries name by ids, looking in the file and in what is there already. What the file writes
/// out as an `id`, and what is no code, is an id.
pub(super) fn resolve_codes(found: &mut [Entry], existing: &Entries) {
    let mut explicit: BTreeSet<(EntityKind, String)> = BTreeSet::new();
    let mut bearers: BTreeMap<(EntityKind, String), Vec<Bearer>> = BTreeMap::new();
    let mut all = existing.clone();
    for entry in found.iter() {
        all.entry((entry.kind, entry.id.clone())).or_default().extend(entry.fields.clone());
        if entry.explicit {
            explicit.insert((entry.kind, entry.id.clone()));
        }
    }
    for ((kind, id), fields) in &all {
        if let Some(code) = text(fields, "code") {
            let (from, to) = days(fields);
            let bearer = Bearer { id: id.clone(), from: from.to_owned(), to: to.to_owned() };
            bearers.entry((*kind, code.to_owned())).or_default().push(bearer);
        }
    }
    for entry in found.iter_mut() {
        let last_day = days(&entry.fields).1.to_owned();
        for (name, value) in entry.fields.iter_mut() {
            let Some(kind) = target(entry.kind, name) else { continue };
            let resolve = |code: &mut String| {
                let key = (kind, code.clone());
                let meant = bearers.get(&key).and_then(|of_code| meant(of_code, name == "successors", &last_day));
                if let Some(bearer) = meant.filter(|_| !explicit.contains(&key)) {
                    code.clone_from(&bearer.id);
                }
            };
            match value {
                Value::Text(code) if code != "*" => resolve(code),
                Value::List(codes) => codes.iter_mut().for_each(resolve),
                _ => {}
            }
        }
    }
}

/// Of several that bear a code one after the other, the one an entry means that is valid until `last_day`: its successor
/// is the next to come, all else the one of that day, or the last there was.
fn meant<'a>(of_code: &'a [Bearer], successor: bool, last_day: &str) -> Option<&'a Bearer> {
    let of_the_day = of_code.iter().find(|b| b.from.as_str() <= last_day && last_day <= b.to.as_str());
    match of_code {
        [one] => Some(one),
        several if successor => several.iter().filter(|b| b.to.as_str() > last_day).min_by_key(|b| b.to.as_str()),
        several => of_the_day.or_else(|| several.iter().max_by_key(|b| b.to.as_str())),
    }
}
