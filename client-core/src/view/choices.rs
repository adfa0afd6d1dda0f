//! What people pick from: posts, places, categories, bodies, and the words of the model with what people read for them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sync::id::{BodyId, UnitId};
use sync::identity::Purpose;
use sync::model::directory::{Category, Directory, Post, Role, Unit, UnitKind};
use sync::model::petition::{AnswerMeans, Channel, Kind, Outcome, Status};
use sync::model::time::local_date;
use sync::scope::may_log;

use super::code::{self, CodeFault};
use super::{name, word};
use crate::replica::Replica;

/// Everything that forms offer, as of today. Codes are what forms take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Choices {
    /// The posts that the user holds.
    pub posts: Vec<PostChoice>,
    /// Communes and hamlets that one of them may log for, communes before hamlets.
    pub units: Vec<UnitChoice>,
    /// Subject matters.
    pub categories: Vec<CategoryChoice>,
    /// Bodies that petitions are referred to.
    pub bodies: Vec<BodyChoice>,
    /// Which bodies the routing rules suggest.
    pub suggested: Vec<Suggested>,
    /// How something was heard; the kinds of session.
    pub channels: Vec<WordChoice<Channel>>,
    /// What the law calls it.
    pub kinds: Vec<WordChoice<Kind>>,
    /// Where a petition stands.
    pub statuses: Vec<WordChoice<Status>>,
    /// How a resolution ended.
    pub outcomes: Vec<WordChoice<Outcome>>,
    /// How the person was told.
    pub means: Vec<WordChoice<AnswerMeans>>,
    /// What an identity is read for.
    pub purposes: Vec<WordChoice<Purpose>>,
}

/// A post of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct PostChoice {
    pub code: String,
    pub name: String,
    pub role: Role,
    pub role_name: &'static str,
    pub unit_name: Option<String>,
    pub office_name: Option<String>,
    pub body_name: Option<String>,
}

/// A commune or a hamlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct UnitChoice {
    pub code: String,
    pub name: String,
    /// The code of what it lies in.
    pub parent: Option<String>,
    pub kind: UnitKind,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct CategoryChoice {
    pub code: String,
    pub name: String,
    /// The code of what it lies under.
    pub parent: Option<String>,
}

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct BodyChoice {
    pub code: String,
    pub name: String,
}

/// The bodies suggested for a category in a commune, nearest rule first. Looked for under both, then under the category
/// alone: what a commune has in common with all others is said once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Suggested {
    /// A category's code; none: not classified yet.
    pub category: Option<String>,
    /// A commune's code; none: wherever no rule of its own holds.
    pub unit: Option<String>,
    /// Codes.
    pub bodies: Vec<String>,
}

/// A word of the model, and what people read for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct WordChoice<T> {
    pub word: T,
    pub name: &'static str,
}

/// What there is to pick from now.
pub fn choices(replica: &Replica, now: Timestamp) -> Choices {
    let directory = replica.directory();
    let today = local_date(now, directory.zone());
    let posts = replica.posts(now);
    let units = loggable(directory, &posts, today);
    let mut categories: Vec<&Category> = directory.categories().filter(|c| c.valid.contains(today)).collect();
    categories.sort_by(|a, b| a.name.cmp(&b.name));
    let mut bodies: Vec<BodyChoice> = directory
        .bodies()
        .filter(|b| b.valid.contains(today))
        .map(|b| BodyChoice { code: b.code.clone(), name: b.name.clone() })
        .collect();
    bodies.sort_by(|a, b| a.name.cmp(&b.name));
    Choices {
        posts: posts.iter().map(|post| post_choice(directory, post)).collect(),
        suggested: suggestions(directory, &units, &categories, today),
        units: units.into_iter().map(|unit| unit_choice(directory, unit)).collect(),
        categories: categories
            .into_iter()
            .map(|c| CategoryChoice {
                code: c.code.clone(),
                name: c.name.clone(),
                parent: c.parent.as_ref().map(|p| name::category(directory, p).code),
            })
            .collect(),
        bodies,
        channels: words(Channel::ALL, word::channel),
        kinds: words(Kind::ALL, word::kind),
        statuses: words(Status::ALL, word::status),
        outcomes: words(Outcome::ALL, word::outcome),
        means: words(AnswerMeans::ALL, word::means),
        purposes: words(Purpose::ALL, word::purpose),
    }
}

/// The bodies that routing rules suggest, nearest rule first; codes as of today.
pub fn suggested_bodies(
    replica: &Replica,
    unit: &str,
    category: Option<&str>,
    now: Timestamp,
) -> Result<Vec<BodyChoice>, CodeFault> {
    let directory = replica.directory();
    let today = local_date(now, directory.zone());
    let unit = code::unit(directory, unit, today)?;
    let category = category.map(|c| code::category(directory, c, today)).transpose()?;
    let bodies = directory.suggested(category.as_ref(), &unit, today);
    Ok(distinct(directory, &bodies).into_iter().map(|b| BodyChoice { code: b.code, name: b.name }).collect())
}

fn words<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<WordChoice<T>> {
    all.iter().map(|word| WordChoice { word: *word, name: name(*word) }).collect()
}

fn post_choice(directory: &Directory, post: &Post) -> PostChoice {
    let office = post.office.as_ref().and_then(|o| directory.office(o));
    PostChoice {
        code: post.code.clone(),
        name: post.name.clone(),
        role: post.role,
        role_name: word::role(post.role),
        unit_name: post.unit.as_ref().map(|u| name::unit(directory, u).name),
        office_name: office.map(|o| o.name.clone()),
        body_name: post.body.as_ref().map(|b| name::body(directory, b).name),
    }
}

fn unit_choice(directory: &Directory, unit: &Unit) -> UnitChoice {
    let parent = unit.parent.as_ref().map(|p| name::unit(directory, p).code);
    UnitChoice { code: unit.code.clone(), name: unit.name.clone(), parent, kind: unit.kind }
}

/// Where one of the posts may log; communes before hamlets, each by name.
fn loggable<'a>(directory: &'a Directory, posts: &[&Post], today: Date) -> Vec<&'a Unit> {
    let may = |commune: &UnitId, hamlet: Option<&UnitId>| {
        posts.iter().any(|post| may_log(post, false, commune, hamlet, directory, today).is_ok())
    };
    let here = |unit: &&Unit| match unit.kind {
        UnitKind::Province => false,
        UnitKind::Commune => may(&unit.id, None),
        UnitKind::Hamlet => code::commune_of(directory, unit, today).is_some_and(|c| may(&c, Some(&unit.id))),
    };
    let mut units: Vec<&Unit> = directory.units().filter(|u| u.valid.contains(today)).filter(here).collect();
    units.sort_by(|a, b| (a.kind == UnitKind::Hamlet, &a.name).cmp(&(b.kind == UnitKind::Hamlet, &b.name)));
    units
}

fn distinct(directory: &Directory, bodies: &[&BodyId]) -> Vec<name::Named> {
    let mut seen = BTreeSet::new();
    let bodies = bodies.iter().filter(|body| seen.insert(body.as_str().to_owned()));
    bodies.map(|body| name::body(directory, body)).collect()
}

fn suggestions(directory: &Directory, units: &[&Unit], categories: &[&Category], today: Date) -> Vec<Suggested> {
    // A place that no rule names.
    let anywhere = UnitId::from("");
    let mut found = Vec::new();
    for category in [None].into_iter().chain(categories.iter().map(|c| Some(*c))) {
        let bodies = |unit: &UnitId| -> Vec<String> {
            let bodies = directory.suggested(category.map(|c| &c.id), unit, today);
            distinct(directory, &bodies).into_iter().map(|body| body.code).collect()
        };
        let code = category.map(|c| c.code.clone());
        let common = bodies(&anywhere);
        for unit in units.iter().filter(|u| u.kind == UnitKind::Commune) {
            let own = bodies(&unit.id);
            if own != common {
                found.push(Suggested { category: code.clone(), unit: Some(unit.code.clone()), bodies: own });
            }
        }
        if !common.is_empty() {
            found.push(Suggested { category: code, unit: None, bodies: common });
        }
    }
    found
}
