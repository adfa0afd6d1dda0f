//! Typed entries. Reading is tolerant: an entry that lacks what it needs is left out and named as a problem.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Entries;
use super::check::Problem;
use super::entity::{EntityKind, Fields, Value};
use super::former::Former;
use crate::id::{BodyId, CategoryId, OfficeId, PostId, UnitId, UserId};
use crate::model::calendar::{Calendar, Term};
use crate::model::petition::{Kind, named};

/// From when to when, both days included; none is for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether a day lies inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }

    /// The days that lie inside both, if there are any.
    pub fn and(&self, other: &Validity) -> Option<Validity> {
        let from = self.from.max(other.from);
        let to = [self.to, other.to].into_iter().flatten().min();
        let empty = matches!((from, to), (Some(from), Some(to)) if to < from);
        (!empty).then_some(Validity { from, to })
    }

    /// Whether any day lies inside both.
    pub fn overlaps(&self, other: &Validity) -> bool {
        self.and(other).is_some()
    }
}

named!(
    /// What a unit is.
    UnitKind {
        /// *Tỉnh, thành phố.*
        Province = "province",
        /// *Xã, phường, đặc khu.*
        Commune = "commune",
        /// *Ấp, khu phố, thôn, khóm, tổ dân phố.*
        Hamlet = "hamlet",
    }
);

named!(
    /// The four fields of form 04/XLD (Thông tư 01/2024/TT-TTCP).
    Form04 {
        /// *Chế độ, chính sách.*
        Policy = "policy",
        /// *Đất đai.*
        Land = "land",
        /// *Tư pháp.*
        Justice = "justice",
        /// *Khác.*
        Other = "other",
    }
);

named!(
    /// What a post may do; see the rights table.
    Role {
        /// *Cán bộ xã, ấp.*
        Officer = "officer",
        /// *Cán bộ Mặt trận.*
        FrontStaff = "front_staff",
        /// *Cán bộ cơ quan có thẩm quyền.*
        Handler = "handler",
        /// *Lãnh đạo (Ban Thường vụ).*
        Leader = "leader",
        /// *Quản trị danh mục.*
        DirectoryAdmin = "directory_admin",
        /// *Người được xem danh tính.*
        IdentityReader = "identity_reader",
        /// *Người xử lý đơn giữ kín.*
        SealedHandler = "sealed_handler",
        /// *Người nhập sổ cũ.*
        Importer = "importer",
    }
);

named!(
    /// Where a policy's clock starts.
    ClockStart {
        /// The logging.
        Logging = "logging",
        /// The latest referral.
        Referral = "referral",
        /// The latest acceptance.
        Acceptance = "acceptance",
    }
);

/// A Front office.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Office {
    pub id: OfficeId,
    pub code: String,
    pub name: String,
    pub parent: Option<OfficeId>,
    pub valid: Validity,
    pub successors: Vec<OfficeId>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Unit {
    pub id: UnitId,
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub parent: Option<UnitId>,
    pub office: Option<OfficeId>,
    pub valid: Validity,
    pub successors: Vec<UnitId>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Body {
    pub id: BodyId,
    pub code: String,
    pub name: String,
    pub unit: Option<UnitId>,
    /// Never signs in; Front staff type what its letters say.
    pub external: bool,
    pub valid: Validity,
    pub successors: Vec<BodyId>,
}

/// A subject matter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Category {
    pub id: CategoryId,
    pub code: String,
    pub name: String,
    pub parent: Option<CategoryId>,
    pub form04: Option<Form04>,
    pub valid: Validity,
    pub successors: Vec<CategoryId>,
}

/// Which body is suggested for a category in a unit (none: in all).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Routing {
    pub category: Option<CategoryId>,
    pub unit: Option<UnitId>,
    pub body: BodyId,
    pub valid: Validity,
}

/// An office in an organisation, held by people.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Post {
    pub id: PostId,
    pub code: String,
    pub name: String,
    pub role: Role,
    pub unit: Option<UnitId>,
    pub office: Option<OfficeId>,
    pub body: Option<BodyId>,
    pub valid: Validity,
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct User {
    pub id: UserId,
    pub code: String,
    pub name: String,
    pub posts: Vec<PostId>,
    pub valid: Validity,
}

/// Who holds which post from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Holding {
    pub user: UserId,
    pub post: PostId,
    pub valid: Validity,
}

/// A deadline rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Policy {
    /// None: every kind.
    pub kind: Option<Kind>,
    /// None: every category.
    pub category: Option<CategoryId>,
    pub first_answer: Option<Term>,
    pub resolve: Option<Term>,
    pub from: ClockStart,
    pub valid: Validity,
}

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
            d.add(*kind, id, &mut read);
            let problem = read.problem;
            d.problems.extend(problem);
        }
        d
    }

    fn add(&mut self, kind: EntityKind, id: &str, r: &mut Reader<'_>) {
        let valid = r.validity();
        match kind {
            EntityKind::Setting => {
                if let Some(name) = r.text("zone") {
                    match TimeZone::get(&name) {
                        Ok(zone) => (self.zone, self.zone_name) = (zone, name),
                        Err(_) => r.complain("zone"),
                    }
                }
                if let Some(Value::Int(days)) = r.fields.get("lease_days") {
                    if !(1..=365).contains(days) {
                        r.complain("lease_days");
                    }
                    self.lease = SignedDuration::from_hours(24 * (*days).clamp(1, 365));
                }
            }
            EntityKind::Calendar => {
                self.calendar.holidays.extend(r.dates("holidays"));
                self.calendar.working_saturdays.extend(r.dates("working_saturdays"));
            }
            EntityKind::Office => {
                let (code, name) = r.code_name();
                let office = Office {
                    id: id.into(),
                    code,
                    name,
                    parent: r.text("parent").map(OfficeId),
                    valid,
                    successors: r.list("successors").into_iter().map(OfficeId).collect(),
                };
                self.offices.insert(id.into(), office);
            }
            EntityKind::Unit => {
                let (code, name) = r.code_name();
                let unit = Unit {
                    id: id.into(),
                    code,
                    name,
                    kind: r.word("kind", UnitKind::parse).unwrap_or(UnitKind::Commune),
                    parent: r.text("parent").map(UnitId),
                    office: r.text("office").map(OfficeId),
                    valid,
                    successors: r.list("successors").into_iter().map(UnitId).collect(),
                };
                self.units.insert(id.into(), unit);
            }
            EntityKind::Body => {
                let (code, name) = r.code_name();
                let body = Body {
                    id: id.into(),
                    code,
                    name,
                    unit: r.text("unit").map(UnitId),
                    external: matches!(r.fields.get("external"), Some(Value::Bool(true))),
                    valid,
                    successors: r.list("successors").into_iter().map(BodyId).collect(),
                };
                self.bodies.insert(id.into(), body);
            }
            EntityKind::Category => {
                let (code, name) = r.code_name();
                let category = Category {
                    id: id.into(),
                    code,
                    name,
                    parent: r.text("parent").map(CategoryId),
                    form04: r.word("form04", Form04::parse),
                    valid,
                    successors: r.list("successors").into_iter().map(CategoryId).collect(),
                };
                self.categories.insert(id.into(), category);
            }
            EntityKind::Routing => match r.text("body") {
                Some(body) => self.routing.push(Routing {
                    category: r.unless_all("category").map(CategoryId),
                    unit: r.unless_all("unit").map(UnitId),
                    body: body.into(),
                    valid,
                }),
                None => r.complain("body"),
            },
            EntityKind::Post => match r.word("role", Role::parse) {
                Some(role) => {
                    let (code, name) = r.code_name();
                    let post = Post {
                        id: id.into(),
                        code,
                        name,
                        role,
                        unit: r.text("unit").map(UnitId),
                        office: r.text("office").map(OfficeId),
                        body: r.text("body").map(BodyId),
                        valid,
                    };
                    self.posts.insert(id.into(), post);
                }
                None => r.complain("role"),
            },
            EntityKind::User => {
                let (code, name) = r.code_name();
                let posts = r.list("posts").into_iter().map(PostId).collect();
                self.users.insert(id.into(), User { id: id.into(), code, name, posts, valid });
            }
            EntityKind::Holding => match (r.text("user"), r.text("post")) {
                (Some(user), Some(post)) => {
                    self.holdings.push(Holding { user: user.into(), post: post.into(), valid });
                }
                _ => r.complain("user, post"),
            },
            EntityKind::Policy => {
                let all_kinds = r.unless_all("kind").is_none();
                let policy = Policy {
                    kind: if all_kinds { None } else { r.word("kind", Kind::parse) },
                    category: r.unless_all("category").map(CategoryId),
                    first_answer: r.word("first_answer", Term::parse),
                    resolve: r.word("resolve", Term::parse),
                    from: r.word("from", ClockStart::parse).unwrap_or(ClockStart::Referral),
                    valid,
                };
                // A rule that cannot be read must not apply to more than it says.
                if r.problem.is_none() {
                    self.policies.push(policy);
                }
            }
        }
    }
}

/// Reads the fields of one entry, remembering the first that cannot be read.
struct Reader<'a> {
    kind: EntityKind,
    id: &'a str,
    fields: &'a Fields,
    problem: Option<Problem>,
}

impl Reader<'_> {
    fn complain(&mut self, field: &str) {
        self.problem.get_or_insert_with(|| Problem::Field {
            kind: self.kind,
            id: self.id.to_owned(),
            field: field.to_owned(),
        });
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name) {
            Some(Value::Text(t)) if !t.is_empty() => Some(t.clone()),
            _ => None,
        }
    }

    fn unless_all(&self, name: &str) -> Option<String> {
        self.text(name).filter(|t| t != "*")
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.fields.get(name) {
            Some(Value::List(l)) => l.clone(),
            _ => Vec::new(),
        }
    }

    fn code_name(&self) -> (String, String) {
        let code = self.text("code").unwrap_or_else(|| self.id.to_owned());
        let name = self.text("name").unwrap_or_else(|| code.clone());
        (code, name)
    }

    fn word<T>(&mut self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.complain(name);
        }
        value
    }

    fn validity(&mut self) -> Validity {
        Validity { from: self.word("valid_from", parse_date), to: self.word("valid_to", parse_date) }
    }

    fn dates(&mut self, name: &str) -> BTreeSet<Date> {
        let list = self.list(name);
        let dates: BTreeSet<Date> = list.iter().filter_map(|t| parse_date(t)).collect();
        if dates.len() < list.iter().collect::<BTreeSet<_>>().len() {
            self.complain(name);
        }
        dates
    }
}

fn parse_date(text: &str) -> Option<Date> {
    text.parse().ok()
}
