//! The import through its one door: a mapping and a file in, planned and refused rows out.

mod mapping;
mod planning;
mod refused_file;
mod register;
#[cfg(feature = "export")]
mod sheets;
mod text_files;

use std::path::PathBuf;

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::{Mapping, Plan, PlannedRow, RefusedReason, Row, Rows, SourceError, open};

/// A mapping over the columns `so, don_vi, ngay, noi_dung, co_quan, ngay_xong`.
const MAPPING: &str = r#"
[source]
name = "so-theo-doi"
key = "so"
[petition]
unit = { column = "don_vi" }
text = { column = "noi_dung", default = "(không ghi nội dung)" }
logged_at = { column = "ngay" }
[events.refer]
body = { column = "co_quan", optional = true }
at = { column = "ngay" }
[events.resolve]
outcome = { value = "settled" }
at = { column = "ngay_xong", optional = true }
"#;

const HEADER: &str = "so,don_vi,ngay,noi_dung,co_quan,ngay_xong\n";

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").expect("zone")
}

fn mapping(text: &str) -> Mapping {
    Mapping::parse(text).expect("mapping")
}

/// A file in a folder that lives as long as the test.
struct Source {
    _folder: TempDir,
    path: PathBuf,
}

fn source(name: &str, content: impl AsRef<[u8]>) -> Source {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("written");
    Source { _folder: folder, path }
}

fn opened(source: &Source, mapping: &Mapping) -> Result<Rows, SourceError> {
    open(&source.path, mapping)
}

fn plan(source: &Source, mapping: &Mapping) -> Vec<Row> {
    let rows = opened(source, mapping).expect("opened");
    Plan::new(mapping, rows, zone()).expect("plan").collect::<Result<_, _>>().expect("rows")
}

fn plan_csv(mapping_text: &str, content: &str) -> Vec<Row> {
    plan(&source("so.csv", content), &mapping(mapping_text))
}

fn planned(row: &Row) -> &PlannedRow {
    match row {
        Row::Planned(planned) => planned,
        Row::Refused { line, reason, .. } => panic!("line {line} refused: {reason}"),
    }
}

fn refused(row: &Row) -> (u64, Option<&str>, &RefusedReason) {
    match row {
        Row::Refused { line, key, reason, .. } => (*line, key.as_deref(), reason),
        Row::Planned(planned) => panic!("line {} planned", planned.line),
    }
}

/// `kind instant` of each event, for comparing.
fn history(row: &Row) -> Vec<String> {
    planned(row).events.iter().map(|event| format!("{} {}", event.kind, event.at)).collect()
}
