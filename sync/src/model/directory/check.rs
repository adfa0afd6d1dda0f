//! What a directory must not be: dangling names, cycles, posts without a place.

use std::collections::BTreeSet;
use std::fmt;

use super::entity::EntityKind;
use super::problem::Problem;
use super::typed::{Directory, Role};

impl Directory {
    /// Everything wrong with it; empty when it may be used.
    pub fn check(&self) -> Vec<Problem> {
        let mut found = self.problems.clone();
        let mut names = |kind: EntityKind, id: &str, there: bool, target: &dyn fmt::Display| {
            if !there {
                found.push(Problem::Missing { kind, id: id.to_owned(), names: target.to_string() });
            }
        };
        for o in self.offices.values() {
            for target in o.parent.iter().chain(&o.successors) {
                names(EntityKind::Office, o.id.as_str(), self.offices.contains_key(target), target);
            }
        }
        for u in self.units.values() {
            for target in u.parent.iter().chain(&u.successors) {
                names(EntityKind::Unit, u.id.as_str(), self.units.contains_key(target), target);
            }
            for target in u.office.iter() {
                names(EntityKind::Unit, u.id.as_str(), self.offices.contains_key(target), target);
            }
        }
        for b in self.bodies.values() {
            for target in &b.successors {
                names(EntityKind::Body, b.id.as_str(), self.bodies.contains_key(target), target);
            }
            for target in b.unit.iter() {
                names(EntityKind::Body, b.id.as_str(), self.units.contains_key(target), target);
            }
        }
        for c in self.categories.values() {
            for target in c.parent.iter().chain(&c.successors) {
                names(EntityKind::Category, c.id.as_str(), self.categories.contains_key(target), target);
            }
        }
        for r in &self.routing {
            names(EntityKind::Routing, r.body.as_str(), self.bodies.contains_key(&r.body), &r.body);
            for target in r.category.iter() {
                names(EntityKind::Routing, r.body.as_str(), self.categories.contains_key(target), target);
            }
            for target in r.unit.iter() {
                names(EntityKind::Routing, r.body.as_str(), self.units.contains_key(target), target);
            }
        }
        for p in self.posts.values() {
            for target in p.unit.iter() {
                names(EntityKind::Post, p.id.as_str(), self.units.contains_key(target), target);
            }
            for target in p.office.iter() {
                names(EntityKind::Post, p.id.as_str(), self.offices.contains_key(target), target);
            }
            for target in p.body.iter() {
                names(EntityKind::Post, p.id.as_str(), self.bodies.contains_key(target), target);
            }
        }
        for u in self.users.values() {
            for target in &u.posts {
                names(EntityKind::User, u.id.as_str(), self.posts.contains_key(target), target);
            }
        }
        for h in &self.holdings {
            names(EntityKind::Holding, h.user.as_str(), self.users.contains_key(&h.user), &h.user);
            names(EntityKind::Holding, h.user.as_str(), self.posts.contains_key(&h.post), &h.post);
        }
        for p in &self.policies {
            for target in p.category.iter() {
                names(EntityKind::Policy, "policy", self.categories.contains_key(target), target);
            }
        }
        self.check_posts(&mut found);
        self.check_cycles(&mut found);
        found
    }

    fn check_posts(&self, found: &mut Vec<Problem>) {
        for p in self.posts.values() {
            let needs = match p.role {
                Role::Officer if p.unit.is_none() => "unit",
                Role::FrontStaff | Role::Leader | Role::Importer | Role::SealedHandler if p.office.is_none() => {
                    "office"
                }
                Role::Handler if p.body.is_none() => "body",
                _ => continue,
            };
            found.push(Problem::PostWithoutPlace { id: p.id.to_string(), needs });
        }
    }

    fn check_cycles(&self, found: &mut Vec<Problem>) {
        let text = |ids: Vec<String>| ids;
        let mut look = |kind, field, next: &dyn Fn(&str) -> Vec<String>, all: Vec<String>| {
            if let Some(way) = cycle(all, next) {
                found.push(Problem::Cycle { kind, field, way: text(way) });
            }
        };
        macro_rules! graph {
            ($map:ident, $kind:expr, $field:literal, |$x:ident| $targets:expr) => {
                look(
                    $kind,
                    $field,
                    &|id: &str| self.$map.get(&id.into()).map(|$x| $targets).unwrap_or_default(),
                    self.$map.keys().map(ToString::to_string).collect(),
                )
            };
        }
        graph!(units, EntityKind::Unit, "successors", |x| x.successors.iter().map(ToString::to_string).collect());
        graph!(units, EntityKind::Unit, "parent", |x| x.parent.iter().map(ToString::to_string).collect());
        graph!(offices, EntityKind::Office, "successors", |x| x.successors.iter().map(ToString::to_string).collect());
        graph!(offices, EntityKind::Office, "parent", |x| x.parent.iter().map(ToString::to_string).collect());
        graph!(bodies, EntityKind::Body, "successors", |x| x.successors.iter().map(ToString::to_string).collect());
        graph!(categories, EntityKind::Category, "parent", |x| x.parent.iter().map(ToString::to_string).collect());
        graph!(categories, EntityKind::Category, "successors", |x| x
            .successors
            .iter()
            .map(ToString::to_string)
            .collect());
    }
}

/// The first way that leads back to itself, found without recursion: a hostile file may be deep.
fn cycle(all: Vec<String>, next: &dyn Fn(&str) -> Vec<String>) -> Option<Vec<String>> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    for start in all {
        let mut way: Vec<(String, Vec<String>)> = vec![(start.clone(), next(&start))];
        while let Some((_, targets)) = way.last_mut() {
            match targets.pop() {
                Some(target) if done.contains(&target) => {}
                Some(target) => {
                    if let Some(at) = way.iter().position(|(id, _)| *id == target) {
                        let mut round: Vec<String> = way[at..].iter().map(|(id, _)| id.clone()).collect();
                        round.push(target);
                        return Some(round);
                    }
                    let targets = next(&target);
                    way.push((target, targets));
                }
                None => {
                    if let Some((id, _)) = way.pop() {
                        done.insert(id);
                    }
                }
            }
        }
    }
    None
}
