//! A planned row as the command that writes it: codes looked up on the row's day, ids computed from its key.

use jiff::Timestamp;
use sync::id::{EventId, RecordId, TenantId, stable_uuid};
use sync::model::directory::{Directory, Post};
use sync::model::petition::{Channel, Facts, Kind, Source};
use sync::model::time::{local_date, truncate};
use sync::scope::may_log;

use super::action;
use super::error::RowFault;
use crate::command::{Command, NewEvent};
use crate::import::{PlannedEvent, PlannedRow};
use crate::view::code;

/// What every row of a register shares.
pub(super) struct RowReader<'a> {
    pub(super) directory: &'a Directory,
    /// The importer's posts.
    pub(super) posts: &'a [Post],
    /// The register's name.
    pub(super) source: String,
}

impl RowReader<'_> {
    /// The record a key names, for ever.
    pub(super) fn record(&self, tenant: TenantId, key: &str) -> RecordId {
        RecordId(stable_uuid(&[tenant.as_bytes(), self.source.as_bytes(), key.as_bytes(), b"record"]))
    }

    fn event(&self, tenant: TenantId, key: &str, kind: &str, ordinal: usize) -> EventId {
        let ordinal = ordinal.to_string();
        let parts = [tenant.as_bytes(), self.source.as_bytes(), key.as_bytes(), kind.as_bytes(), ordinal.as_bytes()];
        EventId(stable_uuid(&parts))
    }

    /// The command of a row.
    pub(super) fn read(&self, tenant: TenantId, row: &PlannedRow, now: Timestamp) -> Result<Command, RowFault> {
        let facts = &row.facts;
        let day = local_date(facts.logged_at, self.directory.zone());
        let (unit, hamlet) = code::place(self.directory, &facts.unit, facts.hamlet.as_deref(), day)?;
        let category = facts.category.as_deref().map(|c| code::category(self.directory, c, day)).transpose()?;
        let kind = facts.kind.as_deref().map_or(Some(Kind::Feedback), Kind::parse);
        let channel = facts.channel.as_deref().map_or(Some(Channel::Letter), Channel::parse);
        let today = local_date(now, self.directory.zone());
        let may = |p: &&Post| may_log(p, true, &unit, hamlet.as_ref(), self.directory, today).is_ok();
        let by = self.posts.iter().find(may).map(|p| p.id.clone()).ok_or(RowFault::Place)?;
        let events = row.events.iter().enumerate().map(|(i, event)| {
            let ordinal = row.events[..i].iter().filter(|e| e.kind == event.kind).count();
            let id = self.event(tenant, &row.key, &event.kind, ordinal);
            self.read_event(tenant, id, event, &by)
        });
        Ok(Command::LogPetition {
            record: self.record(tenant, &row.key),
            events: events.collect::<Result<_, _>>()?,
            facts: Facts {
                kind: kind.ok_or(RowFault::Word { what: "kind" })?,
                category,
                unit,
                hamlet,
                channel: channel.ok_or(RowFault::Word { what: "channel" })?,
                text: facts.text.clone(),
                place: facts.place.clone(),
                urgent: facts.urgent,
                collective: facts.collective,
                session: None,
                petitioner: None,
                at: truncate(facts.logged_at),
                stamped: None,
                by,
                split_from: None,
                source: Some(Source { name: self.source.clone(), key: row.key.clone() }),
                sealed: None,
                erased: None,
            },
        })
    }

    fn read_event(
        &self,
        tenant: TenantId,
        id: EventId,
        event: &PlannedEvent,
        by: &sync::id::PostId,
    ) -> Result<NewEvent, RowFault> {
        let day = local_date(event.at, self.directory.zone());
        let action = action::read(event, self.directory, day, |key| self.record(tenant, key))?;
        let body = event.args.get("on_behalf_of");
        let body = body.map(|code| code::body(self.directory, code, day)).transpose()?;
        Ok(NewEvent {
            on_behalf: body.is_some(),
            body,
            paper: event.args.get("paper").cloned(),
            imported: true,
            ..NewEvent::new(id, action, truncate(event.at), by.clone())
        })
    }
}
