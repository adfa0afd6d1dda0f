//! Faults of a directory file: each refused in one line that names the entry and what to write.

use crate::support::*;
use sync::model::directory::*;

fn refused(text: &str) -> String {
    let line = match read_file(text, &Entries::new()) {
        Ok(entries) => panic!("should have been refused, was read as {entries:?}"),
        Err(error) => error.to_string(),
    };
    assert!(!line.contains('\n'), "one line: {line}");
    line
}

/// That a file is refused and its error names all of these.
fn refuses(text: &str, names: &[&str]) {
    let line = refused(text);
    for name in names {
        assert!(line.contains(name), "`{name}` is not named in: {line}");
    }
}

#[test]
fn settings_may_be_set() {
    let d = directory("zone = \"Asia/Bangkok\"\nlease_days = 30\n");
    assert_eq!((d.zone_name(), d.lease()), ("Asia/Bangkok", jiff::SignedDuration::from_hours(30 * 24)));
    refuses("zone = \"Asia/Giong_Rieng\"", &["zone"]);
    refuses("zone = 7", &["zone"]);
    refuses("lease_days = \"fourteen\"", &["lease_days"]);
    refuses("lease_days = 0", &["lease_days"]);
}

#[test]
fn what_is_no_toml_or_not_known_is_named() {
    refuses("[[unit]\ncode = ", &["TOML"]);
    refuses("zones = \"UTC\"", &["zones"]);
    refuses("[[ward]]\ncode = \"1\"", &["[[ward]]"]);
    refuses("[[setting]]\ncode = \"1\"", &["[[setting]]"]);
    refuses("unit = [1]", &["[[unit]]"]);
    refuses("[unit]\ncode = \"1\"", &["unit"]);
    refuses("[[unit]]\ncode = \"1\"\ncolour = \"red\"", &["[[unit]]", "`colour`", "parent"]);
    refuses("[[body]]\ncode = \"1\"\nrole = \"officer\"", &["[[body]]", "`role`"]);
    refuses("[[unit]]\nname = \"Xã không mã\"", &["[[unit]]", "`code`"]);
    refuses("[calendar]\nholiday = [\"2026-11-24\"]", &["[calendar]", "`holiday`"]);
}

#[test]
fn a_value_of_the_wrong_kind_is_named() {
    refuses("[[unit]]\ncode = 30904", &["[[unit]]", "`code`", "text"]);
    refuses("[[unit]]\ncode = \"\"", &["[[unit]]", "`code`"]);
    refuses("[[unit]]\nid = 5\ncode = \"a\"", &["[[unit]]", "`id`"]);
    refuses("[[unit]]\ncode = \"a\"\nparent = [\"b\"]", &["[[unit]]", "`parent`"]);
    refuses("[[unit]]\ncode = \"a\"\nsuccessors = \"b\"", &["[[unit]]", "`successors`", "list"]);
    refuses("[[unit]]\ncode = \"a\"\nparent = { b = 1 }", &["[[unit]]", "`parent`"]);
    refuses("[[body]]\ncode = \"a\"\nexternal = \"yes\"", &["[[body]]", "`external`", "true"]);
    refuses("[[user]]\ncode = \"lan\"\nposts = \"qt\"", &["[[user]]", "`posts`", "list"]);
    refuses("[[policy]]\nkind = \"*\"\nresolve = 30", &["[[policy]]", "`resolve`"]);
    refuses("[calendar]\nholidays = \"2026-11-24\"", &["[calendar]", "`holidays`", "list"]);
}

#[test]
fn a_value_that_cannot_be_read_is_named() {
    refuses("[[unit]]\ncode = \"a\"\nkind = \"ward\"", &["[[unit]] a", "`kind`"]);
    refuses("[[unit]]\ncode = \"a\"\nvalid_to = \"30/6/2025\"", &["[[unit]]", "`valid_to`", "2025-07-01"]);
    refuses("[[category]]\ncode = \"a\"\nform04 = \"tax\"", &["[[category]] a", "`form04`"]);
    refuses("[[post]]\ncode = \"a\"\nrole = \"king\"", &["[[post]] a", "`role`"]);
    refuses("[[post]]\ncode = \"a\"", &["[[post]] a", "`role`"]);
    refuses("[[policy]]\nkind = \"rumour\"\nresolve = \"30d\"", &["[[policy]]", "`kind`"]);
    refuses("[[policy]]\nkind = \"*\"\nresolve = \"30 ngày\"", &["[[policy]]", "`resolve`"]);
    refuses("[[policy]]\nkind = \"*\"\nfirst_answer = \"10\"", &["[[policy]]", "`first_answer`"]);
    refuses("[[policy]]\nkind = \"*\"\nfrom = \"birth\"", &["[[policy]]", "`from`"]);
    refuses("[calendar]\nholidays = [\"2026-02-30\"]", &["`holidays`"]);
}

#[test]
fn names_that_lead_nowhere_are_named() {
    let cases = [
        ("[[unit]]\ncode = \"a\"\nparent = \"gone\"", "[[unit]] a"),
        ("[[unit]]\ncode = \"a\"\noffice = \"gone\"", "[[unit]] a"),
        ("[[unit]]\ncode = \"a\"\nsuccessors = [\"gone\"]", "[[unit]] a"),
        ("[[office]]\ncode = \"a\"\nparent = \"gone\"", "[[office]] a"),
        ("[[office]]\ncode = \"a\"\nsuccessors = [\"gone\"]", "[[office]] a"),
        ("[[body]]\ncode = \"a\"\nunit = \"gone\"", "[[body]] a"),
        ("[[body]]\ncode = \"a\"\nsuccessors = [\"gone\"]", "[[body]] a"),
        ("[[category]]\ncode = \"a\"\nparent = \"gone\"", "[[category]] a"),
        ("[[category]]\ncode = \"a\"\nsuccessors = [\"gone\"]", "[[category]] a"),
        ("[[routing]]\ncategory = \"*\"\nunit = \"*\"\nbody = \"gone\"", "[[routing]]"),
        ("[[body]]\ncode = \"b\"\n[[routing]]\ncategory = \"gone\"\nbody = \"b\"", "[[routing]]"),
        ("[[body]]\ncode = \"b\"\n[[routing]]\nunit = \"gone\"\nbody = \"b\"", "[[routing]]"),
        ("[[post]]\ncode = \"a\"\nrole = \"officer\"\nunit = \"gone\"", "[[post]] a"),
        ("[[post]]\ncode = \"a\"\nrole = \"leader\"\noffice = \"gone\"", "[[post]] a"),
        ("[[post]]\ncode = \"a\"\nrole = \"handler\"\nbody = \"gone\"", "[[post]] a"),
        ("[[user]]\ncode = \"a\"\nposts = [\"gone\"]", "[[user]] a"),
        ("[[user]]\ncode = \"a\"\n[[holding]]\nuser = \"a\"\npost = \"gone\"", "[[holding]] a"),
        ("[[policy]]\nkind = \"*\"\ncategory = \"gone\"\nresolve = \"30d\"", "[[policy]]"),
    ];
    for (text, entry) in cases {
        refuses(text, &[entry, "`gone`"]);
    }
    // A unit is no office, though both bear the code.
    refuses("[[unit]]\ncode = \"x\"\n[[unit]]\ncode = \"a\"\noffice = \"x\"", &["[[unit]] a", "`x`"]);
}

#[test]
fn many_faults_are_told_in_one_line() {
    let many: String = (0..40).map(|i| format!("[[unit]]\ncode = \"u{i:02}\"\nparent = \"gone\"\n")).collect();
    refuses(&many, &["[[unit]] u00", "35 more"]);
}

#[test]
fn circles_are_found() {
    let entry = |table: &str, code: &str, field: &str| format!("[[{table}]]\ncode = \"{code}\"\n{field}\n");
    for table in ["unit", "office", "body", "category"] {
        let next = |to: &str| format!("successors = [\"{to}\"]");
        let round = [entry(table, "a", &next("b")), entry(table, "b", &next("c")), entry(table, "c", &next("a"))];
        refuses(&round.concat(), &[&format!("[[{table}]]"), "successors", "circle", "a", "b", "c"]);
        refuses(&entry(table, "a", &next("a")), &["successors", "circle"]);
    }
    for table in ["unit", "office", "category"] {
        let round = [entry(table, "a", "parent = \"b\""), entry(table, "b", "parent = \"a\"")];
        refuses(&round.concat(), &[&format!("[[{table}]]"), "parent", "circle"]);
    }
    // Two ways to one place are no circle, and a long way is no reason to fall over.
    let diamond = [
        entry("unit", "a", "successors = [\"b\", \"c\"]"),
        entry("unit", "b", "successors = [\"d\"]"),
        entry("unit", "c", "successors = [\"d\"]"),
        entry("unit", "d", ""),
    ];
    assert!(read_file(&diamond.concat(), &Entries::new()).is_ok());
    let long: String = (0..3000)
        .map(|i| {
            entry("unit", &format!("u{i}"), &if i < 2999 { format!("parent = \"u{}\"", i + 1) } else { String::new() })
        })
        .collect();
    assert!(read_file(&long, &Entries::new()).is_ok());
}

#[test]
fn a_post_names_what_its_role_is_about() {
    for (role, needs) in [
        ("officer", "unit"),
        ("front_staff", "office"),
        ("leader", "office"),
        ("importer", "office"),
        ("handler", "body"),
    ] {
        refuses(&format!("[[post]]\ncode = \"a\"\nrole = \"{role}\""), &["[[post]] a", &format!("`{needs}`")]);
    }
    assert!(read_file("[[post]]\ncode = \"a\"\nrole = \"directory_admin\"", &Entries::new()).is_ok());
}

#[test]
fn a_code_may_not_mean_two_things_on_one_day() {
    refuses("[[unit]]\ncode = \"a\"\nname = \"Một\"\n[[unit]]\ncode = \"a\"\nname = \"Hai\"", &["[[unit]] a", "`id`"]);
    let overlapping =
        "[[unit]]\ncode = \"a\"\nvalid_to = \"2025-07-01\"\n[[unit]]\ncode = \"a\"\nvalid_from = \"2025-07-01\"";
    refuses(overlapping, &["[[unit]] a", "`id`"]);
    refuses("[[unit]]\nid = \"x\"\ncode = \"a\"\n[[unit]]\nid = \"x\"\ncode = \"b\"", &["[[unit]] x", "twice"]);
    refuses(
        "[[policy]]\nkind = \"*\"\nresolve = \"1d\"\n[[policy]]\nkind = \"*\"\nresolve = \"2d\"",
        &["[[policy]]", "twice"],
    );
    assert!(read_file("[[unit]]\ncode = \"a\"\n[[body]]\ncode = \"a\"", &Entries::new()).is_ok(), "tables apart");
}

#[test]
fn a_rule_that_cannot_be_read_applies_to_nothing() {
    // As a newer program may have written it: no file, but entries already there.
    let text = |t: &str| Value::Text(t.to_owned());
    let policy = |fields: [(&str, &str); 2]| Fields::from(fields.map(|(name, value)| (name.to_owned(), text(value))));
    let entries = Entries::from([
        ((EntityKind::Policy, "a".to_owned()), policy([("kind", "petition-of-2030"), ("resolve", "1d")])),
        ((EntityKind::Policy, "b".to_owned()), policy([("kind", "*"), ("resolve", "30d")])),
    ]);
    let d = Directory::from_entries(&entries);
    let kind = sync::model::petition::Kind::Feedback;
    assert_eq!(
        d.policy(kind, None, day("2026-11-10")).and_then(|p| p.resolve),
        sync::model::calendar::Term::parse("30d")
    );
    assert_eq!(d.policies().len(), 1);
    assert_eq!(d.problems().len(), 1);
}
