//! A large change of the directory in parts, each of which leaves a directory that holds together.

use super::entity::{EntityKind, Fields};

/// One entry's changed fields.
pub type EntryChange = (EntityKind, String, Fields);

/// Fields that name entries of the same table.
const SAME_TABLE: &[&str] = &["parent", "successors"];

/// Splits planned changes (in the order of [`super::plan`]: what is named by another table comes before it) into parts
/// of at most `most` entries. Where there is more than one part, entries first come without what they name of their own
/// table, then that: an entry may lie in one part and its successor in the next.
pub fn parts(changes: Vec<EntryChange>, most: usize) -> Vec<Vec<EntryChange>> {
    if changes.len() <= most {
        return if changes.is_empty() { Vec::new() } else { vec![changes] };
    }
    let mut first = Vec::with_capacity(changes.len());
    let mut links = Vec::new();
    for (kind, id, mut fields) in changes {
        let mut linked = Fields::new();
        if matches!(kind, EntityKind::Office | EntityKind::Unit | EntityKind::Body | EntityKind::Category) {
            for name in SAME_TABLE {
                linked.extend(fields.remove_entry(*name));
            }
        }
        if !linked.is_empty() {
            links.push((kind, id.clone(), linked));
        }
        if !fields.is_empty() {
            first.push((kind, id, fields));
        }
    }
    let all: Vec<EntryChange> = first.into_iter().chain(links).collect();
    all.chunks(most.max(1)).map(<[EntryChange]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::Value;

    #[test]
    fn links_come_after_everything_they_may_name() {
        let text = |t: &str| Value::Text(t.to_owned());
        let unit = |id: &str, parent: &str| {
            let fields = Fields::from([("code".to_owned(), text(id)), ("parent".to_owned(), text(parent))]);
            (EntityKind::Unit, id.to_owned(), fields)
        };
        let parts = parts(vec![unit("a", "c"), unit("b", "c"), unit("c", "a")], 2);
        let flat: Vec<(String, bool)> =
            parts.iter().flatten().map(|(_, id, f)| (id.clone(), f.contains_key("parent"))).collect();
        let expected = [("a", false), ("b", false), ("c", false), ("a", true), ("b", true), ("c", true)];
        assert_eq!(flat, expected.map(|(id, linked)| (id.to_owned(), linked)));
        assert!(parts.iter().all(|p| p.len() <= 2));
    }
}
