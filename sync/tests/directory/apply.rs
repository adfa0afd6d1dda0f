//! How a directory changes: a file applied over what is there, twice, in part, after a restructuring, and printed again.

use crate::support::*;
use crate::{CONTRACT, DEMO};
use sync::model::directory::*;

/// The communes before 1/7/2025.
const BEFORE: &str = r#"
[[unit]]
code = "30910"
name = "Xã Thạnh Phước"
[[unit]]
code = "30907"
name = "Xã Thạnh Hưng"
[[body]]
code = "ubnd-30910"
unit = "30910"
"#;

/// The same communes after it: a code given again, with another meaning.
const AFTER: &str = r#"
[[unit]]
code = "30910"
name = "Xã Thạnh Hưng"
valid_from = "2025-07-01"
[[unit]]
code = "30910"
name = "Xã Thạnh Phước"
valid_to = "2025-06-30"
successors = ["30910"]
[[unit]]
code = "30907"
name = "Xã Thạnh Hưng"
valid_to = "2025-06-30"
successors = ["30910"]
[[body]]
code = "kt-30910"
unit = "30910"
"#;

fn changes(existing: &Entries, text: &str) -> Vec<(EntityKind, String, Fields)> {
    plan(existing, &read_file(text, existing).unwrap_or_else(|e| panic!("the file is good: {e}")))
}

/// The id of the unit that bears a code on a day.
fn bearer(entries: &Entries, code: &str, on: &str) -> String {
    let d = Directory::from_entries(entries);
    let unit = d.units().find(|u| u.code == code && u.valid.contains(day(on)));
    unit.unwrap_or_else(|| panic!("nobody bears {code} on {on}")).id.to_string()
}

#[test]
fn applying_a_file_twice_changes_nothing() {
    for text in [CONTRACT, DEMO, BEFORE, AFTER] {
        assert_eq!(changes(&entries(text), text), []);
    }
}

#[test]
fn what_is_printed_reads_back_the_same() {
    for text in [CONTRACT, DEMO, BEFORE, AFTER, ""] {
        let there = entries(text);
        let printed = to_file_text(&there);
        assert_eq!(entries(&printed), there, "into an empty directory:\n{printed}");
        assert_eq!(changes(&there, &printed), [], "over itself:\n{printed}");
    }
}

#[test]
fn rules_keep_their_identity_when_printed() {
    let text = r#"
[[unit]]
code = "30910"
name = "Xã Thạnh Phước"
valid_to = "2025-06-30"
successors = ["30910"]
[[unit]]
code = "30910"
name = "Xã Thạnh Hưng"
valid_from = "2025-07-01"
[[body]]
code = "kt"
[[routing]]
category = "*"
unit = "30910"
body = "kt"
valid_to = "2025-06-30"
[[policy]]
id = "our-own"
kind = "*"
resolve = "30d"
"#;
    let there = entries(text);
    let routing = Directory::from_entries(&there).routing()[0].clone();
    assert_eq!(
        routing.unit.map(|u| u.to_string()),
        Some(bearer(&there, "30910", "2025-06-30")),
        "the commune of its days"
    );
    let printed = to_file_text(&there);
    assert_eq!(changes(&there, &printed), [], "{printed}");
    assert_eq!(changes(&there, text), []);
}

#[test]
fn only_what_differs_is_written() {
    let there = entries(CONTRACT);
    let renamed = CONTRACT.replace("Phòng Kinh tế xã Giồng Riềng", "Phòng Kinh tế");
    let name = Fields::from([("name".to_owned(), Value::Text("Phòng Kinh tế".to_owned()))]);
    assert_eq!(changes(&there, &renamed), [(EntityKind::Body, "kt-30904".to_owned(), name)]);
}

#[test]
fn what_a_file_does_not_mention_stays() {
    let there = entries(CONTRACT);
    let more = apply_file(&there, "[[body]]\ncode = \"thue\"\nname = \"Thuế cơ sở\"\n").expect("good");
    assert_eq!(more.len(), there.len() + 1);
    let d = Directory::from_entries(&more);
    assert_eq!((d.check(), d.bodies().count()), (vec![], 3));
}

#[test]
fn a_file_may_name_what_is_there_already() {
    let there = entries(AFTER);
    let post = "[[post]]\ncode = \"cb\"\nrole = \"officer\"\nunit = \"30910\"\n";
    let d = Directory::from_entries(&apply_file(&there, post).expect("30910 is there"));
    let unit = d.post(&"cb".into()).expect("there").unit.clone();
    assert_eq!(unit.map(|u| u.to_string()), Some(bearer(&there, "30910", "2026-11-10")), "who bears the code now");
}

#[test]
fn a_restructuring_keeps_ids_and_gives_the_code_to_another() {
    let before = entries(BEFORE);
    let old = bearer(&before, "30910", "2025-06-30");
    let after = apply_file(&before, AFTER).expect("a restructuring is normal");
    assert_eq!(bearer(&after, "30910", "2025-06-30"), old, "what petitions point to stays what it was");
    let d = Directory::from_entries(&after);
    assert_eq!(d.check(), []);
    let new = d.unit_by_code("30910", day("2026-11-10")).expect("valid today");
    assert_eq!(new.name, "Xã Thạnh Hưng");
    assert_ne!(new.id.as_str(), old);
    assert_eq!(d.unit_by_code("30910", day("2025-06-30")).expect("valid then").id.as_str(), old);
    assert_eq!(d.unit_by_code("30907", day("2026-11-10")).expect("resolves").id, new.id);
    assert_eq!(d.current_units(&old.as_str().into(), day("2026-11-10")), std::slice::from_ref(&new.id));
    assert_eq!(d.body(&"kt-30910".into()).expect("there").unit.as_ref(), Some(&new.id), "today's bearer of the code");
    let untouched = d.body(&"ubnd-30910".into()).expect("there");
    assert_eq!(
        untouched.unit.as_ref().map(|u| u.as_str()),
        Some(old.as_str()),
        "what was said of the old stays said of it"
    );

    assert_eq!(changes(&after, AFTER), [], "applied again");
    let printed = to_file_text(&after);
    assert_eq!(changes(&after, &printed), [], "printed and applied:\n{printed}");
    let elsewhere = entries(&printed);
    assert_eq!(elsewhere, after, "printed and applied in a new place");
    let post = "[[post]]\ncode = \"cb\"\nrole = \"officer\"\nunit = \"30910\"\n";
    let with_post = Directory::from_entries(&apply_file(&after, post).expect("30910 is there"));
    assert_eq!(with_post.post(&"cb".into()).expect("there").unit.as_ref(), Some(&new.id), "a code, not an id");
}

#[test]
fn an_explicit_id_settles_it() {
    let text = AFTER.replace(
        "code = \"30910\"\nname = \"Xã Thạnh Phước\"",
        "id = \"tp\"\ncode = \"30910\"\nname = \"Xã Thạnh Phước\"",
    );
    let there = entries(&text);
    assert_eq!(
        (bearer(&there, "30910", "2025-06-30").as_str(), bearer(&there, "30910", "2026-11-10").as_str()),
        ("tp", "30910")
    );
    let d = Directory::from_entries(&there);
    assert_eq!(d.unit(&"tp".into()).expect("there").successors, ["30910".into()]);
    let by_id = apply_file(&there, "[[body]]\ncode = \"old\"\nunit = \"tp\"\n").expect("an id may be named too");
    assert_eq!(Directory::from_entries(&by_id).body(&"old".into()).expect("there").unit, Some("tp".into()));
}

#[test]
fn an_entry_is_renamed_without_becoming_another() {
    let there = entries(CONTRACT);
    let renamed = CONTRACT.replace("Xã Giồng Riềng\"\nkind", "Xã Giồng Riềng mới\"\nkind");
    assert_ne!(renamed, CONTRACT);
    let changed = changes(&there, &renamed);
    assert_eq!(
        changed.iter().map(|(kind, id, _)| (*kind, id.as_str())).collect::<Vec<_>>(),
        [(EntityKind::Unit, "30904")]
    );
    let ended = CONTRACT.replace("external = true", "external = true\nvalid_to = \"2026-12-31\"");
    let changed = changes(&there, &ended);
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].2.keys().collect::<Vec<_>>(), ["valid_to"]);
}

#[test]
fn a_file_that_would_break_what_is_there_is_refused() {
    let there = entries(AFTER);
    let hung = bearer(&there, "30910", "2026-11-10");
    let circle =
        format!("[[unit]]\nid = \"{hung}\"\ncode = \"30910\"\nvalid_to = \"2026-06-30\"\nsuccessors = [\"30907\"]\n");
    let error = apply_file(&there, &circle).expect_err("30907 became 30910").to_string();
    assert!(error.contains("circle"), "{error}");
}

#[test]
fn two_administrators_who_change_different_fields_both_keep_their_change() {
    let revision = |n: u128, depth: u32, name: &str, value: Value| Revision {
        id: event_id(n),
        body: RevisionBody {
            kind: EntityKind::Body,
            entity: "kt".to_owned(),
            fields: Fields::from([(name.to_owned(), value)]),
            at: time(LOGGED),
            by: "qt".into(),
            depth,
        },
    };
    let text = |t: &str| Value::Text(t.to_owned());
    let mut revisions = vec![
        revision(9, 0, "name", text("Phòng Kinh tế")),
        revision(5, 1, "name", text("Phòng Kinh tế – Hạ tầng")),
        revision(6, 1, "external", Value::Bool(true)),
        revision(7, 1, "name", text("Phòng Kinh tế, Hạ tầng")),
    ];
    let folded = fold_revisions(&revisions);
    let fields = &folded[&(EntityKind::Body, "kt".to_owned())];
    assert_eq!(fields["external"], Value::Bool(true));
    assert_eq!(fields["name"], text("Phòng Kinh tế, Hạ tầng"), "of two made apart, the greater id");
    revisions.reverse();
    assert_eq!(fold_revisions(&revisions), folded);
    revisions.push(revision(1, 2, "external", Value::Null));
    assert!(!fold_revisions(&revisions)[&(EntityKind::Body, "kt".to_owned())].contains_key("external"), "taken away");
}

#[test]
fn a_post_taken_out_of_an_accounts_list_was_held_until_then() {
    let revision = |n: u128, kind: EntityKind, entity: &str, fields: &[(&str, Value)], at: &str| Revision {
        id: event_id(n),
        body: RevisionBody {
            kind,
            entity: entity.to_owned(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            at: time(at),
            by: "qt".into(),
            depth: n as u32,
        },
    };
    let text = |t: &str| Value::Text(t.to_owned());
    let posts = |codes: &[&str]| [("posts", Value::List(codes.iter().map(|c| (*c).to_owned()).collect()))];
    let post = |n, code: &str, to: &str| {
        let fields = [("role", text("directory_admin")), ("valid_to", text(to))];
        revision(n, EntityKind::Post, code, &fields, "2026-11-01T08:00:00+07:00")
    };
    let d = Directory::from_revisions(&[
        post(1, "a", "2030-12-31"),
        post(2, "b", "2026-11-03"),
        revision(3, EntityKind::User, "lan", &posts(&["a", "b"]), "2026-11-01T08:00:00+07:00"),
        // Late in the evening of the 5th in Viet Nam.
        revision(4, EntityKind::User, "lan", &posts(&[]), "2026-11-05T16:00:00Z"),
        revision(5, EntityKind::User, "lan", &[("name", text("Lan"))], "2026-11-09T08:00:00+07:00"),
    ]);
    let held = |first: &str, last: &str| -> Vec<String> {
        d.posts_held(&"lan".into(), day(first), day(last)).iter().map(|p| p.id.to_string()).collect()
    };
    assert_eq!(held("2026-11-02", "2026-11-20"), ["a", "b"]);
    assert_eq!(held("2026-11-04", "2026-11-20"), ["a"], "the other post had ended by itself");
    assert_eq!(held("2026-11-05", "2026-11-05"), ["a"]);
    assert_eq!(held("2026-11-06", "2026-11-20"), [""; 0]);
    assert_eq!(d.posts_of(&"lan".into(), day("2026-11-02")), Vec::<&Post>::new(), "nothing is held by it now");
}
