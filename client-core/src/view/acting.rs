//! In whose name an event is done: the one of the user's posts that the rights table lets do it. The server asks the
//! same table; asking it here spares people a refusal.

use jiff::Timestamp;
use jiff::civil::Date;
use sync::id::{BodyId, EventId, RecordId};
use sync::model::directory::{Directory, Post, Role};
use sync::model::petition::{Action, Event, EventBody, Held};
use sync::model::time::local_date;
use sync::scope::{PetitionPlace, may_touch};

use super::error::ViewError;
use super::petition_show::read_petition;
use crate::command::CommandError;
use crate::replica::Replica;

/// A post, and the body it acts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// In whose name.
    pub post: Post,
    /// A handler's own body, or the one typed for.
    pub body: Option<BodyId>,
}

/// What an event is to be.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The petition.
    pub record: RecordId,
    /// What it does.
    pub action: &'a Action,
    /// Typed for this body.
    pub on_behalf_of: Option<&'a BodyId>,
    /// The number of the paper.
    pub paper: Option<&'a str>,
}

/// Why nobody acts.
#[derive(Debug, thiserror::Error)]
pub enum ActingError {
    /// None of the user's posts may, several fit, or the wanted one is not held.
    #[error(transparent)]
    Post(#[from] CommandError),
    /// The petition.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// Chooses the post: the wanted one, else the only one that may.
pub fn acting(replica: &Replica, wish: &Wish<'_>, wanted: Option<&str>, now: Timestamp) -> Result<Acting, ActingError> {
    let petition = read_petition(replica, wish.record, now)?;
    let last = petition.folded.last();
    let directory = replica.directory();
    let today = local_date(now, directory.zone());
    let place = PetitionPlace::of(&petition.record.facts, last);
    let may = |post: &Post| {
        let body = body_of(post, wish.on_behalf_of, &last.held, directory, today);
        may_touch(post, &event(wish, post, body, now), &place, false, directory, today)
    };
    let post = replica.choose_allowed(wanted, may, now)?;
    let body = body_of(&post, wish.on_behalf_of, &last.held, directory, today);
    Ok(Acting { post, body })
}

/// A handler acts as its own body, under the name by which that body holds the petition.
fn body_of(
    post: &Post,
    on_behalf_of: Option<&BodyId>,
    held: &[Held],
    directory: &Directory,
    today: Date,
) -> Option<BodyId> {
    let (Role::Handler, Some(own)) = (post.role, &post.body) else { return on_behalf_of.cloned() };
    let own_now = directory.current_bodies(own, today);
    let same = |b: &BodyId| b == own || directory.current_bodies(b, today).iter().any(|c| own_now.contains(c));
    Some(held.iter().map(|h| &h.body).find(|b| same(b)).unwrap_or(own).clone())
}

fn event(wish: &Wish<'_>, post: &Post, body: Option<BodyId>, now: Timestamp) -> Event {
    Event {
        id: EventId::from_bytes([0; 16]),
        body: EventBody {
            action: wish.action.clone(),
            at: now,
            by: post.id.clone(),
            after: None,
            on_behalf: wish.on_behalf_of.is_some().then_some(true),
            body,
            paper: wish.paper.map(str::to_owned),
            stamped: None,
            imported: None,
        },
    }
}
