//! Sealed petitions: which office they are entrusted to, and who may log them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::authority::{Denied, covers};
use super::rights::{Rule, Subject, rule};
use crate::id::{OfficeId, PostId, UnitId, UserId};
use crate::model::directory::{Directory, Post, Role};

/// An office and those above it, itself first, each as it is succeeded on a day.
fn upwards(office: &OfficeId, directory: &Directory, day: Date) -> Vec<OfficeId> {
    let mut line: Vec<OfficeId> = Vec::new();
    let mut next = directory.current_offices(office, day);
    while let Some(office) = next.pop() {
        if !line.contains(&office) {
            let parent = directory.office(&office).and_then(|o| o.parent.clone());
            next.extend(parent.iter().flat_map(|p| directory.current_offices(p, day)));
            line.push(office);
        }
    }
    line
}

/// Who is entrusted with an office's sealed petitions on a day.
pub fn sealed_handlers(office: &OfficeId, directory: &Directory, day: Date) -> BTreeSet<UserId> {
    let ours = directory.posts().filter(|post| post.valid.contains(day) && entrusted(post, office, directory, day));
    let ours: BTreeSet<&PostId> = ours.map(|post| &post.id).collect();
    // Asked with every contact: where nobody is entrusted, nobody is gone through.
    if ours.is_empty() {
        return BTreeSet::new();
    }
    let accounts = directory.users().filter(|user| user.posts.iter().any(|post| ours.contains(post)));
    let holdings = directory.holdings().iter().filter(|holding| ours.contains(&holding.post));
    let named = accounts.map(|user| &user.id).chain(holdings.map(|holding| &holding.user));
    let holds = |user: &&UserId| directory.posts_of(user, day).into_iter().any(|post| ours.contains(&post.id));
    named.filter(holds).cloned().collect()
}

/// The office that a unit's sealed petitions are entrusted to: the nearest, upwards from its own, for which somebody holds
/// that post; while nobody does, its own.
pub fn sealed_office(unit: &UnitId, directory: &Directory, day: Date) -> Option<OfficeId> {
    let units = directory.current_units(unit, day);
    let own: Vec<OfficeId> = units.iter().flat_map(|u| directory.offices_of_unit(u, day)).collect();
    let mut line = own.iter().flat_map(|office| upwards(office, directory, day));
    let entrusted = line.find(|office| !sealed_handlers(office, directory, day).is_empty());
    entrusted.or_else(|| own.first().cloned())
}

/// The offices for whose sealed handlers a person may have to lock something: those that the person logs for, and those
/// that the person is entrusted with.
pub fn sealed_offices_of(user: &UserId, directory: &Directory, day: Date) -> BTreeSet<OfficeId> {
    let mut found = BTreeSet::new();
    for post in directory.posts_of(user, day) {
        if rule(post.role, Subject::LogSealed) != Rule::Yes {
            continue;
        }
        let units = post.unit.iter().filter_map(|unit| sealed_office(unit, directory, day));
        let offices = post.office.iter().flat_map(|office| upwards(office, directory, day));
        found.extend(units.chain(offices));
    }
    found
}

/// May this post log a sealed petition of a commune, entrusted to an office? A hamlet's officer may for the commune: the
/// hamlet is not said.
pub fn may_log_sealed(
    post: &Post,
    unit: &UnitId,
    office: &OfficeId,
    directory: &Directory,
    day: Date,
) -> Result<(), Denied> {
    if rule(post.role, Subject::LogSealed) != Rule::Yes {
        return Err(Denied::Role { role: post.role, what: Subject::LogSealed });
    }
    let elsewhere = Denied::Place { post: post.code.clone() };
    let units = directory.current_units(unit, day);
    let lines = units.iter().flat_map(|u| directory.offices_of_unit(u, day));
    let mut lines = lines.flat_map(|o| upwards(&o, directory, day));
    if !lines.any(|o| o == *office) {
        return Err(elsewhere);
    }
    let own = post.unit.iter().flat_map(|u| directory.current_units(u, day)).flat_map(|u| directory.unit_line(&u));
    let mut own = own.flat_map(|u| directory.current_units(&u, day));
    let there = match post.role {
        Role::Officer => own.any(|u| units.contains(&u)),
        Role::SealedHandler => {
            let held = post.office.iter().flat_map(|o| directory.current_offices(o, day));
            held.into_iter().any(|o| directory.current_offices(office, day).contains(&o))
        }
        _ => covers(post, unit, None, directory, day),
    };
    if there { Ok(()) } else { Err(elsewhere) }
}

/// Whether a post is entrusted with an office's sealed petitions.
pub(super) fn entrusted(post: &Post, office: &OfficeId, directory: &Directory, day: Date) -> bool {
    let held = post.office.iter().flat_map(|o| directory.current_offices(o, day));
    let offices = directory.current_offices(office, day);
    post.role == Role::SealedHandler && held.into_iter().any(|o| offices.contains(&o))
}

/// May this post read a sealed petition's words and know who spoke?
pub fn may_open_sealed(post: &Post, office: &OfficeId, directory: &Directory, day: Date) -> Result<(), Denied> {
    match rule(post.role, Subject::SealedIdentity) {
        Rule::Yes if entrusted(post, office, directory, day) => Ok(()),
        Rule::Yes => Err(Denied::Place { post: post.code.clone() }),
        _ => Err(Denied::Role { role: post.role, what: Subject::SealedIdentity }),
    }
}
