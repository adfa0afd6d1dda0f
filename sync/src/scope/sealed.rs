//! Sealed petitions: which office they are entrusted to, and who may log them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::authority::{Denied, covers};
use super::rights::{Rule, Subject, rule};
use crate::id::{OfficeId, PostId, UnitId, UserId};
use crate::model::directory::{Directory, Post, Role, UnitKind};

/// Some offices and those above them, nearest first, each as it is succeeded on a day.
fn upwards<'a>(offices: impl IntoIterator<Item = &'a OfficeId>, directory: &Directory, day: Date) -> Vec<OfficeId> {
    let mut line: Vec<OfficeId> = offices.into_iter().flat_map(|o| directory.current_offices(o, day)).collect();
    let mut at = 0;
    while let Some(office) = line.get(at) {
        let parent = directory.office(office).and_then(|o| o.parent.clone());
        let above: Vec<OfficeId> = parent.iter().flat_map(|p| directory.current_offices(p, day)).collect();
        line.extend(above);
        at += 1;
        let mut seen = BTreeSet::new();
        line.retain(|office| seen.insert(office.clone()));
    }
    line
}

/// The offices that look after a unit, and those above them, nearest first.
fn line_of_unit(unit: &UnitId, directory: &Directory, day: Date) -> Vec<OfficeId> {
    let units = directory.current_units(unit, day);
    let own: Vec<OfficeId> = units.iter().flat_map(|u| directory.offices_of_unit(u, day)).collect();
    upwards(&own, directory, day)
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
    let line = line_of_unit(unit, directory, day);
    let entrusted = line.iter().find(|office| !sealed_handlers(office, directory, day).is_empty());
    entrusted.or(line.first()).cloned()
}

/// The offices for whose sealed handlers a person may have to lock something: those that the person logs for by posts held
/// at any time since a day, and all above them, for what was logged when another was the nearest.
pub fn sealed_offices_of(user: &UserId, directory: &Directory, since: Date, day: Date) -> BTreeSet<OfficeId> {
    let mut found = BTreeSet::new();
    for post in directory.posts_held(user, since, day) {
        if rule(post.role, Subject::LogSealed) == Rule::Yes {
            found.extend(post.unit.iter().flat_map(|unit| line_of_unit(unit, directory, day)));
            found.extend(upwards(&post.office, directory, day));
        }
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
    // It may have been logged when the office had not been succeeded yet.
    let named = directory.current_offices(office, day);
    if !line_of_unit(unit, directory, day).iter().any(|o| named.contains(o)) {
        return Err(elsewhere);
    }
    let units = directory.current_units(unit, day);
    let there = match post.role {
        Role::Officer => of_the_commune(post, &units, directory, day) || covers(post, unit, None, directory, day),
        Role::SealedHandler => {
            let held = post.office.iter().flat_map(|o| directory.current_offices(o, day));
            held.into_iter().any(|o| directory.current_offices(office, day).contains(&o))
        }
        _ => covers(post, unit, None, directory, day),
    };
    if there { Ok(()) } else { Err(elsewhere) }
}

/// Whether an officer's post is for a hamlet of one of these communes.
fn of_the_commune(post: &Post, communes: &[UnitId], directory: &Directory, day: Date) -> bool {
    let own = post.unit.iter().flat_map(|u| directory.current_units(u, day));
    let hamlets = own.filter(|u| directory.unit(u).is_some_and(|u| u.kind == UnitKind::Hamlet));
    let parents = hamlets.filter_map(|u| directory.unit(&u)?.parent.clone());
    parents.into_iter().flat_map(|u| directory.current_units(&u, day)).any(|u| communes.contains(&u))
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
