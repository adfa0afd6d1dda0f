//! Spreadsheets, made here and read back.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::{MAPPING, Source, history, mapping, opened, plan, planned, refused};
use crate::import::{SourceError, SourceShape};

const HEADER: [&str; 6] = ["so", "don_vi", "ngay", "noi_dung", "co_quan", "ngay_xong"];

fn workbook(build: impl FnOnce(&mut Workbook)) -> Source {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("so.xlsx");
    let mut workbook = Workbook::new();
    build(&mut workbook);
    workbook.save(&path).expect("saved");
    Source { _folder: folder, path }
}

fn header(sheet: &mut Worksheet, row: u32) {
    for (column, name) in HEADER.into_iter().enumerate() {
        sheet.write(row, column as u16, name).expect("written");
    }
}

fn date(text: &str) -> ExcelDateTime {
    ExcelDateTime::parse_from_str(text).expect("date")
}

#[test]
fn titles_dates_and_numbers_read_as_they_are_meant() {
    let source = workbook(|book| {
        let sheet = book.add_worksheet().set_name("Sổ 2023").expect("named");
        sheet.write(0, 0, "SỔ THEO DÕI").expect("written");
        header(sheet, 3);
        let (day, hour) =
            (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("dd/mm/yyyy hh:mm"));
        sheet.write(4, 0, 7).expect("written");
        sheet.write(4, 1, 30904).expect("written");
        sheet.write_with_format(4, 2, date("2023-01-05"), &day).expect("written");
        sheet.write(4, 3, "Đường hư").expect("written");
        sheet.write(4, 4, "kt").expect("written");
        sheet.write_with_format(4, 5, date("2023-01-05 14:30"), &hour).expect("written");
        // A row left empty, then dates written as text, and a note beside the table.
        sheet.write(6, 0, "8").expect("written");
        sheet.write(6, 1, 1.5).expect("written");
        sheet.write(6, 2, "5/1/2023").expect("written");
        sheet.write(6, 9, "ghi chú ngoài bảng").expect("written");
    });
    let mapping = mapping(MAPPING);
    let expected = SourceShape::Sheet { sheet: "Sổ 2023".to_owned(), header_row: 4 };
    assert_eq!(opened(&source, &mapping).expect("opened").shape(), &expected);
    let rows = plan(&source, &mapping);
    assert_eq!(rows.len(), 2);
    let first = planned(&rows[0]);
    assert_eq!((first.line, first.key.as_str(), first.facts.unit.as_str()), (5, "7", "30904"));
    // 14:30 in Hà Nội is 07:30 UTC.
    assert_eq!(history(&rows[0]), ["refer 2023-01-04T17:00:00Z", "resolve 2023-01-05T07:30:00Z"]);
    assert_eq!(first.cells, ["7", "30904", "2023-01-05", "Đường hư", "kt", "2023-01-05T14:30:00"]);
    let second = planned(&rows[1]);
    assert_eq!((second.line, second.facts.unit.as_str()), (7, "1.5"));
    assert_eq!(second.facts.text, "(không ghi nội dung)");
    assert_eq!(second.facts.logged_at.to_string(), "2023-01-04T17:00:00Z");
}

#[test]
fn a_date_cell_needs_no_format_and_minds_none() {
    let source = workbook(|book| {
        let sheet = book.add_worksheet();
        header(sheet, 0);
        for (row, key) in [(1, "7"), (2, "8")] {
            sheet.write(row, 0, key).expect("written");
            sheet.write(row, 1, "30904").expect("written");
        }
        sheet.write_with_format(1, 2, date("2023-01-05"), &Format::new().set_num_format("d-mmm-yy")).expect("written");
        sheet.write(2, 2, "01/05/2023").expect("written");
    });
    let american = mapping(
        &MAPPING
            .replace("logged_at = { column = \"ngay\" }", "logged_at = { column = \"ngay\", format = \"%m/%d/%Y\" }"),
    );
    for row in plan(&source, &american) {
        assert_eq!(planned(&row).facts.logged_at.to_string(), "2023-01-04T17:00:00Z");
    }
}

#[test]
fn errors_of_formulas_refuse_what_stands_on_them() {
    let source = workbook(|book| {
        let sheet = book.add_worksheet();
        header(sheet, 0);
        for row in 1..=3 {
            sheet.write(row, 0, row).expect("written");
            sheet.write(row, 1, "30904").expect("written");
            sheet.write(row, 2, "2023-01-05").expect("written");
        }
        let broken = Formula::new("=NA()").set_result("#N/A");
        sheet.write(1, 0, broken.clone()).expect("written");
        sheet.write(2, 1, broken.clone()).expect("written");
        sheet.write(3, 5, broken).expect("written");
    });
    let codes: Vec<&str> = plan(&source, &mapping(MAPPING)).iter().map(|row| refused(row).2.code()).collect();
    assert_eq!(codes, ["key-unreadable", "fact-unreadable", "date-unreadable"]);
}

#[test]
fn the_sheet_is_the_first_seen_or_the_one_named() {
    let source = workbook(|book| {
        let hidden = book.add_worksheet().set_name("Danh mục").expect("named");
        hidden.write(0, 0, "so").expect("written");
        hidden.set_hidden(true);
        for (name, key) in [("Quý 1", "1"), ("Quý 2", "2")] {
            let sheet = book.add_worksheet().set_name(name).expect("named");
            if key == "1" {
                sheet.set_active(true);
            }
            header(sheet, 0);
            for (column, text) in [key, "30904", "2023-01-05", "x", "", ""].into_iter().enumerate() {
                sheet.write(1, column as u16, text).expect("written");
            }
        }
    });
    let named = |sheet: &str| mapping(&MAPPING.replace("key = \"so\"", &format!("key = \"so\"\nsheet = \"{sheet}\"")));
    assert_eq!(planned(&plan(&source, &mapping(MAPPING))[0]).key, "1");
    assert_eq!(planned(&plan(&source, &named("Quý 2"))[0]).key, "2");
    let Err(SourceError::NoSheet { present, .. }) = opened(&source, &named("Quý 3")) else { panic!("no sheet") };
    assert_eq!(present, ["Danh mục", "Quý 1", "Quý 2"]);
}

#[test]
fn a_cell_in_the_last_corner_asks_for_no_rectangle() {
    let source = workbook(|book| {
        let sheet = book.add_worksheet();
        header(sheet, 0);
        for (column, text) in ["7", "30904", "2023-01-05", "x"].into_iter().enumerate() {
            sheet.write(1, column as u16, text).expect("written");
        }
        sheet.write(1_048_575, 16_383, "lạc").expect("written");
    });
    let rows = plan(&source, &mapping(MAPPING));
    assert_eq!(planned(&rows[0]).key, "7");
    // Nothing of the last row stands under the header, so it is a row without content.
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_damaged_file_is_told_and_never_a_panic() {
    let mapping = mapping(MAPPING);
    let whole = workbook(|book| header(book.add_worksheet(), 0));
    let whole = std::fs::read(&whole.path).expect("read");
    for length in (8..whole.len()).step_by(97) {
        let cut = super::source("so.xlsx", &whole[..length]);
        assert!(matches!(opened(&cut, &mapping), Err(SourceError::Workbook { .. })));
    }
    // The older format's beginning, with nothing sensible behind: its reader panics.
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.resize(1500, 3);
    assert!(matches!(opened(&super::source("so.xls", old), &mapping), Err(SourceError::Workbook { .. })));
}
