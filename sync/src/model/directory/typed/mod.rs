//! The whole directory, as typed entries. Reading is tolerant: an entry that lacks what it needs is left out and named
//! as a problem.

mod category;
mod organisation;
mod people;
mod reader;
mod rule;
mod unit;
mod validity;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use self::reader::Reader;
use super::Entries;
use super::entity::{EntityKind, Value};
use super::former::Former;
use super::problem::{Problem, Wants};
use crate::id::{BodyId, CategoryId, OfficeId, PostId, UnitId, UserId};
use crate::model::calendar::Calendar;
pub use category::{Category, Form04};
pub use organisation::{Body, Office};
pub use people::{Holding, Post, Role, User};
pub use rule::{ClockStart, Policy, Routing};
pub use unit::{Unit, UnitKind};
pub use validity::Validity;

/// The whole directory at one place in its history. Dates are asked for at each look-up.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    pub(super) lease: SignedDuration,
    pub(super) calendar: Calendar,
    pub(super) offices: BTreeMap<OfficeId, Office>,
    pub(super) units: BTreeMap<UnitId, Unit>,
    pub(super) bodies: BTreeMap<BodyId, Body>,
    pub(super) categories: BTreeMap<CategoryId, Category>,
    pub(super) routing: Vec<Routing>,
    pub(super) posts: BTreeMap<PostId, Post>,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) holdings: Vec<Holding>,
    pub(super) former: Vec<Former>,
    pub(super) policies: Vec<Policy>,
    pub(super) problems: Vec<Problem>,
}

/// The zone of a tenant that names none.
pub const DEFAULT_ZONE: &str = "Asia/Ho_Chi_Minh";
/// The lease of a tenant that names none.
pub const DEFAULT_LEASE_DAYS: i64 = 14;
/// No tenant's lease is longer.
const MAX_LEASE_DAYS: i64 = 365;

impl Default for Directory {
    fn default() -> Self {
        Self::from_entries(&Entries::new())
    }
}

impl Directory {
    /// Gives folded entries their types.
    pub fn from_entries(entries: &Entries) -> Self {
        let mut d = Directory {
            zone: TimeZone::get(DEFAULT_ZONE).unwrap_or(TimeZone::UTC),
            zone_name: DEFAULT_ZONE.to_owned(),
            lease: SignedDuration::from_hours(24 * DEFAULT_LEASE_DAYS),
            calendar: Calendar::default(),
            offices: BTreeMap::new(),
            units: BTreeMap::new(),
            bodies: BTreeMap::new(),
            categories: BTreeMap::new(),
            routing: Vec::new(),
            posts: BTreeMap::new(),
            users: BTreeMap::new(),
            holdings: Vec::new(),
            former: Vec::new(),
            policies: Vec::new(),
            problems: Vec::new(),
        };
        for ((kind, id), fields) in entries {
            let mut read = Reader { kind: *kind, id, fields, problem: None };
            d.add(&mut read);
            let problem = read.problem;
            d.problems.extend(problem);
        }
        d
    }

    /// Puts an entry among those of its kind.
    fn add(&mut self, r: &mut Reader<'_>) {
        let valid = r.validity();
        match r.kind {
            EntityKind::Setting => self.set(r),
            EntityKind::Calendar => {
                self.calendar.holidays.extend(r.dates("holidays"));
                self.calendar.working_saturdays.extend(r.dates("working_saturdays"));
            }
            EntityKind::Office => {
                self.offices.insert(r.id.into(), Office::read(r, valid));
            }
            EntityKind::Unit => {
                self.units.insert(r.id.into(), Unit::read(r, valid));
            }
            EntityKind::Body => {
                self.bodies.insert(r.id.into(), Body::read(r, valid));
            }
            EntityKind::Category => {
                self.categories.insert(r.id.into(), Category::read(r, valid));
            }
            EntityKind::Routing => self.routing.extend(Routing::read(r, valid)),
            EntityKind::Post => self.posts.extend(Post::read(r, valid).map(|post| (r.id.into(), post))),
            EntityKind::User => {
                self.users.insert(r.id.into(), User::read(r, valid));
            }
            EntityKind::Holding => self.holdings.extend(Holding::read(r, valid)),
            EntityKind::Policy => self.policies.extend(Policy::read(r, valid)),
        }
    }

    /// The tenant's settings: an unknown zone leaves the one before, a lease is brought within one day and a year.
    fn set(&mut self, r: &mut Reader<'_>) {
        if let Some(name) = r.text("zone") {
            match TimeZone::get(&name) {
                Ok(zone) => (self.zone, self.zone_name) = (zone, name),
                Err(_) => r.complain("zone", Wants::Zone),
            }
        }
        if let Some(Value::Int(days)) = r.fields.get("lease_days") {
            if !(1..=MAX_LEASE_DAYS).contains(days) {
                r.complain("lease_days", Wants::Within(1, MAX_LEASE_DAYS));
            }
            self.lease = SignedDuration::from_hours(24 * (*days).clamp(1, MAX_LEASE_DAYS));
        }
    }
}
