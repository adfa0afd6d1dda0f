//! In which post something is done.

use jiff::civil::Date;
use sync::id::{PostId, UnitId};
use sync::model::directory::Post;
use sync::scope::{may_log, may_session};

use super::Desk;
use super::error::DeskError;

impl Desk<'_> {
    /// The one of the user's posts that may log here.
    pub(super) fn post_to_log(&self, unit: &UnitId, hamlet: Option<&UnitId>) -> Result<PostId, DeskError> {
        let directory = self.replica.directory();
        let today = self.day(self.now);
        let may = |post: &Post| may_log(post, false, unit, hamlet, directory, today);
        Ok(self.replica.choose_allowed(self.post.as_deref(), may, self.now)?.id)
    }

    /// The one of the user's posts that may open and keep a session here.
    pub(super) fn post_for_session(&self, unit: &UnitId) -> Result<PostId, DeskError> {
        let directory = self.replica.directory();
        let today = self.day(self.now);
        let may = |post: &Post| may_session(post, unit, directory, today);
        Ok(self.replica.choose_allowed(self.post.as_deref(), may, self.now)?.id)
    }

    /// A post, whoever holds it, by its code on a day.
    pub(super) fn post_by_code(&self, code: &str, day: Date) -> Result<PostId, DeskError> {
        let mut posts = self.replica.directory().posts().filter(|p| p.code == code || p.id.as_str() == code);
        let post = posts.find(|p| p.valid.contains(day)).map(|p| p.id.clone());
        post.ok_or_else(|| DeskError::NoPost(code.to_owned()))
    }
}
