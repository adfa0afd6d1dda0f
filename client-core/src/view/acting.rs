//! In whose name an event is done: the one of the user's posts that the rights table lets do it. The server asks the
//! same table; asking it here spares people a refusal.

use jiff::Timestamp;
use jiff::civil::Date;
use sync::id::{BodyId, EventId, RecordId};
use sync::model::directory::{Directory, Post, Role};
use sync::model::petition::{Action, ActionKind, Event, EventBody, Held};
use sync::model::time::local_date;
use sync::scope::{Denied, PetitionPlace, may_touch};

use super::error::ViewError;
use super::petition_show::read_petition;
use super::word;
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
    /// No post of the user may do it, and this is why.
    #[error("chưa làm được: {}", denied_line(*action, denied))]
    Denied {
        /// What was wanted.
        action: ActionKind,
        /// The reason of the post that came nearest.
        denied: Denied,
    },
    /// Not one of the user's posts, several that fit, or none at all.
    #[error(transparent)]
    Post(#[from] CommandError),
    /// The petition.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// Chooses the post: the wanted one, else the only one that may.
pub fn acting(replica: &Replica, wish: &Wish<'_>, wanted: Option<&str>, now: Timestamp) -> Result<Acting, ActingError> {
    let petition = read_petition(replica, wish.record)?;
    let last = petition.folded.last();
    let directory = replica.directory();
    let today = local_date(now, directory.zone());
    let place = PetitionPlace { unit: &last.now.unit, hamlet: last.now.hamlet.as_ref(), held: &last.held };
    let may = |post: &Post| {
        let body = body_of(post, wish.on_behalf_of, &last.held, directory, today);
        may_touch(post, &event(wish, post, body, now), &place, false, directory, today)
    };
    let chosen = replica.choose_post(wanted, |post| may(post).is_ok(), now);
    let post = match chosen {
        Ok(post) => {
            may(&post).map_err(|denied| ActingError::Denied { action: wish.action.kind(), denied })?;
            post
        }
        Err(CommandError::NoFittingPost { held }) => {
            let reasons = replica.posts(now).into_iter().filter_map(|p| may(p).err());
            // A reason of place or state says more than that the role has no such right.
            let nearest = reasons.min_by_key(|denied| matches!(denied, Denied::Role { .. }));
            return Err(match nearest {
                Some(denied) => ActingError::Denied { action: wish.action.kind(), denied },
                None => CommandError::NoFittingPost { held }.into(),
            });
        }
        Err(other) => return Err(other.into()),
    };
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

fn denied_line(action: ActionKind, denied: &Denied) -> String {
    let what = word::action(action);
    match denied {
        Denied::Role { .. } => {
            format!("vị trí của tài khoản này không có quyền “{what}”; nhờ người giữ vị trí có quyền ấy")
        }
        Denied::OnlyOnTheSpot => {
            "cán bộ xã, ấp chỉ ghi kết quả khi trả lời ngay tại chỗ; dùng petition log --answered".to_owned()
        }
        Denied::Place { post } => {
            format!(
                "vị trí {post} không phụ trách nơi của đơn này; nhờ người phụ trách nơi ấy, hoặc chọn vị trí khác bằng --as"
            )
        }
        Denied::NameTheBody => {
            format!(
                "“{what}” là việc của cơ quan giữ đơn; ghi thay thì nêu cơ quan và số văn bản: --on-behalf-of BODY --paper NO"
            )
        }
        Denied::NotHolding { body } => {
            format!("cơ quan {body} không giữ đơn này; xem petition show để biết đơn đang ở đâu")
        }
    }
}
