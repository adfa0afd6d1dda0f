//! The register read back as others would read it.

use calamine::{Data, Reader, Xlsx, open_workbook};
use jiff::Zoned;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::Content::{Register, WithIdentity};
use super::{ExportError, ExportRow, PersonCells, write, write_csv, write_xlsx};

fn made() -> Zoned {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("zone");
    date(2026, 11, 30).at(16, 5, 0, 0).to_zoned(zone).expect("time")
}

fn open_row(text: &str, received: Date) -> ExportRow {
    ExportRow {
        code: "GR-7K3M-Q2".to_owned(),
        received,
        channel: "Buổi đối thoại".to_owned(),
        unit: "Xã Giồng Riềng".to_owned(),
        hamlet: None,
        kind: "Phản ánh".to_owned(),
        category: Some("Giao thông".to_owned()),
        text: text.to_owned(),
        body: None,
        referred: None,
        due: None,
        status: "Mới ghi nhận".to_owned(),
        outcome: None,
        resolved: None,
        answered: None,
        answered_by: None,
        satisfaction: None,
        remark: None,
        person: None,
    }
}

fn finished_row() -> ExportRow {
    ExportRow {
        hamlet: Some("Ấp Vĩnh Thới".to_owned()),
        body: Some("Phòng Kinh tế xã Giồng Riềng".to_owned()),
        referred: Some(date(2026, 11, 3)),
        due: Some(date(2026, 12, 3)),
        status: "Đã trả lời người dân".to_owned(),
        outcome: Some("Đã sửa, \"đạt\"".to_owned()),
        resolved: Some(date(2026, 11, 20)),
        answered: Some(date(2026, 11, 21)),
        answered_by: Some("Trực tiếp".to_owned()),
        satisfaction: Some("Hài lòng".to_owned()),
        remark: Some("Nhiều người".to_owned()),
        ..open_row("Đường hư hỏng", date(2026, 11, 2))
    }
}

const TITLES: &str = "STT,Mã,Ngày tiếp nhận,Kênh,Đơn vị,Ấp/khu phố,Loại,Lĩnh vực,Nội dung,Cơ quan giải quyết,Ngày chuyển,\
    Hạn giải quyết,Trạng thái,Kết quả,Ngày giải quyết,Ngày trả lời người dân,Hình thức trả lời,Mức độ hài lòng,Ghi chú";

#[test]
fn csv_is_what_a_spreadsheet_opens_rightly() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("so.csv");
    write_csv(&path, &[finished_row(), open_row("=HYPERLINK(\"x\")", date(2026, 11, 4))], Register).expect("written");
    let text = std::fs::read_to_string(&path).expect("read");
    let expected = format!(
        "\u{feff}{TITLES}\r\n\
         1,GR-7K3M-Q2,2026-11-02,Buổi đối thoại,Xã Giồng Riềng,Ấp Vĩnh Thới,Phản ánh,Giao thông,Đường hư hỏng,\
         Phòng Kinh tế xã Giồng Riềng,2026-11-03,2026-12-03,Đã trả lời người dân,\"Đã sửa, \"\"đạt\"\"\",2026-11-20,\
         2026-11-21,Trực tiếp,Hài lòng,Nhiều người\r\n\
         2,GR-7K3M-Q2,2026-11-04,Buổi đối thoại,Xã Giồng Riềng,,Phản ánh,Giao thông,\"'=HYPERLINK(\"\"x\"\")\",,,,\
         Mới ghi nhận,,,,,,\r\n"
    );
    assert_eq!(text, expected);
}

#[test]
fn csv_texts_never_run() {
    let folder = tempfile::tempdir().expect("folder");
    for text in ["=1+1", "+84 909", "-2", "@SUM(A1)", "\t=1", "＝1"] {
        let path = folder.path().join("so.csv");
        write_csv(&path, &[open_row(text, date(2026, 11, 4))], Register).expect("written");
        let mut reader = ::csv::Reader::from_path(&path).expect("opened");
        let record = reader.records().next().expect("a row").expect("read");
        assert_eq!(&record[8], format!("'{text}"));
    }
}

#[test]
fn a_sheet_has_title_header_texts_and_real_dates() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("so.xlsx");
    write_xlsx(&path, &[finished_row(), open_row("=1+1", date(2026, 11, 4))], Register, &made()).expect("written");
    let mut workbook: Xlsx<_> = open_workbook(&path).expect("opened");
    let range = workbook.worksheet_range("Sổ theo dõi").expect("sheet");
    let text = |row: u32, column: u32| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!(text(0, 0), "SỔ THEO DÕI PHẢN ÁNH, KIẾN NGHỊ");
    assert_eq!(text(1, 0), "Lập lúc 16:05 ngày 30/11/2026 – 2 vụ việc");
    let titles: Vec<String> = (0..19).map(|column| text(3, column)).collect();
    assert_eq!(titles.join(","), TITLES);
    assert_eq!(
        (text(4, 0), text(4, 1), text(4, 8)),
        ("1".to_owned(), "GR-7K3M-Q2".to_owned(), "Đường hư hỏng".to_owned())
    );
    let Some(Data::DateTime(received)) = range.get_value((4, 2)) else { panic!("no date") };
    assert_eq!(received.to_ymd_hms_milli(), (2026, 11, 2, 0, 0, 0, 0));
    assert_eq!(range.get_value((5, 8)), Some(&Data::String("=1+1".to_owned())));
    assert!(matches!(range.get_value((5, 10)), None | Some(Data::Empty)));
    assert!(!folder.path().join("so.xlsx.part").exists());
}

#[test]
fn a_text_longer_than_a_cell_is_cut_on_the_sheet_and_says_so() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("so.xlsx");
    // 🌾 is two UTF-16 units; the mark " … (còn nữa)" is twelve, so 32,755 units are left, of which 32,754 fit.
    write_xlsx(&path, &[open_row(&"🌾".repeat(20_000), date(2026, 11, 4))], Register, &made()).expect("written");
    let mut workbook: Xlsx<_> = open_workbook(&path).expect("opened");
    let range = workbook.worksheet_range("Sổ theo dõi").expect("sheet");
    let text = range.get_value((4, 8)).map(ToString::to_string).expect("a text");
    assert_eq!(text, "🌾".repeat(16_377) + " … (còn nữa)");
}

#[test]
fn an_empty_register_is_still_one() {
    let folder = tempfile::tempdir().expect("folder");
    write(&folder.path().join("so.XLSX"), &[], Register, &made()).expect("written");
    write(&folder.path().join("so.csv"), &[], Register, &made()).expect("written");
    let unknown = write(&folder.path().join("so.pdf"), &[], Register, &made());
    assert!(matches!(unknown, Err(ExportError::UnknownFormat(_))));
    let nowhere = write(&folder.path().join("khong/co/so.csv"), &[], Register, &made());
    assert!(matches!(nowhere, Err(ExportError::Io { .. })));
}

#[test]
fn who_spoke_is_in_columns_of_its_own_and_never_runs() {
    let folder = tempfile::tempdir().expect("folder");
    let person = PersonCells {
        name: Some("=HYPERLINK(\"x\")".to_owned()),
        phone: Some("+84 909".to_owned()),
        address: Some("@SUM(A1)".to_owned()),
        consent: None,
        remark: Some("(1) a\n(2) =b".to_owned()),
    };
    let row = ExportRow { person: Some(person), ..open_row("x", date(2026, 11, 4)) };
    let (csv, xlsx) = (folder.path().join("so.csv"), folder.path().join("so.xlsx"));
    // What another time has left there, open to everybody, is not written into.
    std::fs::write(folder.path().join("so.csv.part"), "x").expect("written");
    write(&csv, std::slice::from_ref(&row), WithIdentity, &made()).expect("written");
    write(&xlsx, std::slice::from_ref(&row), WithIdentity, &made()).expect("written");
    let mut reader = ::csv::Reader::from_path(&csv).expect("opened");
    let record = reader.records().next().expect("a row").expect("read");
    let cells: Vec<&str> = record.iter().skip(19).collect();
    assert_eq!(cells, ["'=HYPERLINK(\"x\")", "'+84 909", "'@SUM(A1)", "", "(1) a\n(2) =b"]);
    let mut workbook: Xlsx<_> = open_workbook(&xlsx).expect("opened");
    let range = workbook.worksheet_range("Sổ theo dõi").expect("sheet");
    assert_eq!(range.get_value((3, 19)), Some(&Data::String("Họ tên".to_owned())));
    assert_eq!(range.get_value((4, 19)), Some(&Data::String("=HYPERLINK(\"x\")".to_owned())));
    assert_eq!(workbook.worksheet_formula("Sổ theo dõi").expect("sheet").used_cells().count(), 0);
    // Without it there is no such column, whatever the row knows.
    write(&csv, &[row], Register, &made()).expect("written");
    assert!(!std::fs::read_to_string(&csv).expect("read").contains("HYPERLINK"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&xlsx).expect("there").permissions().mode() & 0o777, 0o600);
    }
}
