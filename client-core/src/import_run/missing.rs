//! `--create-missing`: the codes a register names and the directory lacks, as entries whose code and name are what is
//! written there. An entry's id is its code, so that two devices importing one register make the same entries.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use sync::id::{EventId, PostId};
use sync::model::directory::{CodeError, Directory, EntityKind, Entries, Fields, Role, UnitKind, Value};
use sync::model::time::local_date;
use sync::scope::may_administer;
use uuid::Uuid;

use super::CreatedEntries;
use super::error::ImportRunError;
use crate::command::{Command, DirectoryChange};
use crate::import::{Plan, PlannedRow, Row, WITH_SEPARATOR};
use crate::replica::Replica;

/// Entries written in one command.
const CHUNK: usize = 500;

/// Codes that are not there.
#[derive(Debug, Default)]
pub(super) struct Missing {
    communes: BTreeSet<String>,
    /// Hamlet → the code of the unit it was named with.
    hamlets: BTreeMap<String, String>,
    bodies: BTreeSet<String>,
    categories: BTreeSet<String>,
}

/// Changes to the directory and the post in whose name they are made.
pub(super) struct Changes {
    changes: Vec<DirectoryChange>,
    by: PostId,
}

impl Missing {
    /// Reads the whole register once. Rows that are refused anyway ask for nothing.
    pub(super) fn find(plan: Plan<'_>, directory: &Directory) -> Result<Self, ImportRunError> {
        let mut missing = Self::default();
        for row in plan {
            if let Row::Planned(row) = row? {
                missing.look(&row, directory);
            }
        }
        Ok(missing)
    }

    fn look(&mut self, row: &PlannedRow, directory: &Directory) {
        let facts = &row.facts;
        let day = local_date(facts.logged_at, directory.zone());
        let no_unit = |code: &str| unknown(directory.unit_by_code(code, day));
        if no_unit(&facts.unit) {
            self.communes.insert(facts.unit.clone());
        }
        for hamlet in facts.hamlet.iter().filter(|h| no_unit(h)) {
            self.hamlets.entry(hamlet.clone()).or_insert_with(|| facts.unit.clone());
        }
        let mut category = |code: &String, day: Date| {
            if unknown(directory.category_by_code(code, day)) {
                self.categories.insert(code.clone());
            }
        };
        if let Some(code) = &facts.category {
            category(code, day);
        }
        for event in &row.events {
            let day = local_date(event.at, directory.zone());
            if let Some(code) = event.args.get("category") {
                category(code, day);
            }
            let named = |name: &str| event.args.get(name).map(String::as_str).unwrap_or_default();
            let bodies = [named("to"), named("on_behalf_of")].into_iter().chain(named("with").split(WITH_SEPARATOR));
            for code in bodies.filter(|code| !code.is_empty()) {
                if unknown(directory.body_by_code(code, day)) {
                    self.bodies.insert(code.to_owned());
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.communes.is_empty() && self.hamlets.is_empty() && self.bodies.is_empty() && self.categories.is_empty()
    }

    pub(super) fn counts(&self) -> CreatedEntries {
        CreatedEntries {
            units: (self.communes.len() + self.hamlets.len()) as u64,
            bodies: self.bodies.len() as u64,
            categories: self.categories.len() as u64,
        }
    }

    /// As changes in the name of the user's administrator post. New communes come under the importer's office.
    pub(super) fn changes(
        &self,
        replica: &Replica,
        wanted: Option<&str>,
        now: Timestamp,
        ids: &mut dyn FnMut() -> Uuid,
    ) -> Result<Changes, ImportRunError> {
        let posts = replica.posts(now);
        let admin = posts.into_iter().find(|p| may_administer(p).is_ok());
        let by = admin.map(|p| p.id.clone()).ok_or(ImportRunError::NotAdmin)?;
        let mut changes = Vec::new();
        let mut add = |kind, code: &str, more: Vec<(&str, String)>| {
            let plain = [("code", code.to_owned()), ("name", code.to_owned())];
            let fields = plain.into_iter().chain(more).map(|(k, v)| (k.to_owned(), Value::Text(v)));
            let fields: Fields = fields.collect();
            changes.push(DirectoryChange { revision: EventId(ids()), kind, entity: code.to_owned(), fields });
        };
        let commune =
            |office: &str| vec![("kind", UnitKind::Commune.as_str().to_owned()), ("office", office.to_owned())];
        if !self.communes.is_empty() {
            let importer = replica.choose_post(wanted, |p| p.role == Role::Importer, now)?;
            let office = importer.office.map(|o| o.0).unwrap_or_default();
            for code in &self.communes {
                add(EntityKind::Unit, code, commune(&office));
            }
        }
        for (code, unit) in &self.hamlets {
            // A unit that is not in the directory either was made just before, under its code.
            let parent = replica.directory().units().find(|u| u.code == *unit).map_or(unit.clone(), |u| u.id.0.clone());
            let hamlet = vec![("kind", UnitKind::Hamlet.as_str().to_owned()), ("parent", parent)];
            add(EntityKind::Unit, code, hamlet);
        }
        for code in &self.bodies {
            add(EntityKind::Body, code, Vec::new());
        }
        for code in &self.categories {
            add(EntityKind::Category, code, Vec::new());
        }
        Ok(Changes { changes, by })
    }
}

fn unknown<T>(found: Result<T, CodeError>) -> bool {
    matches!(found, Err(CodeError::Unknown { .. }))
}

/// The directory's entries with the new ones.
pub(super) fn with(entries: &Entries, changes: &Changes) -> Entries {
    let mut entries = entries.clone();
    for change in &changes.changes {
        entries.entry((change.kind, change.entity.clone())).or_default().extend(change.fields.clone());
    }
    entries
}

/// Writes the entries.
pub(super) fn write(replica: &mut Replica, changes: Changes, now: Timestamp) -> Result<(), ImportRunError> {
    for chunk in changes.changes.chunks(CHUNK) {
        let command = Command::Directory { changes: chunk.to_vec(), at: now, by: changes.by.clone() };
        replica.execute(command, now)?;
    }
    Ok(())
}
