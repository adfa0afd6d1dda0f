//! Organisations: the Front's offices, and the bodies that petitions are referred to.

use super::reader::Reader;
use super::validity::Validity;
use crate::id::{BodyId, OfficeId, UnitId};
use crate::model::directory::entity::Value;

/// A Front office.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Office {
    pub id: OfficeId,
    pub code: String,
    pub name: String,
    pub parent: Option<OfficeId>,
    /// Devices of its staff, and of whoever lies under it, are let in by a second person.
    pub approve_devices: bool,
    pub valid: Validity,
    pub successors: Vec<OfficeId>,
}

impl Office {
    /// Reads one.
    pub(super) fn read(r: &Reader<'_>, valid: Validity) -> Self {
        let (code, name) = r.code_name();
        Office {
            id: r.id.into(),
            code,
            name,
            parent: r.text("parent").map(OfficeId),
            approve_devices: matches!(r.fields.get("approve_devices"), Some(Value::Bool(true))),
            valid,
            successors: r.list("successors").into_iter().map(OfficeId).collect(),
        }
    }
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Body {
    pub id: BodyId,
    pub code: String,
    pub name: String,
    pub unit: Option<UnitId>,
    /// Never signs in; Front staff type what its letters say.
    pub external: bool,
    pub valid: Validity,
    pub successors: Vec<BodyId>,
}

impl Body {
    /// Reads one; external only where it says so.
    pub(super) fn read(r: &Reader<'_>, valid: Validity) -> Self {
        let (code, name) = r.code_name();
        Body {
            id: r.id.into(),
            code,
            name,
            unit: r.text("unit").map(UnitId),
            external: matches!(r.fields.get("external"), Some(Value::Bool(true))),
            valid,
            successors: r.list("successors").into_iter().map(BodyId).collect(),
        }
    }
}
