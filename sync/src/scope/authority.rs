//! Whether one post may do one thing to one record: the rights table, met with the place the record has.
//!
//! The client asks before it offers, the server asks for every change; both ask here.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::rights::{Rule, Subject, rule};
use super::sealed::entrusted;
use crate::id::{BodyId, OfficeId, UnitId};
use crate::model::directory::{Directory, Post, Role};
use crate::model::petition::{ActionKind, Event, Facts, Held, Moment};
use crate::reason::Reason;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
pub enum Denied {
    /// The role has no such right.
    Role {
        /// The post's role.
        role: Role,
        /// What was wanted.
        what: Subject,
    },
    /// Only on the spot.
    OnlyOnTheSpot,
    /// The right is for another unit, office or body.
    Place {
        /// The post.
        post: String,
    },
    /// Typed for a body without naming it or the paper.
    NameTheBody,
    /// The body does not hold the petition.
    NotHolding {
        /// The body.
        body: String,
    },
}

impl Denied {
    /// For people.
    pub fn reason(&self) -> Reason {
        match self {
            Denied::Role { role, what } => Reason::no_right(role, what),
            Denied::OnlyOnTheSpot => Reason::only_on_the_spot(),
            Denied::Place { post } => Reason::not_this_place(post),
            Denied::NameTheBody => Reason::name_the_body(),
            Denied::NotHolding { body } => Reason::not_holding(body),
        }
    }
}

/// Where a petition is and who holds it.
#[derive(Debug, Clone)]
pub struct PetitionPlace<'a> {
    /// Commune.
    pub unit: &'a UnitId,
    /// Hamlet.
    pub hamlet: Option<&'a UnitId>,
    /// Bodies.
    pub held: &'a [Held],
    /// The office it is entrusted to, where it is sealed.
    pub sealed: Option<&'a OfficeId>,
}

impl<'a> PetitionPlace<'a> {
    /// Where a petition is after what has happened.
    pub fn of(facts: &'a Facts, moment: &'a Moment) -> Self {
        let Moment { now, held, .. } = moment;
        Self { unit: &now.unit, hamlet: now.hamlet.as_ref(), held, sealed: facts.sealed.as_ref() }
    }
}

fn meets<T: Ord>(a: impl IntoIterator<Item = T>, b: impl IntoIterator<Item = T>) -> bool {
    let a: BTreeSet<T> = a.into_iter().collect();
    b.into_iter().any(|x| a.contains(&x))
}

/// Every unit in which something at this place happens: itself, its hamlet, and what they lie in, as succeeded.
fn units_at(unit: &UnitId, hamlet: Option<&UnitId>, directory: &Directory, day: Date) -> BTreeSet<UnitId> {
    let mut units = BTreeSet::new();
    for start in [Some(unit), hamlet].into_iter().flatten() {
        for current in directory.current_units(start, day) {
            units.extend(directory.unit_line(&current).iter().flat_map(|u| directory.current_units(u, day)));
        }
    }
    units
}

/// Whether the post's unit or office looks after a place.
pub(super) fn covers(post: &Post, unit: &UnitId, hamlet: Option<&UnitId>, directory: &Directory, day: Date) -> bool {
    match post.role {
        Role::Officer => {
            let own = post.unit.iter().flat_map(|u| directory.current_units(u, day));
            meets(units_at(unit, hamlet, directory, day), own)
        }
        Role::FrontStaff | Role::Leader | Role::Importer => {
            let own = post.office.iter().flat_map(|o| directory.current_offices(o, day));
            meets(offices_of(unit, directory, day), own)
        }
        Role::IdentityReader if post.office.is_none() => true,
        Role::IdentityReader => {
            let own = post.office.iter().flat_map(|o| directory.current_offices(o, day));
            meets(offices_of(unit, directory, day), own)
        }
        _ => false,
    }
}

/// The offices that look after a unit, as both are succeeded.
fn offices_of(unit: &UnitId, directory: &Directory, day: Date) -> Vec<OfficeId> {
    directory.current_units(unit, day).into_iter().flat_map(|u| directory.offices_of_unit(&u, day)).collect()
}

fn denied(post: &Post, subject: Subject) -> Denied {
    Denied::Role { role: post.role, what: subject }
}

fn in_place(covered: bool, post: &Post) -> Result<(), Denied> {
    if covered { Ok(()) } else { Err(Denied::Place { post: post.code.clone() }) }
}

/// May this post open a session here, write its minutes, conclude it?
pub fn may_session(post: &Post, unit: &UnitId, directory: &Directory, day: Date) -> Result<(), Denied> {
    match rule(post.role, Subject::Session) {
        Rule::Yes => in_place(covers(post, unit, None, directory, day), post),
        _ => Err(denied(post, Subject::Session)),
    }
}

/// May this post log (or import) a petition here?
pub fn may_log(
    post: &Post,
    importing: bool,
    unit: &UnitId,
    hamlet: Option<&UnitId>,
    directory: &Directory,
    day: Date,
) -> Result<(), Denied> {
    let subject = if importing { Subject::Import } else { Subject::Log };
    match rule(post.role, subject) {
        Rule::Yes => in_place(covers(post, unit, hamlet, directory, day), post),
        _ => Err(denied(post, subject)),
    }
}

/// May this post write down, and read, who raised an ordinary petition? Not the bodies it lies with, not leaders: they
/// answer a matter, not a person.
pub fn may_identify(
    post: &Post,
    unit: &UnitId,
    hamlet: Option<&UnitId>,
    directory: &Directory,
    day: Date,
) -> Result<(), Denied> {
    match rule(post.role, Subject::Identity) {
        Rule::Yes => in_place(covers(post, unit, hamlet, directory, day), post),
        _ => Err(denied(post, Subject::Identity)),
    }
}

/// May this post change the directory?
pub fn may_administer(post: &Post) -> Result<(), Denied> {
    match rule(post.role, Subject::Directory) {
        Rule::Yes => Ok(()),
        _ => Err(denied(post, Subject::Directory)),
    }
}

/// May this post write this event on a petition that is here? `creating`: in the change that logs it.
pub fn may_touch(
    post: &Post,
    event: &Event,
    place: &PetitionPlace<'_>,
    creating: bool,
    directory: &Directory,
    day: Date,
) -> Result<(), Denied> {
    let kind = event.action().kind();
    let subject = if place.sealed.is_some() { Subject::SealedEvent(kind) } else { Subject::Event(kind) };
    let covered = || match place.sealed {
        Some(office) => entrusted(post, office, directory, day),
        None => covers(post, place.unit, place.hamlet, directory, day),
    };
    match rule(post.role, subject) {
        Rule::No => Err(denied(post, subject)),
        Rule::WhenImporting if creating && event.imported() => in_place(covered(), post),
        Rule::WhenImporting => Err(denied(post, subject)),
        Rule::OnTheSpot if creating => in_place(covered(), post),
        Rule::OnTheSpot => Err(Denied::OnlyOnTheSpot),
        Rule::ForABody => {
            in_place(covered(), post)?;
            for_a_body(event, place, directory, day)
        }
        Rule::Yes if post.role == Role::Handler => as_its_body(post, event, place, directory, day),
        Rule::Yes => in_place(covered(), post),
    }
}

/// Front staff typing what a body's paper says.
fn for_a_body(event: &Event, place: &PetitionPlace<'_>, directory: &Directory, day: Date) -> Result<(), Denied> {
    let own_matter = matches!(event.action().kind(), ActionKind::Resolve | ActionKind::Extend) && place.held.is_empty();
    match event.on_behalf_of() {
        None if own_matter && event.body.body.is_none() => Ok(()),
        Some(body) if event.body.paper.as_ref().is_some_and(|p| !p.trim().is_empty()) => {
            holds(body, place, directory, day)
        }
        _ => Err(Denied::NameTheBody),
    }
}

/// A handler acts as the post's own body, which must hold the petition.
fn as_its_body(
    post: &Post,
    event: &Event,
    place: &PetitionPlace<'_>,
    directory: &Directory,
    day: Date,
) -> Result<(), Denied> {
    let Some(acting) = event.body.body.as_ref() else { return Err(Denied::NameTheBody) };
    let own = post.body.iter().flat_map(|b| directory.current_bodies(b, day));
    let own: BTreeSet<BodyId> = own.chain(post.body.clone()).collect();
    let acting_now = directory.current_bodies(acting, day);
    if event.on_behalf_of().is_some() || !(own.contains(acting) || acting_now.iter().any(|b| own.contains(b))) {
        return Err(Denied::Place { post: post.code.clone() });
    }
    holds(acting, place, directory, day)
}

fn holds(body: &BodyId, place: &PetitionPlace<'_>, directory: &Directory, day: Date) -> Result<(), Denied> {
    let now = |b: &BodyId| directory.current_bodies(b, day).into_iter().chain([b.clone()]);
    if meets(place.held.iter().flat_map(|h| now(&h.body)), now(body)) {
        Ok(())
    } else {
        Err(Denied::NotHolding { body: body.to_string() })
    }
}
