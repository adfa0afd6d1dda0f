//! One fact of a mapping: where its value comes from, and what it reads in a row.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;

use super::mapping_error::MappingError;
use super::moment::{DateFormat, Moment};
use super::source::{Cell, SourceRow, tidy_name, tidy_text};
use super::template::Template;
use super::vocabulary::{WITH_SEPARATOR, is_date};

/// Where columns stand in a row, by name.
pub(super) type Columns = HashMap<String, usize>;

/// A fact as the mapping gives it.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    take: Take,
    /// A blank is passed over instead of refusing the row.
    pub optional: bool,
    default: Option<String>,
    format: Option<DateFormat>,
    /// Source value → code. Constants and defaults are codes already and are not looked up.
    translation: BTreeMap<String, String>,
    /// Several values in one cell.
    several: bool,
}

#[derive(Debug, Clone)]
enum Take {
    Column(String),
    Value(String),
    Template(Template),
}

/// A cell that says something no program can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable;

const KEYS: &[&str] = &["column", "value", "template", "optional", "default", "format"];

impl Fact {
    /// Reads the fact `name` standing at `place` (`[petition] unit`) of a mapping file.
    pub fn parse(
        place: &str,
        name: &str,
        value: &toml::Value,
        translation: BTreeMap<String, String>,
    ) -> Result<Fact, MappingError> {
        let shape = |need: &'static str| MappingError::Shape { place: place.to_owned(), need };
        let table = value.as_table().ok_or_else(|| {
            shape("phải là một bảng, chẳng hạn { column = \"tên cột\" } hoặc { value = \"giá trị\" }")
        })?;
        MappingError::unknown_keys(place, table, KEYS)?;
        let constant = |key: &str| {
            table
                .get(key)
                .map(|value| {
                    plain(value).ok_or_else(|| {
                        shape("value và default phải là một giá trị đơn: chữ, số, ngày, true hoặc false")
                    })
                })
                .transpose()
        };
        let text = |key: &str, need| table.get(key).map(|value| value.as_str().ok_or_else(|| shape(need))).transpose();

        let column = text("column", "column phải là tên cột, trong dấu ngoặc kép")?;
        let template = text("template", "template phải là chữ, chẳng hạn \"{cột 1}: {cột 2}\"")?;
        let take = match (column, constant("value")?, template) {
            (Some(column), None, None) if tidy_name(column).is_empty() => {
                return Err(shape("column để trống; ghi tên cột"));
            }
            (Some(column), None, None) => Take::Column(tidy_name(column)),
            (None, Some(value), None) => Take::Value(value),
            (None, None, Some(template)) => {
                Take::Template(Template::parse(template).map_err(|fault| shape(fault.message()))?)
            }
            _ => return Err(shape("phải có đúng một trong ba: column, value, template")),
        };
        let format = match text("format", "format phải là chữ, chẳng hạn \"%d/%m/%Y\"")? {
            Some(_) if !is_date(name) => {
                return Err(shape("không phải là ngày nên không có format"));
            }
            Some(pattern) => Some(
                DateFormat::parse(pattern)
                    .ok_or_else(|| MappingError::Format { place: place.to_owned(), format: pattern.to_owned() })?,
            ),
            None => None,
        };
        let optional = match table.get("optional") {
            None => false,
            Some(value) => value.as_bool().ok_or_else(|| shape("optional phải là true hoặc false"))?,
        };
        let default = constant("default")?;
        let constants = match &take {
            Take::Value(value) => [Some(value), default.as_ref()],
            _ => [None, default.as_ref()],
        };
        if constants.into_iter().flatten().any(|value| !fits(name, value, format.as_ref())) {
            return Err(shape("value hoặc default không đọc được theo nghĩa của mục này"));
        }
        Ok(Fact { take, optional, default, format, translation, several: name == "with" })
    }

    /// The columns it draws on.
    pub fn columns(&self) -> Vec<&str> {
        match &self.take {
            Take::Column(column) => vec![column],
            Take::Value(_) => Vec::new(),
            Take::Template(template) => template.columns().collect(),
        }
    }

    /// Whether a blank can never be met.
    pub fn never_blank(&self) -> bool {
        self.default.is_some() || matches!(&self.take, Take::Value(value) if !value.is_empty())
    }

    /// The text this row gives, translated; nothing when blank.
    pub fn text(&self, row: &SourceRow, columns: &Columns) -> Result<Option<String>, Unreadable> {
        let found = match &self.take {
            Take::Value(value) => return Ok(Some(value.clone()).filter(|value| !value.is_empty())),
            Take::Column(column) => cell_text(row, columns, column)?,
            Take::Template(template) => template.fill(|column| cell_text(row, columns, column))?,
        };
        let translated = found
            .map(|text| if self.several { self.translate_each(&text) } else { self.translate(&text).into_owned() });
        Ok(translated.filter(|text| !text.is_empty()).or_else(|| self.default.clone()))
    }

    /// The date this row gives; nothing when blank.
    pub fn moment(&self, row: &SourceRow, columns: &Columns, zone: &TimeZone) -> Result<Option<Moment>, Unreadable> {
        if let Take::Column(column) = &self.take
            && let Some(Cell::Date(civil)) = columns.get(column).and_then(|&index| row.cells.get(index))
        {
            return Moment::local(*civil, zone).map(Some).ok_or(Unreadable);
        }
        match self.text(row, columns)? {
            Some(text) => Moment::read(&text, self.format.as_ref(), zone).map(Some).ok_or(Unreadable),
            None => Ok(None),
        }
    }

    fn translate<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.translation.get(text) {
            Some(code) => Cow::Owned(code.clone()),
            None => Cow::Borrowed(text),
        }
    }

    fn translate_each(&self, text: &str) -> String {
        let codes: Vec<Cow<'_, str>> = text
            .split([WITH_SEPARATOR, '\n'])
            .map(str::trim)
            .map(|name| self.translate(name))
            .filter(|code| !code.is_empty())
            .collect();
        codes.join(&WITH_SEPARATOR.to_string())
    }
}

/// What a cell says; nothing when blank or absent.
pub(super) fn cell_text(row: &SourceRow, columns: &Columns, column: &str) -> Result<Option<String>, Unreadable> {
    match columns.get(column).and_then(|&index| row.cells.get(index)) {
        None => Ok(None),
        Some(cell) if cell.is_damaged() => Err(Unreadable),
        Some(cell) => Ok(Some(cell.text().into_owned()).filter(|text| !text.is_empty())),
    }
}

/// Reads yes or no as registers mark it.
pub(super) fn read_yes_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" | "có" | "khẩn" | "gấp" => Some(true),
        "false" | "no" | "n" | "0" | "-" | "không" | "thường" => Some(false),
        _ => None,
    }
}

/// Reads how many people a collective petition speaks for.
pub(super) fn read_count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|&count| count > 0)
}

/// Whether a constant can be what the fact asks for.
fn fits(name: &str, value: &str, format: Option<&DateFormat>) -> bool {
    match name {
        "urgent" => read_yes_no(value).is_some(),
        "collective" => read_count(value).is_some(),
        _ if is_date(name) => Moment::read(value, format, &TimeZone::UTC).is_some(),
        _ => true,
    }
}

/// A single TOML value as the text a cell would hold.
pub(super) fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(tidy_text(text)),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Float(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}
