//! Who raised each petition, as cells of a list.

use serde::Serialize;

use crate::export::PersonCells;
use crate::identity::{Known, Listed};
use crate::view::word;

/// How much of a list's identity is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct IdentityCounts {
    /// Petitions of which it is told who raised them.
    pub known: usize,
    /// Of these, written down apart, and nobody has decided.
    pub contested: usize,
    /// Nobody has written it down.
    pub not_named: usize,
    /// Forgotten, as was asked for.
    pub erased: usize,
    /// Not on this device, and the server has not said.
    pub unknown: usize,
    /// Not the user's to know.
    pub not_yours: usize,
}

impl IdentityCounts {
    pub(super) fn add(&mut self, who: &Listed) {
        match who {
            Listed::Known(versions) => {
                self.known += 1;
                self.contested += usize::from(versions.len() > 1);
            }
            Listed::NotNamed => self.not_named += 1,
            Listed::Erased => self.erased += 1,
            Listed::Unknown => self.unknown += 1,
            Listed::NotYours => self.not_yours += 1,
        }
    }
}

pub(super) fn cells(who: &Listed) -> PersonCells {
    match who {
        Listed::Known(versions) => known(versions),
        Listed::NotNamed => PersonCells::default(),
        Listed::Erased => remark("Đã xoá theo yêu cầu"),
        Listed::Unknown => remark("Chưa biết được"),
        Listed::NotYours => remark("Không thuộc quyền xem"),
    }
}

fn remark(text: &str) -> PersonCells {
    PersonCells { remark: Some(text.to_owned()), ..PersonCells::default() }
}

fn known(versions: &[Known]) -> PersonCells {
    let contested = versions.len() > 1;
    let cell = |of: &dyn Fn(&Known) -> Option<String>| -> Option<String> {
        if !contested {
            return of(versions.first()?);
        }
        let each = versions.iter().zip(1..).map(|(known, n)| format!("({n}) {}", of(known).unwrap_or("–".to_owned())));
        Some(each.collect::<Vec<_>>().join("\n"))
    };
    let pending = versions.iter().any(|known| known.pending);
    let remarks = [
        contested.then(|| format!("Ghi khác nhau ({} bản), chờ quyết định", versions.len())),
        pending.then(|| "Chưa gửi".to_owned()),
    ];
    let remarks: Vec<String> = remarks.into_iter().flatten().collect();
    PersonCells {
        name: cell(&|known| known.person.name.clone()),
        phone: cell(&|known| known.person.phone.clone()),
        address: cell(&|known| known.person.address.clone()),
        consent: cell(&|known| {
            Some(known.person.consent.as_deref().map_or_else(|| "chưa hỏi".to_owned(), word::consents))
        }),
        remark: (!remarks.is_empty()).then(|| remarks.join("; ")),
    }
}
