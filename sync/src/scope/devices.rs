//! Which devices a second person must let in, and who that may be.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::id::{OfficeId, UserId};
use crate::model::directory::{Directory, Post, Role};

/// The offices a post belongs to on a day: its own, or those that look after its unit or its body's unit.
fn offices_of_post(post: &Post, directory: &Directory, day: Date) -> Vec<OfficeId> {
    let own = post.office.iter().flat_map(|o| directory.current_offices(o, day));
    let bodies = post.body.iter().flat_map(|b| directory.current_bodies(b, day));
    let of_bodies = bodies.filter_map(|b| directory.body(&b)?.unit.clone());
    let units = post.unit.iter().cloned().chain(of_bodies);
    let current = units.flat_map(|u| directory.current_units(&u, day));
    own.chain(current.flat_map(|u| directory.offices_of_unit(&u, day))).collect()
}

/// The offices a person's posts belong to on a day.
fn offices_of(user: &UserId, directory: &Directory, day: Date) -> BTreeSet<OfficeId> {
    let posts = directory.posts_of(user, day);
    posts.into_iter().flat_map(|p| offices_of_post(p, directory, day)).collect()
}

/// Whether an office, or one above it, asks for a second person.
fn asks(office: &OfficeId, directory: &Directory) -> bool {
    let mut line: Vec<&OfficeId> = Vec::new();
    let mut next = Some(office);
    while let Some(o) = next.filter(|o| !line.contains(o)) {
        let Some(found) = directory.office(o) else { return false };
        if found.approve_devices {
            return true;
        }
        line.push(o);
        next = found.parent.as_ref();
    }
    false
}

/// Whether a device that is enrolled for a person on a day waits for a second person: where any of the posts, other than an
/// officer's, belongs to an office that asks for it or lies under one. A post without a place belongs to no office.
pub fn needs_approval(user: &UserId, directory: &Directory, day: Date) -> bool {
    let posts = directory.posts_of(user, day).into_iter().filter(|p| p.role != Role::Officer);
    posts.flat_map(|p| offices_of_post(p, directory, day)).any(|o| asks(&o, directory))
}

/// Whose devices somebody may let in and shut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oversight {
    everywhere: bool,
    offices: BTreeSet<OfficeId>,
}

impl Oversight {
    /// Of a person's posts on a day: administrators of the directory everywhere, Front staff and leaders in their office.
    /// None: nobody's.
    pub fn of(user: &UserId, directory: &Directory, day: Date) -> Option<Self> {
        let posts = directory.posts_of(user, day);
        let everywhere = posts.iter().any(|p| p.role == Role::DirectoryAdmin);
        let leading = posts.iter().filter(|p| matches!(p.role, Role::FrontStaff | Role::Leader));
        let offices: BTreeSet<OfficeId> =
            leading.flat_map(|p| &p.office).flat_map(|o| directory.current_offices(o, day)).collect();
        (everywhere || !offices.is_empty()).then_some(Self { everywhere, offices })
    }

    /// Whether the devices of a person belong to it.
    pub fn covers(&self, user: &UserId, directory: &Directory, day: Date) -> bool {
        self.everywhere || !self.offices.is_disjoint(&offices_of(user, directory, day))
    }
}
