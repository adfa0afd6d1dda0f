//! Who did something, as an answer to the person names it: by post and office, never by account.

use jiff::Timestamp;
use sync::id::UserId;
use sync::model::directory::{Directory, Post};
use sync::model::time::local_date;
use sync::scope::{Rule, Subject, rule};

use crate::search::fold;

const UNKNOWN: &str = "(không rõ vị trí)";

/// Nobody that the directory knows.
pub(super) fn unknown() -> String {
    UNKNOWN.to_owned()
}

/// A post with its place, by the code that views show.
pub(super) fn post(directory: &Directory, code: &str) -> String {
    let found = directory.posts().find(|post| post.code == code || post.id.as_str() == code);
    found.map_or_else(unknown, |post| with_place(directory, post))
}

/// The posts by which a user might know who spoke, at a time; where there are none, all of the user's.
pub(super) fn posts_of(directory: &Directory, user: &UserId, at: Option<Timestamp>) -> String {
    let Some(day) = at.map(|at| local_date(at, directory.zone())) else { return unknown() };
    let held = directory.posts_held(user, day, day);
    let readers: Vec<&&Post> = held.iter().filter(|p| rule(p.role, Subject::Identity) != Rule::No).collect();
    let shown = if readers.is_empty() { held.iter().collect() } else { readers };
    let names: Vec<String> = shown.into_iter().map(|post| with_place(directory, post)).collect();
    if names.is_empty() { unknown() } else { names.join("; ") }
}

/// The place is left out where the post's name tells it already.
fn with_place(directory: &Directory, post: &Post) -> String {
    let body = || post.body.as_ref().and_then(|id| directory.body(id)).map(|b| &b.name);
    let office = || post.office.as_ref().and_then(|id| directory.office(id)).map(|o| &o.name);
    let unit = || post.unit.as_ref().and_then(|id| directory.unit(id)).map(|u| &u.name);
    match body().or_else(office).or_else(unit) {
        Some(place) if !fold(&post.name).contains(&fold(place)) => format!("{}, {place}", post.name),
        _ => post.name.clone(),
    }
}
