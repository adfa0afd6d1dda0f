//! Questions to the directory, all as of a date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::problem::Problem;
use super::typed::*;
use crate::id::{BodyId, CategoryId, OfficeId, PostId, UnitId, UserId};
use crate::model::calendar::Calendar;
use crate::model::petition::Kind;
use crate::reason::Reason;

/// Why a code does not name one thing on a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
pub enum CodeError {
    /// Nothing bears it.
    Unknown {
        /// unit, body …
        what: &'static str,
        /// As given.
        code: String,
    },
    /// It was divided: say which part is meant.
    Divided {
        /// unit, body …
        what: &'static str,
        /// As given.
        code: String,
        /// Codes of the parts.
        into: Vec<String>,
    },
}

impl CodeError {
    /// For people.
    pub fn reason(&self) -> Reason {
        match self {
            CodeError::Unknown { what, code } => Reason::no_such_code(what, code),
            CodeError::Divided { what, code, into } => Reason::divided(what, code, into.join(", ")),
        }
    }
}

/// An entry with a code, dates and successors.
pub trait Codes {
    /// Its id.
    type Id: Ord + Clone + From<String>;
    /// The word for errors.
    const WHAT: &'static str;
    /// Its id.
    fn id(&self) -> &Self::Id;
    /// Its code at the time; a code may be used again with another meaning.
    fn code(&self) -> &str;
    /// From when to when.
    fn valid(&self) -> &Validity;
    /// What took its place.
    fn successors(&self) -> &[Self::Id];
}

macro_rules! codes {
    ($($table:ident, $id:ident, $what:literal;)+) => { $(
        impl Codes for $table {
            type Id = $id;
            const WHAT: &'static str = $what;
            fn id(&self) -> &$id { &self.id }
            fn code(&self) -> &str { &self.code }
            fn valid(&self) -> &Validity { &self.valid }
            fn successors(&self) -> &[$id] { &self.successors }
        }
    )+ };
}
codes! {
    Unit, UnitId, "unit";
    Body, BodyId, "body";
    Office, OfficeId, "office";
    Category, CategoryId, "category";
}

/// What stands in an entry's place on a date: itself while it is valid, else its successors, theirs, and so on.
/// An entry that ended without successors, or has not begun, stands for itself: nothing may fall out of every audience.
fn current<T: Codes>(map: &BTreeMap<T::Id, T>, id: &T::Id, day: Date) -> Vec<T::Id> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut next = vec![id.clone()];
    while let Some(id) = next.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        match map.get(&id) {
            Some(entry) if entry.valid().to.is_some_and(|to| to < day) && !entry.successors().is_empty() => {
                next.extend(entry.successors().iter().cloned());
            }
            _ => {
                found.insert(id);
            }
        }
    }
    found.into_iter().collect()
}

fn by_code<'a, T: Codes>(map: &'a BTreeMap<T::Id, T>, code: &str, day: Date) -> Result<&'a T, CodeError> {
    let unknown = || CodeError::Unknown { what: T::WHAT, code: code.to_owned() };
    let mut named: Vec<&T> = map.values().filter(|e| e.code() == code).collect();
    if named.is_empty() {
        named.extend(map.get(&T::Id::from(code.to_owned())));
    }
    if let Some(valid) = named.iter().find(|e| e.valid().contains(day)) {
        return Ok(valid);
    }
    // An old address resolves through its successions; of several that bore the code, the last to end.
    let old = named.into_iter().max_by_key(|e| e.valid().to).ok_or_else(unknown)?;
    match current(map, old.id(), day).as_slice() {
        [one] => map.get(one).ok_or_else(unknown),
        several => Err(CodeError::Divided {
            what: T::WHAT,
            code: code.to_owned(),
            into: several.iter().filter_map(|id| map.get(id)).map(|e| e.code().to_owned()).collect(),
        }),
    }
}

macro_rules! table {
    ($map:ident, $get:ident, $by_code:ident, $current:ident, $t:ty, $id:ty) => {
        /// Every entry of the table.
        pub fn $map(&self) -> impl Iterator<Item = &$t> {
            self.$map.values()
        }

        /// The entry with an id.
        pub fn $get(&self, id: &$id) -> Option<&$t> {
            self.$map.get(id)
        }

        /// The entry a code names on a day; an old code resolves through successions.
        pub fn $by_code(&self, code: &str, day: Date) -> Result<&$t, CodeError> {
            by_code(&self.$map, code, day)
        }

        /// What stands in an entry's place on a day.
        pub fn $current(&self, id: &$id, day: Date) -> Vec<$id> {
            current(&self.$map, id, day)
        }
    };
}

impl Directory {
    table!(offices, office, office_by_code, current_offices, Office, OfficeId);
    table!(units, unit, unit_by_code, current_units, Unit, UnitId);
    table!(bodies, body, body_by_code, current_bodies, Body, BodyId);
    table!(categories, category, category_by_code, current_categories, Category, CategoryId);

    /// The tenant's zone: what makes an instant a date.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The zone's name.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// How long after an event's own time the server may receive it and still count it under that time.
    pub fn lease(&self) -> SignedDuration {
        self.lease
    }

    /// Working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Entries that could not be read.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Every post.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.posts.values()
    }

    /// A post by id.
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.posts.get(id)
    }

    /// Every person's account.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// An account by id.
    pub fn user(&self, id: &UserId) -> Option<&User> {
        self.users.get(id)
    }

    /// An account by code.
    pub fn user_by_code(&self, code: &str) -> Option<&User> {
        self.users.values().find(|u| u.code == code)
    }

    /// Every routing rule.
    pub fn routing(&self) -> &[Routing] {
        &self.routing
    }

    /// Every deadline rule.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// Every dated holding.
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The posts a person holds on a day, in the order they were given.
    pub fn posts_of(&self, user: &UserId, day: Date) -> Vec<&Post> {
        let Some(account) = self.users.get(user).filter(|u| u.valid.contains(day)) else { return Vec::new() };
        let dated = self.holdings.iter().filter(|h| &h.user == user && h.valid.contains(day)).map(|h| &h.post);
        let mut posts: Vec<&Post> = Vec::new();
        for id in account.posts.iter().chain(dated) {
            if let Some(post) = self.posts.get(id).filter(|p| p.valid.contains(day))
                && !posts.iter().any(|p| p.id == post.id)
            {
                posts.push(post);
            }
        }
        posts
    }

    /// The deadline rule for a petition logged on a day: the narrowest category first, then the kind.
    pub fn policy(&self, kind: Kind, category: Option<&CategoryId>, day: Date) -> Option<&Policy> {
        let line = self.category_line(category);
        let rank = |p: &Policy| -> Option<(usize, bool)> {
            let by_kind = match p.kind {
                Some(k) if k != kind => return None,
                k => k.is_some(),
            };
            let by_category = match &p.category {
                None => 0,
                Some(c) => line.len() - line.iter().position(|l| *l == c)?,
            };
            Some((by_category, by_kind))
        };
        let valid = self.policies.iter().filter(|p| p.valid.contains(day));
        valid.filter_map(|p| rank(p).map(|r| (r, p))).max_by_key(|(r, _)| *r).map(|(_, p)| p)
    }

    /// A category and what it lies under, from narrow to wide.
    fn category_line<'a>(&'a self, category: Option<&'a CategoryId>) -> Vec<&'a CategoryId> {
        let mut line: Vec<&CategoryId> = Vec::new();
        let mut next = category;
        while let Some(c) = next.filter(|c| !line.contains(c)) {
            line.push(c);
            next = self.categories.get(c).and_then(|c| c.parent.as_ref());
        }
        line
    }

    /// A unit and every unit it lies in, itself first.
    pub fn unit_line(&self, unit: &UnitId) -> Vec<UnitId> {
        let mut line: Vec<UnitId> = Vec::new();
        let mut next = Some(unit.clone());
        while let Some(u) = next.filter(|u| !line.contains(u)) {
            next = self.units.get(&u).and_then(|u| u.parent.clone());
            line.push(u);
        }
        line
    }

    /// The offices that look after a unit on a day: its own, or the nearest above it that names one.
    pub fn offices_of_unit(&self, unit: &UnitId, day: Date) -> Vec<OfficeId> {
        let office = self.unit_line(unit).into_iter().find_map(|u| self.units.get(&u)?.office.clone());
        office.map(|o| self.current_offices(&o, day)).unwrap_or_default()
    }

    /// An office and every office below it, as the tree is on a day.
    pub fn office_tree(&self, office: &OfficeId) -> Vec<OfficeId> {
        let mut tree = vec![office.clone()];
        let mut i = 0;
        while let Some(parent) = tree.get(i).cloned() {
            let below = self.offices.values().filter(|o| o.parent.as_ref() == Some(&parent));
            let below: Vec<OfficeId> = below.map(|o| o.id.clone()).filter(|o| !tree.contains(o)).collect();
            tree.extend(below);
            i += 1;
        }
        tree
    }

    /// The bodies that routing rules suggest for a category in a unit, narrowest rule first.
    pub fn suggested(&self, category: Option<&CategoryId>, unit: &UnitId, day: Date) -> Vec<&BodyId> {
        let line = self.category_line(category);
        let units = self.unit_line(unit);
        let mut rules: Vec<(usize, usize, &BodyId)> = self
            .routing
            .iter()
            .filter(|r| r.valid.contains(day))
            .filter_map(|r| {
                let c = match &r.category {
                    None => line.len(),
                    Some(c) => line.iter().position(|l| *l == c)?,
                };
                let u = match &r.unit {
                    None => units.len(),
                    Some(u) => units.iter().position(|l| l == u)?,
                };
                Some((c, u, &r.body))
            })
            .collect();
        rules.sort();
        rules.into_iter().map(|(_, _, b)| b).collect()
    }
}
