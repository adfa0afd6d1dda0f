//! What a row becomes.

use super::{HEADER, MAPPING, history, plan_csv, planned, refused};
use crate::import::{RefusedReason, Row};

fn one(mapping: &str, content: &str) -> Row {
    let mut rows = plan_csv(mapping, content);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn row(line: &str) -> Row {
    one(MAPPING, &format!("{HEADER}{line}\n"))
}

fn code(row: &Row) -> &'static str {
    refused(row).2.code()
}

#[test]
fn a_row_becomes_a_petition_with_its_events() {
    let row = row("7,30904,2023-01-05,Đường hư,kt-30904,2023-01-20");
    let planned = planned(&row);
    assert_eq!((planned.line, planned.key.as_str()), (2, "7"));
    assert_eq!((planned.facts.unit.as_str(), planned.facts.text.as_str()), ("30904", "Đường hư"));
    // 00:00 in Hà Nội is 17:00 of the day before in UTC.
    assert_eq!(planned.facts.logged_at.to_string(), "2023-01-04T17:00:00Z");
    assert_eq!(history(&row), ["refer 2023-01-04T17:00:00Z", "resolve 2023-01-19T17:00:00Z"]);
    assert_eq!(planned.events[0].args["to"], "kt-30904");
    assert_eq!(planned.events[1].args["outcome"], "settled");
    assert_eq!(planned.cells, ["7", "30904", "2023-01-05", "Đường hư", "kt-30904", "2023-01-20"]);
    assert_eq!((planned.facts.urgent, planned.facts.collective, &planned.facts.kind), (false, None, &None));
}

#[test]
fn an_event_without_target_or_date_did_not_happen() {
    assert_eq!(history(&row("7,30904,2023-01-05,x,,2023-01-20")), ["resolve 2023-01-19T17:00:00Z"]);
    assert_eq!(history(&row("7,30904,2023-01-05,x,kt,")), ["refer 2023-01-04T17:00:00Z"]);
    assert_eq!(history(&row("7,30904,2023-01-05,x,,")), Vec::<String>::new());
    // A target that is blank need not be optional for that.
    let strict = MAPPING.replace("\"co_quan\", optional = true", "\"co_quan\"");
    let row = one(&strict, &format!("{HEADER}7,30904,2023-01-05,x,,\n"));
    assert_eq!(history(&row), Vec::<String>::new());
}

#[test]
fn the_key_must_be_there_and_readable() {
    assert_eq!(code(&row(" ,30904,2023-01-05,x,,")), "key-blank");
    assert_eq!(code(&row("a\u{fffd}b,30904,2023-01-05,x,,")), "key-unreadable");
    assert_eq!(code(&row(&format!("{},30904,2023-01-05,x,,", "9".repeat(201)))), "key-unreadable");
    assert_eq!(refused(&row(",30904,2023-01-05,x,,")).1, None);
}

#[test]
fn the_first_of_equal_keys_counts() {
    let content = format!(
        "{HEADER}7,30904,2023-01-05,x,,\n8,30904,2023-01-05,x,,\n7,30904,2023-01-06,y,,\n 7 ,30904,2023-01-06,y,,\n"
    );
    let rows = plan_csv(MAPPING, &content);
    assert_eq!(planned(&rows[0]).key, "7");
    assert_eq!(planned(&rows[1]).key, "8");
    assert_eq!(refused(&rows[2]), (4, Some("7"), &RefusedReason::KeySeen { first_line: 2 }));
    assert_eq!(refused(&rows[3]), (5, Some("7"), &RefusedReason::KeySeen { first_line: 2 }));
}

#[test]
fn a_key_of_several_columns_cannot_be_mistaken_and_needs_each() {
    let mapping = MAPPING.replace("key = \"so\"", "key = [\"so\", \"don_vi\"]");
    let rows = plan_csv(&mapping, &format!("{HEADER}a|b,c,2023-01-05,x,,\na,b|c,2023-01-05,x,,\na,,2023-01-05,x,,\n"));
    assert_eq!(planned(&rows[0]).key, r"a\|b|c");
    assert_eq!(planned(&rows[1]).key, r"a|b\|c");
    assert_eq!(refused(&rows[2]).2, &RefusedReason::KeyBlank { column: "don_vi".to_owned() });
}

#[test]
fn dates_refuse_a_row_when_required_and_blank_or_whenever_unreadable() {
    assert_eq!(code(&row("7,30904,,x,,")), "date-blank");
    assert_eq!(code(&row("7,30904,31/02/2023,x,,")), "date-unreadable");
    assert_eq!(code(&row("7,30904,2023-01-05,x,,chưa xong")), "date-unreadable");
    let strict = MAPPING.replace("\"ngay_xong\", optional = true", "\"ngay_xong\"");
    assert_eq!(code(&one(&strict, &format!("{HEADER}7,30904,2023-01-05,x,,\n"))), "date-blank");
    let message = refused(&row("7,30904,2023-01-05,Bà Bảy nói,,chưa xong")).2.to_string();
    assert_eq!(
        message,
        "ngày không đọc được: events.resolve.at (cột “ngay_xong”); sửa ô này, hoặc khai format trong tệp ánh xạ"
    );
}

#[test]
fn no_event_comes_before_the_logging() {
    assert_eq!(code(&row("7,30904,2023-01-05,x,,2023-01-04")), "event-before-logging");
    assert_eq!(history(&row("7,30904,2023-01-05,x,,2023-01-05")), ["resolve 2023-01-04T17:00:00Z"]);
    assert_eq!(code(&row("7,30904,2023-01-05 14:30,x,,2023-01-05 14:29")), "event-before-logging");
}

#[test]
fn a_day_alone_is_no_earlier_than_the_hours_of_its_day() {
    // Logged at 14:30 (07:30 UTC) and resolved "that day": not before it was logged.
    assert_eq!(history(&row("7,30904,2023-01-05 14:30,x,,2023-01-05")), ["resolve 2023-01-05T07:30:00Z"]);
    assert_eq!(code(&row("7,30904,2023-01-05 14:30,x,,2023-01-04")), "event-before-logging");
    // Referred at 09:00 (02:00 UTC), resolved "that day": after it was referred.
    let mapping = MAPPING.replace("at = { column = \"ngay\" }", "at = { value = \"2023-01-05 09:00\" }");
    let row = one(&mapping, &format!("{HEADER}7,30904,2023-01-05,x,kt,2023-01-05\n"));
    assert_eq!(history(&row), ["refer 2023-01-05T02:00:00Z", "resolve 2023-01-05T02:00:00Z"]);
}

#[test]
fn events_of_one_day_go_their_natural_way_whatever_the_mapping_says_first() {
    let mapping = r#"
[source]
name = "s"
key = "so"
[petition]
unit = { value = "30904" }
text = { column = "noi_dung" }
logged_at = { column = "ngay" }
[events.close]
at = { column = "ngay" }
[events.rate]
satisfied = { value = "yes" }
at = { column = "ngay" }
[events.answer]
by = { value = "phone" }
at = { column = "ngay" }
[events.resolve]
outcome = { value = "settled" }
at = { column = "ngay" }
[events.accept]
at = { column = "ngay" }
[events.refer]
to = { value = "kt" }
at = { column = "ngay" }
[events.classify]
kind = { value = "feedback" }
at = { column = "ngay" }
[events.receive]
at = { column = "ngay_xong" }
"#;
    let row = one(mapping, "so,ngay,noi_dung,ngay_xong\n7,2023-01-05,x,2023-01-06\n");
    let kinds: Vec<&str> = planned(&row).events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["classify", "refer", "accept", "resolve", "answer", "rate", "close", "receive"]);
}

#[test]
fn a_blank_fact_takes_its_default_is_passed_over_or_refuses() {
    assert_eq!(planned(&row("7,30904,2023-01-05,,,")).facts.text, "(không ghi nội dung)");
    assert_eq!(code(&row("7,,2023-01-05,x,,")), "fact-blank");
    let mapping = MAPPING.replace("unit =", "hamlet = { column = \"co_quan\" }\nunit =");
    assert_eq!(code(&one(&mapping, &format!("{HEADER}7,30904,2023-01-05,x,,\n"))), "fact-blank");
    let mapping =
        mapping.replace("hamlet = { column = \"co_quan\"", "hamlet = { column = \"co_quan\", optional = true");
    assert_eq!(planned(&one(&mapping, &format!("{HEADER}7,30904,2023-01-05,x,,\n"))).facts.hamlet, None);
}

#[test]
fn values_are_translated_and_others_pass_through() {
    let mapping = MAPPING.replace("unit =", "category = { column = \"co_quan\", optional = true }\nunit =")
        + r#"with = { column = "ngay_xong", optional = true }
[values.category]
"Kinh tế" = "land"
[values.body]
"Kinh tế" = "kt-30904"
"Công an" = "ca-30904"
"-" = ""
"#;
    // `with` belongs to refer; the resolve event reads no column here.
    let mapping = mapping.replace(
        "[events.resolve]\noutcome = { value = \"settled\" }\nat = { column = \"ngay_xong\", optional = true }\n",
        "",
    );
    let content = format!(
        "{HEADER}1,30904,2023-01-05,x,Kinh te\u{302}\u{301},Công an; Thuế\n2,30904,2023-01-05,x,Khác,\n3,30904,2023-01-05,x,-,\n"
    );
    let rows = plan_csv(&mapping, &content);
    // The source writes the name decomposed, as macOS does.
    assert_eq!(planned(&rows[0]).facts.category.as_deref(), Some("land"));
    assert_eq!(planned(&rows[0]).events[0].args["to"], "kt-30904");
    assert_eq!(planned(&rows[0]).events[0].args["with"], "ca-30904;Thuế");
    assert_eq!(planned(&rows[1]).events[0].args["to"], "Khác");
    // Translated to nothing is blank.
    assert!(planned(&rows[2]).events.is_empty());
}

#[test]
fn marks_and_numbers_are_read() {
    let mapping = MAPPING.replace(
        "unit =",
        "urgent = { column = \"co_quan\", optional = true }\ncollective = { column = \"ngay_xong\", optional = true }\nunit =",
    );
    let mapping = mapping.split("[events.refer]").next().expect("first half").to_owned();
    let read = |marks: &str| one(&mapping, &format!("{HEADER}7,30904,2023-01-05,x,{marks}\n"));
    let facts = |marks: &str| {
        let row = read(marks);
        (planned(&row).facts.urgent, planned(&row).facts.collective)
    };
    assert_eq!(facts("Khẩn,12"), (true, Some(12)));
    assert_eq!(facts("x,"), (true, None));
    assert_eq!(facts("Không,"), (false, None));
    assert_eq!(facts(","), (false, None));
    assert_eq!(code(&read("có lẽ,")), "fact-unreadable");
    assert_eq!(code(&read(",mười hai")), "fact-unreadable");
    assert_eq!(code(&read(",0")), "fact-unreadable");
}

#[test]
fn date_arguments_are_days() {
    let mapping =
        MAPPING.replace("body =", "due = { column = \"ngay_xong\", format = \"%d/%m/%Y\", optional = true }\nbody =");
    let mapping = mapping.split("[events.resolve]").next().expect("first half").to_owned();
    let read = |due: &str| one(&mapping, &format!("{HEADER}7,30904,2023-01-05,x,kt,{due}\n"));
    assert_eq!(planned(&read("20/01/2023")).events[0].args["due"], "2023-01-20");
    assert_eq!(planned(&read("")).events[0].args.get("due"), None);
    assert_eq!(code(&read("mai")), "date-unreadable");
}
