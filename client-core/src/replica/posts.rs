//! In whose name something is done: which of the user's posts.

use jiff::Timestamp;
use sync::model::directory::Post;
use sync::model::time::local_date;

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
}
