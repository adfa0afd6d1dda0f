//! A small register taken in, twice, by two devices, and not at all.

use std::fs;
use std::path::PathBuf;

use sync::model::petition::Status;

use super::{ImportOptions, ImportReport, ImportRunError, run};
use crate::view::tests::desk::{Desk, id};
use crate::view::{Page, PetitionFilter, petitions};

const MAPPING: &str = r#"
[source]
name = "so-cu"
key = "so"
[petition]
unit = { column = "xa" }
category = { column = "linh_vuc", optional = true }
text = { column = "noi_dung" }
logged_at = { column = "ngay" }
[events.refer]
body = { column = "co_quan", optional = true }
at = { column = "ngay" }
[events.resolve]
outcome = { value = "settled" }
at = { column = "xong", optional = true }
"#;

const REGISTER: &str = "so,xa,linh_vuc,noi_dung,co_quan,ngay,xong\n\
    1,30904,land,một,kt,2023-01-01,2023-02-01\n\
    2,30904,,hai,,2023-01-02,\n\
    3,99999,land,ba,kt,2023-01-03,\n\
    4,30910,land,bốn,kt,2023-01-04,\n\
    5,30904,road,năm,giao-thong,2023-01-05,\n\
    1,30904,land,sáu,kt,2023-01-06,\n\
    7,30904,land,bảy,kt,2023-01-07,2022-01-01\n";

struct Office {
    desk: Desk,
    source: PathBuf,
    mapping: PathBuf,
}

fn office() -> Office {
    let desk = Desk::new();
    let source = desk.folder.path().join("so.csv");
    let mapping = desk.folder.path().join("so.toml");
    fs::write(&source, REGISTER).expect("written");
    fs::write(&mapping, MAPPING).expect("written");
    Office { desk, source, mapping }
}

impl Office {
    fn import(&mut self, options: &ImportOptions) -> Result<ImportReport, ImportRunError> {
        let mut n = 100;
        let mut ids = || {
            n += 1;
            id(n)
        };
        run(&mut self.desk.replica, &self.source, &self.mapping, options, self.desk.now, &mut ids)
    }

    fn taken(&self) -> Vec<(String, Status)> {
        let all = petitions(&self.desk.replica, &PetitionFilter::default(), Page::default(), self.desk.now);
        all.expect("a list").into_iter().map(|r| (r.text, r.status)).collect()
    }
}

fn codes(report: &ImportReport) -> Vec<(u64, &str)> {
    report.preview.iter().map(|r| (r.line, r.code.as_str())).collect()
}

const REFUSED: [(u64, &str); 5] =
    [(4, "unknown-unit"), (5, "not-allowed"), (6, "unknown-category"), (7, "key-seen"), (8, "event-before-logging")];

#[test]
fn rows_become_petitions_once_and_refused_rows_a_file() {
    let mut office = office();
    let report = office.import(&ImportOptions::default()).expect("an import");
    assert_eq!((report.read, report.added, report.already, report.refused), (7, 2, 0, 5));
    let mut refused = codes(&report);
    refused.sort_unstable();
    assert_eq!(refused, REFUSED);
    let file = fs::read_to_string(report.refused_file.as_ref().expect("a file")).expect("readable");
    assert_eq!(file.lines().count(), 6);
    assert_eq!(office.taken(), [("hai".to_owned(), Status::Logged), ("một".to_owned(), Status::Resolved)]);
    let again = office.import(&ImportOptions::default()).expect("again");
    assert_eq!((again.added, again.already, again.refused), (0, 2, 5));
}

#[test]
fn a_dry_run_says_the_same_and_writes_nothing() {
    let mut office = office();
    let dry = office.import(&ImportOptions { dry_run: true, ..ImportOptions::default() }).expect("a dry run");
    assert!(office.taken().is_empty() && dry.refused_file.is_none());
    assert!(!office.source.with_extension("refused.csv").exists());
    let real = office.import(&ImportOptions::default()).expect("an import");
    assert_eq!((dry.read, dry.added, dry.already, dry.refused), (real.read, real.added, real.already, real.refused));
    assert_eq!(codes(&dry), codes(&real));
}

#[test]
fn missing_codes_are_made_under_the_importers_office() {
    let mut office = office();
    let options = ImportOptions { create_missing: true, dry_run: true, ..ImportOptions::default() };
    let dry = office.import(&options).expect("a dry run");
    assert!(office.desk.replica.directory().unit(&"99999".into()).is_none());
    let real = office.import(&ImportOptions { dry_run: false, ..options }).expect("an import");
    assert_eq!((real.added, real.refused), (4, 3));
    assert_eq!((dry.added, dry.refused, dry.created), (real.added, real.refused, real.created));
    assert_eq!((real.created.units, real.created.bodies, real.created.categories), (1, 1, 1));
    let directory = office.desk.replica.directory();
    let unit = directory.unit(&"99999".into()).expect("the unit");
    assert_eq!((unit.name.as_str(), unit.office.as_ref()), ("99999", Some(&"mt".into())));
    assert!(directory.body(&"giao-thong".into()).is_some() && directory.category(&"road".into()).is_some());
    let again = office.import(&ImportOptions { create_missing: true, ..ImportOptions::default() }).expect("again");
    assert_eq!((again.added, again.already, again.created.units), (0, 4, 0));
}

#[test]
fn two_devices_give_one_row_one_name() {
    let (mut one, mut other) = (office(), office());
    one.import(&ImportOptions::default()).expect("an import");
    other.import(&ImportOptions::default()).expect("an import");
    let ids = |office: &Office| {
        let all = petitions(&office.desk.replica, &PetitionFilter::default(), Page::default(), office.desk.now);
        all.expect("a list").into_iter().map(|r| r.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&one), ids(&other));
}

#[test]
fn an_absent_column_or_file_is_one_clear_line() {
    let mut office = office();
    fs::write(&office.mapping, MAPPING.replace("\"xa\"", "\"khong_co\"")).expect("written");
    let said = office.import(&ImportOptions::default()).expect_err("no such column").to_string();
    assert!(said.contains("khong_co") && !said.contains('\n'));
    fs::remove_file(&office.mapping).expect("removed");
    assert!(matches!(office.import(&ImportOptions::default()), Err(ImportRunError::MappingFile { .. })));
}
