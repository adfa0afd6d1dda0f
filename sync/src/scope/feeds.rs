//! Which feeds hold a record on a day, and which feeds a person's posts open.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::id::{BodyId, FeedId, OfficeId, UnitId};
use crate::model::directory::{Directory, Post, Role};

/// The directory is everyone's.
pub fn feeds_of_directory() -> BTreeSet<FeedId> {
    BTreeSet::from([FeedId::Directory])
}

/// A petition: officers of its hamlet and unit, the unit's office, every body it lies with; all as they are succeeded.
pub fn feeds_of_petition<'a>(
    unit: &UnitId,
    hamlet: Option<&UnitId>,
    bodies: impl IntoIterator<Item = &'a BodyId>,
    directory: &Directory,
    day: Date,
) -> BTreeSet<FeedId> {
    let mut feeds = feeds_of_place(unit, directory, day);
    if let Some(hamlet) = hamlet {
        feeds.extend(directory.current_units(hamlet, day).into_iter().map(FeedId::Unit));
    }
    for body in bodies {
        feeds.extend(directory.current_bodies(body, day).into_iter().map(FeedId::Body));
    }
    feeds
}

/// A sealed petition: those entrusted with it, and every body it lies with. Never its unit, nor its office's staff.
pub fn feeds_of_sealed<'a>(
    office: &OfficeId,
    bodies: impl IntoIterator<Item = &'a BodyId>,
    directory: &Directory,
    day: Date,
) -> BTreeSet<FeedId> {
    let entrusted = directory.current_offices(office, day).into_iter().map(FeedId::Sealed);
    let bodies = bodies.into_iter().flat_map(|body| directory.current_bodies(body, day)).map(FeedId::Body);
    entrusted.chain(bodies).collect()
}

/// A session: its unit and the unit's office.
pub fn feeds_of_session(unit: &UnitId, directory: &Directory, day: Date) -> BTreeSet<FeedId> {
    feeds_of_place(unit, directory, day)
}

/// A hamlet's things are its commune's too; a commune's are not the hamlets'.
fn feeds_of_place(unit: &UnitId, directory: &Directory, day: Date) -> BTreeSet<FeedId> {
    let mut feeds = BTreeSet::new();
    for current in directory.current_units(unit, day) {
        for office in directory.offices_of_unit(&current, day) {
            feeds.insert(FeedId::Office(office));
        }
        for above in directory.unit_line(&current) {
            feeds.extend(directory.current_units(&above, day).into_iter().map(FeedId::Unit));
        }
    }
    feeds
}

/// What a person may hold through the posts held on a day.
pub fn feeds_of_posts<'a>(
    posts: impl IntoIterator<Item = &'a Post>,
    directory: &Directory,
    day: Date,
) -> BTreeSet<FeedId> {
    let mut feeds = feeds_of_directory();
    for post in posts {
        match post.role {
            Role::Officer => {
                let units = post.unit.iter().flat_map(|u| directory.current_units(u, day));
                feeds.extend(units.map(FeedId::Unit));
            }
            Role::FrontStaff | Role::Leader | Role::Importer => {
                let offices = post.office.iter().flat_map(|o| directory.current_offices(o, day));
                feeds.extend(offices.map(FeedId::Office));
            }
            Role::Handler => {
                let bodies = post.body.iter().flat_map(|b| directory.current_bodies(b, day));
                feeds.extend(bodies.map(FeedId::Body));
            }
            Role::SealedHandler => {
                let offices = post.office.iter().flat_map(|o| directory.current_offices(o, day));
                feeds.extend(offices.map(FeedId::Sealed));
            }
            Role::DirectoryAdmin | Role::IdentityReader => {}
        }
    }
    feeds
}
