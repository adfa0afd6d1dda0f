//! In whose name something is done: which of the user's posts.

use jiff::Timestamp;
use sync::gate::Refusal;
use sync::model::directory::Post;
use sync::model::time::local_date;
use sync::scope::Denied;

use super::Replica;
use crate::command::CommandError;

impl Replica {
    /// The posts the user holds today.
    pub fn posts(&self, now: Timestamp) -> Vec<&Post> {
        let directory = self.directory();
        directory.posts_of(&self.identity.user, local_date(now, directory.zone()))
    }

    /// The post to act in: the wanted one (by code or id), else the only one that fits.
    pub fn choose_post(
        &self,
        wanted: Option<&str>,
        fits: impl Fn(&Post) -> bool,
        now: Timestamp,
    ) -> Result<Post, CommandError> {
        let held = self.posts(now);
        let codes = |posts: &[&Post]| posts.iter().map(|p| p.code.clone()).collect::<Vec<String>>();
        if let Some(wanted) = wanted {
            let found = held.iter().find(|p| p.code == wanted || p.id.as_str() == wanted);
            let missing = || CommandError::NotYourPost { wanted: wanted.to_owned(), held: codes(&held) };
            return found.map(|p| (*p).clone()).ok_or_else(missing);
        }
        let fitting: Vec<&Post> = held.iter().copied().filter(|p| fits(p)).collect();
        match fitting.as_slice() {
            [one] => Ok((*one).clone()),
            [] => Err(CommandError::NoFittingPost { held: codes(&held) }),
            several => Err(CommandError::SeveralPosts { fitting: codes(several) }),
        }
    }

    /// The post to act in, by the rights table. Where none has the right, the error says why not.
    pub fn choose_allowed(
        &self,
        wanted: Option<&str>,
        may: impl Fn(&Post) -> Result<(), Denied>,
        now: Timestamp,
    ) -> Result<Post, CommandError> {
        match self.choose_post(wanted, |post| may(post).is_ok(), now) {
            Ok(post) => {
                may(&post).map_err(Refusal::from)?;
                Ok(post)
            }
            Err(CommandError::NoFittingPost { held }) => {
                let reasons = self.posts(now).into_iter().filter_map(|post| may(post).err());
                // A reason of place or state says more than that the role has no such right.
                let nearest = reasons.min_by_key(|denied| matches!(denied, Denied::Role { .. }));
                Err(nearest.map_or(CommandError::NoFittingPost { held }, |denied| Refusal::from(denied).into()))
            }
            Err(other) => Err(other),
        }
    }
}
