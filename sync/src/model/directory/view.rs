//! The directory as a file again: what `directory show` prints, readable by `directory apply`.

use std::collections::BTreeMap;

use toml::{Table, Value as Toml};

use super::Entries;
use super::entity::{EntityKind, Value};
use super::naming::{rule_id, text};

/// Writes entries in the format of the directory file.
pub fn to_file_text(entries: &Entries) -> String {
    let mut file = Table::new();
    let mut bearers: BTreeMap<(EntityKind, Option<&str>), usize> = BTreeMap::new();
    for ((kind, _), fields) in entries {
        *bearers.entry((*kind, text(fields, "code"))).or_default() += 1;
    }
    for ((kind, id), fields) in entries {
        let mut table = Table::new();
        for (name, value) in fields {
            let value = match value {
                Value::Null => continue,
                Value::Text(t) => Toml::String(t.clone()),
                Value::Bool(b) => Toml::Boolean(*b),
                Value::Int(i) => Toml::Integer(*i),
                Value::List(l) => Toml::Array(l.iter().cloned().map(Toml::String).collect()),
            };
            table.insert(name.clone(), value);
        }
        match kind {
            EntityKind::Setting => file.extend(table),
            EntityKind::Calendar => {
                file.insert("calendar".to_owned(), Toml::Table(table));
            }
            EntityKind::Routing | EntityKind::Policy | EntityKind::Holding => {
                if rule_id(fields) != *id {
                    table.insert("id".to_owned(), Toml::String(id.clone()));
                }
                push(&mut file, *kind, table);
            }
            _ => {
                // Where a code is shared, its bearers' ids are written out, so that what names them is read as ids.
                let code = text(fields, "code");
                let shared = bearers.get(&(*kind, code)).is_some_and(|n| *n > 1);
                if shared || code != Some(id) {
                    table.insert("id".to_owned(), Toml::String(id.clone()));
                }
                push(&mut file, *kind, table);
            }
        }
    }
    toml::to_string_pretty(&file).unwrap_or_default()
}

fn push(file: &mut Table, kind: EntityKind, table: Table) {
    let list = file.entry(kind.as_str()).or_insert_with(|| Toml::Array(Vec::new()));
    if let Toml::Array(items) = list {
        items.push(Toml::Table(table));
    }
}
