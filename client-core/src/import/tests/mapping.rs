//! Mapping files: what is taken, and what each slip is told.

use super::{MAPPING, mapping};
use crate::import::{Mapping, MappingError};

const CONTRACT: &str = include_str!("register.toml");

fn error(text: &str) -> MappingError {
    Mapping::parse(text).expect_err("an error")
}

fn with(from: &str, to: &str) -> String {
    assert!(MAPPING.contains(from), "{from}");
    MAPPING.replace(from, to)
}

#[test]
fn the_columns_drawn_on_are_named_once() {
    let mapping = mapping(CONTRACT);
    assert_eq!(mapping.source_name(), "nyc-2023");
    let mut columns = mapping.columns();
    columns.sort_unstable();
    assert_eq!(columns, ["account", "closedate", "complaint_type", "descriptor", "opendate", "unique_key"]);
}

#[test]
fn all_absent_columns_are_named_beside_those_present() {
    let headers = ["so", "ngay", "noi_dung"].map(str::to_owned);
    let error = mapping(MAPPING).check_columns(&headers).expect_err("absent");
    let MappingError::AbsentColumns { mut absent, present } = error else { panic!("{error}") };
    absent.sort_unstable();
    assert_eq!(absent, ["co_quan", "don_vi", "ngay_xong"]);
    assert_eq!(present, ["so", "ngay", "noi_dung"]);
}

#[test]
fn a_column_drawn_on_must_stand_there_once() {
    let headers =
        ["so", "don_vi", "ngay", "noi_dung", "co_quan", "ngay_xong", "ngay", "khac", "khac"].map(str::to_owned);
    let error = mapping(MAPPING).check_columns(&headers).expect_err("twice");
    assert_eq!(error, MappingError::ColumnTwice { columns: vec!["ngay".to_owned()] });
}

#[test]
fn what_is_unknown_is_named() {
    let unknown = |text: String| match error(&text) {
        MappingError::Unknown { place, keys, .. } => (place, keys.join(",")),
        other => panic!("{other}"),
    };
    let expect = |place: &str, keys: &str| (place.to_owned(), keys.to_owned());
    assert_eq!(unknown(with("[petition]", "[petitions]")), expect("cấp ngoài cùng", "petitions"));
    assert_eq!(unknown(with("key = \"so\"", "key = \"so\"\nkeys = 1\nsheets = 2")), expect("[source]", "keys,sheets"));
    assert_eq!(unknown(with("unit =", "name = { column = \"ten\" }\nunit =")), expect("[petition]", "name"));
    assert_eq!(unknown(with("{ column = \"don_vi\" }", "{ colum = \"don_vi\" }")), expect("[petition] unit", "colum"));
    assert_eq!(unknown(with("[events.resolve]", "[events.resolved]")), expect("[events]", "resolved"));
    assert_eq!(unknown(with("outcome =", "reason =")), expect("[events.resolve]", "reason"));
    assert_eq!(unknown(format!("{MAPPING}\n[values.categories]\na = \"b\"")), expect("[values]", "categories"));
}

#[test]
fn what_is_missing_is_named() {
    let missing = |text: String| match error(&text) {
        MappingError::Missing { place, keys } => format!("{place} {}", keys.join(",")),
        other => panic!("{other}"),
    };
    assert_eq!(missing("[petition]\n".to_owned()), "cấp ngoài cùng source");
    assert_eq!(missing(with("name = \"so-theo-doi\"\nkey = \"so\"", "")), "[source] name,key");
    assert_eq!(
        missing("[source]\nname = \"a\"\nkey = \"b\"\n[petition]\n".to_owned()),
        "[petition] unit,text,logged_at"
    );
    assert_eq!(missing(with("body = { column = \"co_quan\", optional = true }", "")), "[events.refer] to");
    assert_eq!(missing(with("outcome = { value = \"settled\" }\nat", "text")), "[events.resolve] outcome,at");
}

#[test]
fn values_of_the_wrong_kind_are_told_where() {
    for (text, place) in [
        (with("{ column = \"don_vi\" }", "\"don_vi\""), "[petition] unit"),
        (with("{ column = \"don_vi\" }", "{ column = \"don_vi\", value = \"1\" }"), "[petition] unit"),
        (with("{ column = \"don_vi\" }", "{ optional = false }"), "[petition] unit"),
        (with("{ column = \"don_vi\" }", "{ column = \"don_vi\", optional = true }"), "[petition] unit"),
        (with("{ column = \"don_vi\" }", "{ column = \"don_vi\", format = \"%Y\" }"), "[petition] unit"),
        (with("{ column = \"don_vi\" }", "{ template = \"{don_vi\" }"), "[petition] unit"),
        (with("{ column = \"ngay\" }", "{ value = \"hôm nay\" }"), "[petition] logged_at"),
        (with("unit =", "urgent = { value = \"rất\" }\nunit ="), "[petition] urgent"),
        (with("key = \"so\"", "key = []"), "[source] key"),
        (with("key = \"so\"", "key = [\"so\", \"so\"]"), "[source] key"),
        (with("key = \"so\"", "key = \"so\"\ndelimiter = \"ab\""), "[source] delimiter"),
        (with("key = \"so\"", "key = \"so\"\nencoding = \"tcvn3\""), "[source] encoding"),
        (with("key = \"so\"", "key = \"so\"\nheader_row = 0"), "[source] header_row"),
        (with("body =", "to = { value = \"a\" }\nbody ="), "[events.refer]"),
    ] {
        match error(&text) {
            MappingError::Shape { place: found, .. } => assert_eq!(found, place),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_date_pattern_without_a_whole_day_is_told() {
    let text = with("logged_at = { column = \"ngay\" }", "logged_at = { column = \"ngay\", format = \"%m/%Y\" }");
    let expected = MappingError::Format { place: "[petition] logged_at".to_owned(), format: "%m/%Y".to_owned() };
    assert_eq!(error(&text), expected);
}

#[test]
fn a_slip_of_syntax_names_its_line_in_one_line() {
    // MAPPING begins with a line break, so `key` stands in line 4.
    let error = error(&with("key = \"so\"", "key = so"));
    let MappingError::Syntax { line, .. } = &error else { panic!("{error}") };
    assert_eq!(*line, 4);
    assert!(!error.to_string().contains('\n'));
}
