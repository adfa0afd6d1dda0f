//! The `[source]` table of a mapping: what the source is called, what names its rows, how it is written.

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use toml::{Table, Value};

use super::mapping_error::MappingError;
use super::source::tidy_name;

/// The `[source]` table.
#[derive(Debug, Clone)]
pub(super) struct SourceRule {
    pub name: String,
    pub key: Vec<String>,
    pub sheet: Option<String>,
    /// Counted from 1.
    pub header_row: Option<u64>,
    pub delimiter: Option<u8>,
    pub encoding: Option<&'static Encoding>,
}

impl SourceRule {
    /// Reads the table.
    pub fn parse(table: &Table) -> Result<SourceRule, MappingError> {
        let keys = ["name", "key", "sheet", "header_row", "delimiter", "encoding"];
        MappingError::unknown_keys("[source]", table, &keys)?;
        let absent: Vec<&str> = ["name", "key"].into_iter().filter(|key| !table.contains_key(*key)).collect();
        if !absent.is_empty() {
            return Err(MappingError::missing("[source]", &absent));
        }
        let text = |key: &str, place: &str, need: &'static str| -> Result<Option<String>, MappingError> {
            let Some(value) = table.get(key) else {
                return Ok(None);
            };
            let text = value.as_str().map(tidy_name).filter(|text| !text.is_empty());
            text.map(Some).ok_or_else(|| MappingError::shape(place, need))
        };
        let need_key = "phải là tên một cột hoặc danh sách tên cột, không trùng nhau";
        let key: Option<Vec<String>> = match &table["key"] {
            Value::String(column) => Some(vec![tidy_name(column)]),
            Value::Array(columns) => columns.iter().map(|column| column.as_str().map(tidy_name)).collect(),
            _ => None,
        };
        let key = key
            .filter(|key| !key.is_empty() && key.iter().all(|column| !column.is_empty()))
            .filter(|key| key.iter().collect::<BTreeSet<_>>().len() == key.len())
            .ok_or_else(|| MappingError::shape("[source] key", need_key))?;
        let header_row = match table.get("header_row") {
            None => None,
            Some(value) => Some(
                value
                    .as_integer()
                    .and_then(|row| u64::try_from(row).ok())
                    .filter(|&row| row > 0)
                    .ok_or_else(|| MappingError::shape("[source] header_row", "phải là số dòng, đếm từ 1"))?,
            ),
        };
        let delimiter = match table.get("delimiter") {
            None => None,
            Some(value) => Some(value.as_str().and_then(read_delimiter).ok_or_else(|| {
                MappingError::shape("[source] delimiter", "phải là một dấu như \",\" \";\" \"|\" hoặc \"tab\"")
            })?),
        };
        let need_encoding = "phải là tên một bảng mã như \"utf-8\", \"utf-16le\", \"windows-1258\"";
        let encoding = match text("encoding", "[source] encoding", need_encoding)? {
            None => None,
            Some(label) => Some(
                Encoding::for_label_no_replacement(label.as_bytes())
                    .ok_or_else(|| MappingError::shape("[source] encoding", need_encoding))?,
            ),
        };
        Ok(SourceRule {
            name: text("name", "[source] name", "phải là một tên, không để trống")?.unwrap_or_default(),
            key,
            sheet: text("sheet", "[source] sheet", "phải là tên trang tính")?,
            header_row,
            delimiter,
            encoding,
        })
    }
}

fn read_delimiter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        b"tab" => Some(b'\t'),
        [b'"' | b'\n' | b'\r'] => None,
        [byte] if byte.is_ascii() => Some(*byte),
        _ => None,
    }
}
