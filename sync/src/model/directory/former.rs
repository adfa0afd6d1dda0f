//! Who held which post, over a stretch of days.
//!
//! Dated holdings answer that by themselves. An account's own list of posts has no dates: a post that is taken out of it
//! was held until the day it was taken out.

use jiff::civil::Date;

use super::revision::in_order;
use super::typed::{Directory, Post, Validity};
use super::{EntityKind, Revision, Value, fold_revisions};
use crate::id::{PostId, UserId};
use crate::model::time::local_date;

/// A post that a later revision took out of an account's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Former {
    user: UserId,
    post: PostId,
    until: Date,
}

impl Directory {
    /// The directory with its past, from its revisions.
    pub fn from_revisions(revisions: &[Revision]) -> Self {
        let mut directory = Self::from_entries(&fold_revisions(revisions));
        let mut lists: std::collections::BTreeMap<&str, &[String]> = Default::default();
        for revision in in_order(revisions).into_iter().filter(|r| r.body.kind == EntityKind::User) {
            let body = &revision.body;
            let after: &[String] = match body.fields.get("posts") {
                None => continue,
                Some(Value::List(posts)) => posts,
                Some(_) => &[],
            };
            let before = lists.insert(&body.entity, after).unwrap_or_default();
            let until = local_date(body.at, directory.zone());
            directory.former.extend(before.iter().filter(|p| !after.contains(p)).map(|post| Former {
                user: body.entity.as_str().into(),
                post: post.as_str().into(),
                until,
            }));
        }
        directory
    }

    /// The posts a person held on some day from the first to the last, both included; each once, by id.
    pub fn posts_held(&self, user: &UserId, first: Date, last: Date) -> Vec<&Post> {
        let Some(account) = self.users.get(user).filter(|_| first <= last) else { return Vec::new() };
        let asked = Validity { from: Some(first), to: Some(last) };
        let until = |day| asked.and(&Validity { from: None, to: Some(day) });
        let listed = account.posts.iter().map(|post| (post, Some(asked)));
        let dated = self.holdings.iter().filter(|h| h.user == *user).map(|h| (&h.post, asked.and(&h.valid)));
        let former = self.former.iter().filter(|f| f.user == *user).map(|f| (&f.post, until(f.until)));
        let held = listed.chain(dated).chain(former).filter_map(|(post, stretch)| {
            let post = self.posts.get(post)?;
            stretch?.and(&account.valid)?.and(&post.valid).map(|_| post)
        });
        let mut held: Vec<&Post> = held.collect();
        held.sort_by(|a, b| a.id.cmp(&b.id));
        held.dedup_by(|a, b| a.id == b.id);
        held
    }
}
