//! Why a mapping cannot be used, in words for the screen.

use thiserror::Error;
use toml::Table;

/// Why a mapping cannot be used. Messages are for the screen and name keys and columns, never cell values.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Not TOML.
    #[error("tệp ánh xạ sai cú pháp TOML ở dòng {line}: {detail}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// The parser's words.
        detail: String,
    },
    /// Keys, facts or kinds of events that mean nothing here.
    #[error("tệp ánh xạ có mục không hiểu được ở {place}: {keys}; các mục được dùng: {accepted}", keys = keys.join(", "), accepted = accepted.join(", "))]
    Unknown {
        /// The table.
        place: String,
        /// All that are unknown there.
        keys: Vec<String>,
        /// What may stand there.
        accepted: Vec<String>,
    },
    /// Something needed is absent.
    #[error("tệp ánh xạ thiếu mục {keys} ở {place}", keys = keys.join(", "))]
    Missing {
        /// The table.
        place: String,
        /// All that is absent there.
        keys: Vec<String>,
    },
    /// A value of the wrong kind.
    #[error("tệp ánh xạ, {place}: {need}")]
    Shape {
        /// The table and key.
        place: String,
        /// What should be there, in Vietnamese.
        need: &'static str,
    },
    /// A date pattern that is not understood or names no whole day.
    #[error(
        "tệp ánh xạ, {place}: mẫu ngày “{format}” không hiểu được hoặc không đủ ngày, tháng, năm; mẫu đúng chẳng hạn \"%d/%m/%Y\""
    )]
    Format {
        /// The table and key.
        place: String,
        /// The pattern.
        format: String,
    },
    /// Columns the mapping names and the source lacks.
    #[error(
        "tệp nguồn không có cột {}; các cột đang có: {}; sửa tên cột trong tệp ánh xạ",
        quoted(absent),
        quoted(present)
    )]
    AbsentColumns {
        /// All of them.
        absent: Vec<String>,
        /// What the source has.
        present: Vec<String>,
    },
    /// Columns the mapping names and the source has more than once.
    #[error("tệp nguồn có nhiều cột cùng tên {}; đổi tên để mỗi cột được dùng có tên riêng", quoted(columns))]
    ColumnTwice {
        /// All of them.
        columns: Vec<String>,
    },
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
    names.join(", ")
}

impl MappingError {
    /// Refuses the keys of `table` that are not among `accepted`, naming all of them.
    pub(super) fn unknown_keys(place: &str, table: &Table, accepted: &[&str]) -> Result<(), MappingError> {
        let keys: Vec<String> = table.keys().filter(|key| !accepted.contains(&key.as_str())).cloned().collect();
        if keys.is_empty() {
            return Ok(());
        }
        let accepted = accepted.iter().map(|&name| name.to_owned()).collect();
        Err(MappingError::Unknown { place: place.to_owned(), keys, accepted })
    }

    pub(super) fn missing(place: &str, keys: &[&str]) -> MappingError {
        let keys = keys.iter().map(|&key| key.to_owned()).collect();
        MappingError::Missing { place: place.to_owned(), keys }
    }

    pub(super) fn shape(place: &str, need: &'static str) -> MappingError {
        MappingError::Shape { place: place.to_owned(), need }
    }
}
