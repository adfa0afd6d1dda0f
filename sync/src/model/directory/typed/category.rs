//! Subject matters.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::validity::Validity;
use crate::id::CategoryId;
use crate::model::directory::problem::Wants;
use crate::model::petition::named;

named!(
    /// The four fields of form 04/XLD (Thông tư 01/2024/TT-TTCP).
    Form04 {
        /// *Chế độ, chính sách.*
        Policy = "policy",
        /// *Đất đai.*
        Land = "land",
        /// *Tư pháp.*
        Justice = "justice",
        /// *Khác.*
        Other = "other",
    }
);

/// A subject matter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Category {
    pub id: CategoryId,
    pub code: String,
    pub name: String,
    pub parent: Option<CategoryId>,
    pub form04: Option<Form04>,
    pub valid: Validity,
    pub successors: Vec<CategoryId>,
}

impl Category {
    /// Reads one.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Self {
        let (code, name) = r.code_name();
        Category {
            id: r.id.into(),
            code,
            name,
            parent: r.text("parent").map(CategoryId),
            form04: r.word("form04", Wants::OneOf(Form04::WORDS), Form04::parse),
            valid,
            successors: r.list("successors").into_iter().map(CategoryId).collect(),
        }
    }
}
