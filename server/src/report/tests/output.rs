//! JSON, table and CSV.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::world::*;
use crate::report::{By, Figure, ReportError};

fn world() -> World {
    let mut w = World::new(DIRECTORY);
    let mut a = w.log("a", "2026-06-01 08:00");
    w.then(&mut a, "2026-06-02 08:00", refer("vh"));
    w.then(&mut a, "2026-06-05 08:00", resolve());
    w.put(&a);
    let mut b = w.log("b", "2026-06-01 08:00");
    w.then(&mut b, "2026-06-04 08:00", resolve());
    w.put(&b);
    let mut c = w.log("c", "2026-06-03 08:00");
    w.then(&mut c, "2026-06-03 09:00", refer("kt"));
    w.put(&c);
    w
}

#[test]
fn the_json_has_the_contracts_keys() {
    let w = world();
    let report = w.month("2026-06");
    let json = serde_json::to_value(&report).expect("json");
    let figures = json!({
        "carried_in": 0, "received": 3, "late_received": 0, "reopened": 0, "handled": 3, "finished": 2, "resolved": 2,
        "resolved_on_time": 2, "resolved_late": 0, "guided": 0, "filed": 0, "withdrawn": 0, "duplicates": 0,
        "carried_out": 1, "open_within": 0, "open_overdue": 1, "answered": 0, "answered_earlier": 0, "rated": 0,
        "satisfied": 0, "median_days": 3.5, "p90_days": 4, "opening": 0, "moved_in": 0, "moved_out": 0
    });
    assert_eq!(json["totals"], figures);
    for (key, value) in [("month", json!("2026-06")), ("closing", Value::Null), ("reconciles", json!(true))] {
        assert_eq!(json[key], value);
    }
    assert_eq!(json["as_of"], "2030-01-01T00:00:00+07:00");
    for by in By::ALL {
        let rows = json[format!("by_{}", by.as_str())].as_array().expect("a list");
        let keys = figures.as_object().expect("figures").keys().map(String::as_str).chain(["key", "name"]);
        let mut keys: Vec<&str> = keys.collect();
        keys.sort_unstable();
        assert!(rows.iter().all(|row| {
            let mut found: Vec<&str> = row.as_object().expect("a row").keys().map(String::as_str).collect();
            found.sort_unstable();
            found == keys
        }));
    }
    let bodies = json["by_body"].as_array().expect("a list");
    assert_eq!(bodies.iter().map(|b| b["key"].clone()).collect::<Vec<_>>(), [json!("kt"), json!("vh"), Value::Null]);
    // Whole days are whole numbers.
    assert_eq!((bodies[1]["median_days"].clone(), bodies[0]["median_days"].clone()), (json!(4), Value::Null));
    let oldest = &json["oldest"][0];
    assert_eq!((oldest["unit"].clone(), oldest["body"].clone()), (json!("u1"), json!("kt")));
    // Logged 3 June, month's end 1 July 00:00: 28 days. Referred the same day: due 13 June.
    assert_eq!((oldest["days"].clone(), oldest["due"].clone()), (json!(28), json!("2026-06-13")));
    assert!(oldest["code"].as_str().is_some_and(|c| c.len() == 12) && oldest["id"].is_string());
}

#[test]
fn the_table_is_aligned_and_fits_a_terminal() {
    let mut w = world();
    let mut long = w.log("long", "2026-06-03 08:00");
    long.record.facts.unit = "một-mã-địa-bàn-rất-dài-không-có-trong-danh-mục-của-đơn-vị".into();
    w.put(&long);
    let table = w.month("2026-06").to_table();
    assert!(table.lines().all(|line| line.width() <= 100), "{table}");
    for word in ["BÁO CÁO THÁNG 06/2026", "THEO ĐỊA BÀN", "Phòng Văn hóa – Xã hội", "CHỜ LÂU NHẤT", "13/06/2026"]
    {
        assert!(table.contains(word), "{word}\n{table}");
    }
    let column = |line: &str| line.split_whitespace().rev().nth(1).map(str::to_owned);
    let rows: Vec<&str> = table.lines().skip_while(|l| !l.starts_with("THEO CƠ QUAN")).skip(2).take(3).collect();
    // Overdue is the last column but one: kt 1, vh 0, none 0.
    assert_eq!(rows.iter().map(|r| column(r)).collect::<Vec<_>>(), ["1", "0", "0"].map(|n| Some(n.to_owned())));
    let widths: Vec<usize> = rows.iter().map(|r| r.width()).collect();
    assert!(widths.iter().all(|w| *w == widths[0]), "{rows:#?}");
    let mut query = w.query("2026-06", "2030-01-01 00:00");
    query.by = Some(By::Body);
    let one = w.try_report(&query).expect("a report").to_table();
    assert!(one.contains("THEO CƠ QUAN") && !one.contains("THEO ĐỊA BÀN"));
}

#[test]
fn the_csv_has_one_row_a_key_totals_first() -> Result<(), ReportError> {
    let w = world();
    let report = w.month("2026-06");
    let csv = report.to_csv()?;
    let mut reader = ::csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers()?.clone();
    let rows: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    // Totals, one unit, three bodies, no category, one channel, one kind.
    let sections: Vec<&str> = rows.iter().map(|r| &r[1]).collect();
    assert_eq!(sections, ["totals", "unit", "body", "body", "body", "category", "channel", "kind"]);
    let column = |name: &str| head.iter().position(|h| h == name).expect("a column");
    for (row, expected) in rows.iter().zip(["1", "1", "1", "0", "0"]) {
        assert_eq!(&row[column("carried_out")], expected);
    }
    assert_eq!((&rows[0][column("median_days")], &rows[2][column("median_days")]), ("3.5", ""));
    assert_eq!((&rows[4][column("key")], &rows[4][column("name")]), ("", "(chưa chuyển cơ quan nào)"));
    assert!(Figure::ALL.iter().all(|f| head.iter().any(|h| h == f.key())));
    let mut query = w.query("2026-06", "2030-01-01 00:00");
    query.by = Some(By::Unit);
    assert_eq!(w.try_report(&query)?.to_csv()?.lines().count(), 3);
    Ok(())
}
