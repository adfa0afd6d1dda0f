//! What is asked of a directory, always as of a day: codes, successions, posts, offices, suggestions.

use crate::support::*;
use crate::{CONTRACT, DEMO};
use sync::model::directory::*;

/// One code with two meanings, a commune split over two, and a merger after the split.
const COMMUNES: &str = r#"
[[unit]]
code = "30910"
name = "Xã Thạnh Phước"
valid_to = "2025-06-30"
successors = ["30910"]
[[unit]]
code = "30910"
name = "Xã Thạnh Hưng"
valid_from = "2025-07-01"
[[unit]]
code = "30907"
name = "Xã Thạnh Hưng (cũ)"
valid_to = "2025-06-30"
successors = ["30910"]
[[unit]]
code = "30999"
name = "Xã chia đôi"
valid_to = "2025-06-30"
successors = ["30904", "30928"]
[[unit]]
code = "30904"
name = "Xã Giồng Riềng"
valid_from = "2025-07-01"
valid_to = "2027-12-31"
successors = ["30910"]
[[unit]]
code = "30928"
name = "Xã Ngọc Chúc"
valid_from = "2025-07-01"
[[unit]]
code = "30950"
name = "Xã không ai nối"
valid_to = "2025-06-30"
"#;

fn name_of<'a>(d: &'a Directory, code: &str, on: &str) -> &'a str {
    &d.unit_by_code(code, day(on)).unwrap_or_else(|e| panic!("{code} on {on}: {e}")).name
}

#[test]
fn a_code_used_again_means_what_it_meant_on_the_day() {
    let d = directory(COMMUNES);
    assert_eq!(name_of(&d, "30910", "2025-06-30"), "Xã Thạnh Phước");
    assert_eq!(name_of(&d, "30910", "2025-07-01"), "Xã Thạnh Hưng");
    assert_eq!(d.units().filter(|u| u.code == "30910").count(), 2);
    let old = d.units().find(|u| u.name == "Xã Thạnh Phước").expect("history keeps the old name");
    let new = d.units().find(|u| u.name == "Xã Thạnh Hưng").expect("there");
    assert_eq!(new.id.as_str(), "30910", "who bears the code now has it for an id");
    assert_eq!(old.successors, std::slice::from_ref(&new.id), "an entry is not its own successor");
    assert_eq!(d.current_units(&old.id, day("2026-11-10")), std::slice::from_ref(&new.id));
}

#[test]
fn an_old_code_resolves_through_its_successions() {
    let d = directory(COMMUNES);
    assert_eq!(name_of(&d, "30907", "2025-06-30"), "Xã Thạnh Hưng (cũ)");
    assert_eq!(name_of(&d, "30907", "2026-11-10"), "Xã Thạnh Hưng");
    assert_eq!(name_of(&d, "30904", "2028-01-01"), "Xã Thạnh Hưng", "a later merger");
    assert_eq!(name_of(&d, "30950", "2026-11-10"), "Xã không ai nối", "nothing falls out of every audience");
}

#[test]
fn a_code_that_was_divided_asks_which_part() {
    let d = directory(COMMUNES);
    let error = d.unit_by_code("30999", day("2026-11-10")).expect_err("two communes");
    let into = vec!["30904".to_owned(), "30928".to_owned()];
    assert_eq!(error, CodeError::Divided { what: "unit", code: "30999".to_owned(), into });
    assert!(error.to_string().contains("30904, 30928"), "{error}");
    let later = d.unit_by_code("30999", day("2028-01-01")).expect_err("one of the two has merged since");
    let into = vec!["30910".to_owned(), "30928".to_owned()];
    assert_eq!(later, CodeError::Divided { what: "unit", code: "30999".to_owned(), into });
    assert_eq!(d.current_units(&"30999".into(), day("2028-01-01")), ["30910".into(), "30928".into()]);
}

#[test]
fn a_code_nobody_bears_is_unknown() {
    let d = directory(CONTRACT);
    let error = d.body_by_code("30904", day("2026-11-10")).expect_err("a unit, no body");
    assert_eq!(error, CodeError::Unknown { what: "body", code: "30904".to_owned() });
    assert!(d.category_by_code("tax", day("2026-11-10")).is_err());
    assert_eq!(d.office_by_code("mttq-91", day("2026-11-10")).expect("there").id, "mttq-91".into());
}

#[test]
fn a_commune_merged_twice_is_found_from_the_first_code() {
    let chain = r#"
[[unit]]
code = "a"
valid_to = "2024-12-31"
successors = ["b"]
[[unit]]
code = "b"
valid_from = "2025-01-01"
valid_to = "2025-06-30"
successors = ["c"]
[[unit]]
code = "c"
valid_from = "2025-07-01"
"#;
    let d = directory(chain);
    for (on, is) in [("2024-12-31", "a"), ("2025-03-01", "b"), ("2026-01-01", "c")] {
        assert_eq!(d.unit_by_code("a", day(on)).expect("resolves").code, is);
        assert_eq!(d.current_units(&"a".into(), day(on)), [is.into()]);
    }
}

#[test]
fn a_code_given_three_times_has_three_meanings() {
    let d = directory(
        r#"
[[unit]]
code = "x"
name = "một"
valid_to = "2024-12-31"
successors = ["x"]
[[unit]]
code = "x"
name = "ba"
valid_from = "2025-07-01"
[[unit]]
code = "x"
name = "hai"
valid_from = "2025-01-01"
valid_to = "2025-06-30"
successors = ["x"]
[[unit]]
code = "ap"
kind = "hamlet"
parent = "x"
valid_to = "2025-03-31"
"#,
    );
    for (on, name) in [("2024-12-31", "một"), ("2025-01-01", "hai"), ("2025-07-01", "ba")] {
        assert_eq!(name_of(&d, "x", on), name);
    }
    let first = d.unit_by_code("x", day("2024-01-01")).expect("there");
    let second = d.unit_by_code("x", day("2025-01-01")).expect("there");
    assert_eq!(first.successors, std::slice::from_ref(&second.id), "the next to come");
    assert_eq!(d.unit(&"ap".into()).expect("there").parent, Some(second.id.clone()), "as it was on its last day");
}

#[test]
fn the_demonstrations_successions_are_the_real_ones() {
    let d = directory(DEMO);
    let today = day("2026-11-10");
    let resolved =
        [("30907", "Xã Thạnh Hưng"), ("30916", "Xã Giồng Riềng"), ("30931", "Xã Ngọc Chúc"), ("30950", "Xã Hòa Thuận")];
    for (code, name) in resolved {
        assert_eq!(name_of(&d, code, "2026-11-10"), name);
    }
    assert_eq!(name_of(&d, "30910", "2025-06-30"), "Xã Thạnh Phước");
    assert_eq!(name_of(&d, "30910", "2026-11-10"), "Xã Thạnh Hưng");
    assert_eq!(d.current_units(&"30910-cu".into(), today), ["30910".into()]);
    // Two hamlets became one in the middle of the demonstration.
    for hamlet in ["30904-tt", "30904-ta"] {
        assert_eq!(d.current_units(&hamlet.into(), day("2026-09-30")), [hamlet.into()]);
        assert_eq!(d.current_units(&hamlet.into(), day("2026-10-01")), ["30904-tat".into()]);
    }
}

#[test]
fn merged_bodies_and_offices_are_followed_too() {
    let d = directory(
        r#"
[[body]]
code = "dien-1"
valid_to = "2026-06-30"
successors = ["dien"]
[[body]]
code = "dien"
[[office]]
code = "mttq-1"
valid_to = "2026-06-30"
successors = ["mttq-2"]
[[office]]
code = "mttq-2"
[[unit]]
code = "xa"
office = "mttq-1"
[[unit]]
code = "ap"
kind = "hamlet"
parent = "xa"
"#,
    );
    assert_eq!(d.current_bodies(&"dien-1".into(), day("2026-06-30")), ["dien-1".into()]);
    assert_eq!(d.current_bodies(&"dien-1".into(), day("2026-07-01")), ["dien".into()]);
    assert_eq!(d.offices_of_unit(&"ap".into(), day("2026-06-30")), ["mttq-1".into()]);
    assert_eq!(d.offices_of_unit(&"ap".into(), day("2026-07-01")), ["mttq-2".into()]);
}

#[test]
fn the_tree_is_walked_up_and_down() {
    let d = directory(CONTRACT);
    assert_eq!(d.unit_line(&"30904-vt".into()), ["30904-vt".into(), "30904".into()]);
    assert_eq!(d.offices_of_unit(&"30904-vt".into(), day("2026-11-10")), ["mttq-30904".into()], "its commune's");
    assert_eq!(d.office_tree(&"mttq-91".into()), ["mttq-91".into(), "mttq-30904".into()]);
    assert_eq!(d.office_tree(&"mttq-30904".into()), ["mttq-30904".into()]);
}

#[test]
fn posts_are_held_from_day_to_day() {
    let d = directory(
        r#"
[[post]]
code = "qt"
role = "directory_admin"
[[post]]
code = "ended"
role = "identity_reader"
valid_to = "2026-06-30"
[[post]]
code = "lent"
role = "directory_admin"
[[user]]
code = "lan"
posts = ["qt", "ended"]
valid_from = "2026-01-01"
valid_to = "2026-12-31"
[[user]]
code = "minh"
[[holding]]
user = "lan"
post = "lent"
valid_from = "2026-03-01"
valid_to = "2026-03-31"
[[holding]]
user = "minh"
post = "qt"
valid_from = "2026-08-01"
[[holding]]
user = "lan"
post = "qt"
"#,
    );
    let posts = |user: &str, on: &str| -> Vec<String> {
        d.posts_of(&user.into(), day(on)).iter().map(|p| p.code.clone()).collect()
    };
    assert_eq!(posts("lan", "2025-12-31"), [""; 0], "the account has not begun");
    assert_eq!(posts("lan", "2026-01-01"), ["qt", "ended"]);
    assert_eq!(posts("lan", "2026-03-01"), ["qt", "ended", "lent"], "held twice is held once");
    assert_eq!(posts("lan", "2026-04-01"), ["qt", "ended"]);
    assert_eq!(posts("lan", "2026-07-01"), ["qt"], "the post itself has ended");
    assert_eq!(posts("lan", "2027-01-01"), [""; 0], "the account has ended");
    assert_eq!(posts("minh", "2026-07-31"), [""; 0]);
    assert_eq!(posts("minh", "2026-08-01"), ["qt"]);
    assert_eq!(posts("nobody", "2026-08-01"), [""; 0]);
    let held = |first: &str, last: &str| -> Vec<String> {
        d.posts_held(&"lan".into(), day(first), day(last)).iter().map(|p| p.code.clone()).collect()
    };
    assert_eq!(held("2026-03-31", "2026-07-05"), ["ended", "lent", "qt"], "each once, by id");
    assert_eq!(held("2026-04-01", "2026-07-05"), ["ended", "qt"]);
    assert_eq!(held("2026-07-05", "2026-04-01"), [""; 0]);
    assert_eq!(d.user_by_code("minh").map(|u| u.id.as_str()), Some("minh"));
}

#[test]
fn a_body_is_suggested_by_the_narrowest_rule() {
    let rules = r#"
[[unit]]
code = "xa"
[[unit]]
code = "ap"
kind = "hamlet"
parent = "xa"
[[body]]
code = "all"
[[body]]
code = "land-all"
[[body]]
code = "land-xa"
[[body]]
code = "title"
[[category]]
code = "land"
[[category]]
code = "land-title"
parent = "land"
[[routing]]
category = "*"
unit = "*"
body = "all"
[[routing]]
category = "land"
unit = "*"
body = "land-all"
[[routing]]
category = "land"
unit = "xa"
body = "land-xa"
[[routing]]
category = "land-title"
unit = "*"
body = "title"
valid_from = "2026-07-01"
"#;
    let d = directory(rules);
    let suggested = |category: Option<&str>, unit: &str, on: &str| -> Vec<String> {
        let category = category.map(Into::into);
        d.suggested(category.as_ref(), &unit.into(), day(on)).iter().map(ToString::to_string).collect()
    };
    assert_eq!(suggested(None, "ap", "2026-11-10"), ["all"]);
    assert_eq!(suggested(Some("land"), "ap", "2026-11-10"), ["land-xa", "land-all", "all"]);
    assert_eq!(suggested(Some("land-title"), "ap", "2026-11-10"), ["title", "land-xa", "land-all", "all"]);
    assert_eq!(suggested(Some("land-title"), "ap", "2026-06-30"), ["land-xa", "land-all", "all"]);
    assert_eq!(suggested(Some("land"), "elsewhere", "2026-11-10"), ["land-all", "all"]);
}
