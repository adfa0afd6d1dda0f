//! Codes as people and registers write them, read as ids on a day.

use jiff::civil::Date;
use sync::id::{BodyId, CategoryId, UnitId};
use sync::model::directory::{CodeError, Directory, Unit, UnitKind};

/// Why a code names nothing that is wanted. The line names the code: it is for those who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// Nothing bears it.
    #[error("không có {what} mã “{code}” trong danh mục; hãy kiểm tra mã (langnghe directory show) hoặc đồng bộ")]
    Unknown {
        /// In the user's language.
        what: What,
        /// As given.
        code: String,
    },
    /// It was divided.
    #[error("{what} mã “{code}” đã chia tách; hãy ghi một trong các mã: {}", .into.join(", "))]
    Divided {
        /// In the user's language.
        what: What,
        /// As given.
        code: String,
        /// Codes of the parts.
        into: Vec<String>,
    },
    /// A province where a commune or a hamlet is wanted.
    #[error("đơn vị mã “{code}” không phải xã, phường hay ấp, khu phố; hãy ghi mã xã, phường")]
    NotCommune {
        /// As given.
        code: String,
    },
    /// Something else where a hamlet is wanted.
    #[error("đơn vị mã “{code}” không phải ấp, khu phố; hãy ghi mã ấp, khu phố")]
    NotHamlet {
        /// As given.
        code: String,
    },
    /// A hamlet of another commune.
    #[error("ấp, khu phố mã “{hamlet}” không thuộc đơn vị mã “{unit}”; hãy ghi lại một trong hai mã")]
    OtherCommune {
        /// As given.
        hamlet: String,
        /// As given.
        unit: String,
    },
}

/// What a code was to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A commune or another unit.
    Unit,
    /// A hamlet.
    Hamlet,
    /// A body.
    Body,
    /// A category.
    Category,
}

impl What {
    /// The word in stable codes: `unknown-unit`.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Unit => "unit",
            What::Hamlet => "hamlet",
            What::Body => "body",
            What::Category => "category",
        }
    }
}

impl std::fmt::Display for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            What::Unit => "đơn vị",
            What::Hamlet => "ấp, khu phố",
            What::Body => "cơ quan",
            What::Category => "lĩnh vực",
        })
    }
}

fn fault(what: What) -> impl Fn(CodeError) -> CodeFault {
    move |error| match error {
        CodeError::Unknown { code, .. } => CodeFault::Unknown { what, code },
        CodeError::Divided { code, into, .. } => CodeFault::Divided { what, code, into },
    }
}

/// Any unit.
pub fn unit(directory: &Directory, code: &str, day: Date) -> Result<UnitId, CodeFault> {
    directory.unit_by_code(code, day).map(|u| u.id.clone()).map_err(fault(What::Unit))
}

/// A hamlet.
pub fn hamlet(directory: &Directory, code: &str, day: Date) -> Result<UnitId, CodeFault> {
    let unit = directory.unit_by_code(code, day).map_err(fault(What::Hamlet))?;
    match unit.kind {
        UnitKind::Hamlet => Ok(unit.id.clone()),
        _ => Err(CodeFault::NotHamlet { code: code.to_owned() }),
    }
}

/// A body.
pub fn body(directory: &Directory, code: &str, day: Date) -> Result<BodyId, CodeFault> {
    directory.body_by_code(code, day).map(|b| b.id.clone()).map_err(fault(What::Body))
}

/// A category.
pub fn category(directory: &Directory, code: &str, day: Date) -> Result<CategoryId, CodeFault> {
    directory.category_by_code(code, day).map(|c| c.id.clone()).map_err(fault(What::Category))
}

/// The commune and, when named, the hamlet: a hamlet's code given for the unit means its commune and itself.
pub fn place(
    directory: &Directory,
    unit: &str,
    hamlet: Option<&str>,
    day: Date,
) -> Result<(UnitId, Option<UnitId>), CodeFault> {
    let named = directory.unit_by_code(unit, day).map_err(fault(What::Unit))?;
    let commune = commune_of(directory, named, day).ok_or_else(|| CodeFault::NotCommune { code: unit.to_owned() })?;
    let inside = (named.kind == UnitKind::Hamlet).then(|| named.id.clone());
    let Some(code) = hamlet else { return Ok((commune, inside)) };
    let hamlet = self::hamlet(directory, code, day)?;
    let lies_there = directory.unit_line(&hamlet).iter().any(|u| directory.current_units(u, day).contains(&commune));
    if lies_there && inside.is_none_or(|i| i == hamlet) {
        Ok((commune, Some(hamlet)))
    } else {
        Err(CodeFault::OtherCommune { hamlet: code.to_owned(), unit: unit.to_owned() })
    }
}

/// The commune a unit is or lies in, as it stands on the day.
pub(super) fn commune_of(directory: &Directory, unit: &Unit, day: Date) -> Option<UnitId> {
    if unit.kind == UnitKind::Commune {
        return Some(unit.id.clone());
    }
    let line = directory.unit_line(&unit.id);
    let mut current = line.iter().flat_map(|u| directory.current_units(u, day));
    current.find(|u| directory.unit(u).is_some_and(|u| u.kind == UnitKind::Commune))
}
