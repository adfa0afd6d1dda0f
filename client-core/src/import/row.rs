//! Planning: what each row of a source becomes, or why it becomes nothing.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fact::{Columns, Unreadable, cell_text};
use super::mapping::Mapping;
use super::mapping_error::MappingError;
use super::moment::Moment;
use super::refused::RefusedReason;
use super::row_reader::{FoundEvent, RowReader};
use super::source::{RowFault, Rows, SourceError, SourceRow, tidy_name};

/// The longest key taken, in characters.
const MAX_KEY: usize = 200;

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// It can be written.
    Planned(Box<PlannedRow>),
    /// It is not taken.
    Refused {
        /// Where it begins, counted from 1.
        line: u64,
        /// Its key, when it has a readable one.
        key: Option<String>,
        /// Why.
        reason: RefusedReason,
        /// What it says, in the order of the headers.
        cells: Vec<String>,
    },
}

/// A petition to be written, with what happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRow {
    /// Where the row begins, counted from 1.
    pub line: u64,
    /// What names the row in its source. Several key columns are joined by `|`, a `|` or `\` inside one
    /// standing after a `\`.
    pub key: String,
    /// The petition.
    pub facts: PlannedFacts,
    /// What happened to it, earliest first. Each comes after the one before it.
    pub events: Vec<PlannedEvent>,
    /// What the row says, in the order of the headers, should it be refused after all.
    pub cells: Vec<String>,
}

/// The facts of a petition. Codes are as the mapping gives them and not yet looked up anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFacts {
    /// Unit code.
    pub unit: String,
    /// Hamlet: a unit code, too.
    pub hamlet: Option<String>,
    /// Kind of petition.
    pub kind: Option<String>,
    /// How it came in.
    pub channel: Option<String>,
    /// Category code.
    pub category: Option<String>,
    /// What was said.
    pub text: String,
    /// Where it is about.
    pub place: Option<String>,
    /// Needs haste.
    pub urgent: bool,
    /// How many people it speaks for, when it is a collective one.
    pub collective: Option<u32>,
    /// When it was logged.
    pub logged_at: Timestamp,
}

/// An event to be written after the petition's creation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEvent {
    /// As the command line names it: `refer`, `resolve`.
    pub kind: String,
    /// When it happened; never before the logging.
    pub at: Timestamp,
    /// Its arguments, by the command line's names with `_` for `-`: `to`, `outcome`, `text`, `on_behalf_of`.
    /// Dates are `YYYY-MM-DD`; several bodies in `with` are separated by [`WITH_SEPARATOR`](super::WITH_SEPARATOR);
    /// `of` is the key of another row of the same source.
    pub args: BTreeMap<String, String>,
}

/// The rows of a source, planned one by one.
#[derive(Debug)]
pub struct Plan<'m> {
    mapping: &'m Mapping,
    rows: Rows,
    zone: TimeZone,
    columns: Columns,
    /// Key → the line it was met at first.
    seen: HashMap<String, u64>,
}

impl<'m> Plan<'m> {
    /// Plans `rows` by `mapping`. Days without an hour begin at 00:00 in `zone`.
    pub fn new(mapping: &'m Mapping, rows: Rows, zone: TimeZone) -> Result<Plan<'m>, MappingError> {
        mapping.check_columns(rows.headers())?;
        let columns = rows.headers().iter().enumerate().map(|(index, name)| (name.clone(), index)).collect();
        Ok(Plan { mapping, rows, zone, columns, seen: HashMap::new() })
    }

    /// The source's header.
    pub fn headers(&self) -> &[String] {
        self.rows.headers()
    }

    fn plan(&mut self, row: &SourceRow) -> Row {
        let texts = || row.cells.iter().map(|cell| cell.text().into_owned()).collect();
        let key = self.key(row);
        let planned = self.check_whole(row, &key).and_then(|key| self.planned(row, key));
        match planned {
            Ok((key, facts, events)) => {
                Row::Planned(Box::new(PlannedRow { line: row.line, key, facts, events, cells: texts() }))
            }
            Err(reason) => Row::Refused { line: row.line, key: key.ok(), reason, cells: texts() },
        }
    }

    /// What is wrong with the row before its facts are read. Its key counts as seen from here on, also when the
    /// row is refused for something else: which of two rows is meant is for a person to say.
    fn check_whole(&mut self, row: &SourceRow, key: &Result<String, RefusedReason>) -> Result<String, RefusedReason> {
        match row.fault {
            Some(RowFault::Uneven { found, expected }) => {
                return Err(RefusedReason::Uneven { found, expected });
            }
            Some(RowFault::CellTooLong { column }) => {
                let name = self.headers().get(column).filter(|name| !name.is_empty());
                let column = name.map_or_else(|| (column + 1).to_string(), |name| format!("“{name}”"));
                return Err(RefusedReason::CellTooLong { column });
            }
            None => {}
        }
        let key = key.clone()?;
        if let Some(&first_line) = self.seen.get(&key) {
            return Err(RefusedReason::KeySeen { first_line });
        }
        self.seen.insert(key.clone(), row.line);
        Ok(key)
    }

    fn key(&self, row: &SourceRow) -> Result<String, RefusedReason> {
        let mut key = String::new();
        let columns = &self.mapping.source.key;
        for column in columns {
            let unreadable = || RefusedReason::KeyUnreadable { column: column.clone() };
            let part = cell_text(row, &self.columns, column).map_err(|Unreadable| unreadable())?;
            let part = tidy_name(&part.ok_or_else(|| RefusedReason::KeyBlank { column: column.clone() })?);
            if part.chars().any(char::is_control) || part.chars().count() > MAX_KEY {
                return Err(unreadable());
            }
            if columns.len() == 1 {
                return Ok(part);
            }
            if !key.is_empty() {
                key.push('|');
            }
            key.push_str(&part.replace('\\', "\\\\").replace('|', "\\|"));
        }
        Ok(key)
    }

    fn planned(
        &self,
        row: &SourceRow,
        key: String,
    ) -> Result<(String, PlannedFacts, Vec<PlannedEvent>), RefusedReason> {
        let reader = RowReader { row, columns: &self.columns, zone: &self.zone };
        let (facts, logged) = reader.facts(self.mapping)?;
        let mut found = Vec::new();
        for rule in &self.mapping.events {
            found.extend(reader.event(rule)?);
        }
        let events = in_order(&found, &logged)?;
        Ok((key, facts, events))
    }
}

impl Iterator for Plan<'_> {
    type Item = Result<Row, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.rows.next()?.map(|row| self.plan(&row)))
    }
}

/// Events by date, those of one instant in natural order.
fn in_order(found: &[FoundEvent<'_>], logged: &Moment) -> Result<Vec<PlannedEvent>, RefusedReason> {
    let mut events = Vec::new();
    // The mapping keeps its rules in natural order, and the sort leaves equals as they stand.
    for (index, event) in found.iter().enumerate() {
        let earlier_steps = found[..index].iter().map(|earlier| &earlier.moment);
        let at = within_day(&event.moment, earlier_steps.chain([logged]));
        if at < logged.at {
            return Err(event.before_logging());
        }
        events.push(PlannedEvent { kind: event.rule.shape.kind.to_owned(), at, args: event.args.clone() });
    }
    events.sort_by_key(|event| event.at);
    Ok(events)
}

/// When something happened that may be dated by its day alone: 00:00, unless a step that comes before it in the
/// nature of things has an hour on that very day. A register that notes the hour of logging and the day of
/// resolving does not mean that the matter was resolved before it was logged.
fn within_day<'m>(moment: &Moment, earlier_steps: impl Iterator<Item = &'m Moment>) -> Timestamp {
    if !moment.day_only {
        return moment.at;
    }
    earlier_steps.filter(|step| step.day == moment.day).map(|step| step.at).fold(moment.at, Timestamp::max)
}
