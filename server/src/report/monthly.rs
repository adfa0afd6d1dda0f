//! The monthly report.

use rusqlite::Connection;
use serde::Serialize;
use sync::model::directory::Directory;

use super::days::LocalDays;
use super::error::ReportError;
use super::gather::{Cases, gather, in_snapshot};
use super::month::Month;
use super::oldest::{OldestOpen, oldest};
use super::query::{By, Query};
use super::reconcile::reconcile;
use super::row::{KeyRow, Totals};
use super::session::{SessionFigures, sessions};
use super::source::Source;
use super::tally::{breakdown, totals};

/// The month's report. Serialised, it is the JSON of the contract.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Monthly {
    /// Which month.
    pub month: Month,
    /// The moment it is cut at, RFC 3339 in the tenant's zone.
    pub as_of: String,
    /// The closing it is computed from; none as long as months are not closed.
    pub closing: Option<String>,
    /// All petitions counted.
    pub totals: Totals,
    /// By commune at the month's end.
    pub by_unit: Vec<KeyRow>,
    /// By lead body.
    pub by_body: Vec<KeyRow>,
    /// By subject matter.
    pub by_category: Vec<KeyRow>,
    /// By channel.
    pub by_channel: Vec<KeyRow>,
    /// By legal kind.
    pub by_kind: Vec<KeyRow>,
    /// Sessions held, by kind.
    pub sessions: Vec<SessionFigures>,
    /// The ten oldest open petitions.
    pub oldest: Vec<OldestOpen>,
    /// Always true: a report that does not reconcile is an error.
    pub reconciles: bool,
    /// Which breakdown the table and the CSV show; none: all.
    #[serde(skip)]
    pub by: Option<By>,
    /// `as_of` as people here write it.
    #[serde(skip)]
    pub(super) spoken_as_of: String,
}

impl Monthly {
    /// The rows of a breakdown.
    pub fn rows(&self, by: By) -> &[KeyRow] {
        match by {
            By::Unit => &self.by_unit,
            By::Body => &self.by_body,
            By::Category => &self.by_category,
            By::Channel => &self.by_channel,
            By::Kind => &self.by_kind,
        }
    }

    /// The breakdowns that the table and the CSV show.
    pub(super) fn shown(&self) -> impl Iterator<Item = By> {
        let by = self.by;
        By::ALL.into_iter().filter(move |b| by.is_none_or(|by| by == *b))
    }
}

/// Computes the report and reconciles it. `directory` decides zone, deadlines, successions and names; `source` is asked
/// only for records that have admitted something after `query.as_of`.
pub fn monthly(
    conn: &Connection,
    query: &Query,
    directory: &Directory,
    source: &dyn Source,
) -> Result<Monthly, ReportError> {
    in_snapshot(conn, || {
        let mut cases = gather(conn, query, directory, source)?;
        let sessions = sessions(conn, &mut cases, directory, source)?;
        let report = write(&cases, sessions, directory);
        let breakdowns = By::ALL.map(|by| (by, report.rows(by)));
        reconcile(conn, &cases, &report.totals, &breakdowns)?;
        Ok(report)
    })
}

fn write(cases: &Cases<'_>, sessions: Vec<SessionFigures>, directory: &Directory) -> Monthly {
    let zone = directory.zone();
    let as_of = cases.query.as_of;
    Monthly {
        month: cases.query.month,
        as_of: as_of.display_with_offset(zone.to_offset(as_of)).to_string(),
        closing: None,
        totals: totals(cases),
        by_unit: breakdown(cases, By::Unit),
        by_body: breakdown(cases, By::Body),
        by_category: breakdown(cases, By::Category),
        by_channel: breakdown(cases, By::Channel),
        by_kind: breakdown(cases, By::Kind),
        sessions,
        oldest: oldest(cases, &mut LocalDays::new(zone)),
        reconciles: true,
        by: cases.query.by,
        spoken_as_of: zone.to_datetime(as_of).strftime("%H:%M ngày %d/%m/%Y").to_string(),
    }
}
