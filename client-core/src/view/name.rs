//! Codes and names for the ids that records hold. What the directory does not know is shown by its id.

use sync::id::{BodyId, CategoryId, PostId, UnitId, UserId};
use sync::model::directory::Directory;

/// A code and a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What people type.
    pub code: String,
    /// What people read.
    pub name: String,
}

fn named(found: Option<(&str, &str)>, id: &str) -> Named {
    let (code, name) = found.unwrap_or((id, id));
    Named { code: code.to_owned(), name: name.to_owned() }
}

/// A unit, commune or hamlet.
pub fn unit(directory: &Directory, id: &UnitId) -> Named {
    named(directory.unit(id).map(|u| (u.code.as_str(), u.name.as_str())), id.as_str())
}

/// A body.
pub fn body(directory: &Directory, id: &BodyId) -> Named {
    named(directory.body(id).map(|b| (b.code.as_str(), b.name.as_str())), id.as_str())
}

/// A category.
pub fn category(directory: &Directory, id: &CategoryId) -> Named {
    named(directory.category(id).map(|c| (c.code.as_str(), c.name.as_str())), id.as_str())
}

/// A post.
pub fn post(directory: &Directory, id: &PostId) -> Named {
    named(directory.post(id).map(|p| (p.code.as_str(), p.name.as_str())), id.as_str())
}

/// A person's account.
pub fn user(directory: &Directory, id: &UserId) -> Named {
    named(directory.user(id).map(|u| (u.code.as_str(), u.name.as_str())), id.as_str())
}
