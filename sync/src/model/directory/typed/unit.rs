//! Places.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::validity::Validity;
use crate::id::{OfficeId, UnitId};
use crate::model::directory::problem::Wants;
use crate::model::petition::named;

named!(
    /// What a unit is.
    UnitKind {
        /// *Tỉnh, thành phố.*
        Province = "province",
        /// *Xã, phường, đặc khu.*
        Commune = "commune",
        /// *Ấp, khu phố, thôn, khóm, tổ dân phố.*
        Hamlet = "hamlet",
    }
);

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Unit {
    pub id: UnitId,
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub parent: Option<UnitId>,
    pub office: Option<OfficeId>,
    pub valid: Validity,
    pub successors: Vec<UnitId>,
}

impl Unit {
    /// Reads one; a kind that is none is complained of, and taken for a commune.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Self {
        let (code, name) = r.code_name();
        Unit {
            id: r.id.into(),
            code,
            name,
            kind: r.word("kind", Wants::OneOf(UnitKind::WORDS), UnitKind::parse).unwrap_or(UnitKind::Commune),
            parent: r.text("parent").map(UnitId),
            office: r.text("office").map(OfficeId),
            valid,
            successors: r.list("successors").into_iter().map(UnitId).collect(),
        }
    }
}
