//! The calls: a name, what it takes, what it gives.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::petitions::{PetitionsForm, PetitionsShown, shown};
use super::{App, Fault};
use crate::desk::{
    ActForm, Acted, ConcludeForm, Discarded, Identified, IdentifyForm, LogForm, Logged, MinutesForm, MinutesShown,
    MinutesWritten, Retried, SameAsForm, SessionActed, SessionForm, SessionLogged, Split, SplitForm, SummaryForm,
    WhoForm,
};
use crate::message;
use crate::store::drafts::{self, Draft};
use crate::vault::Pin;
use crate::view::{self, Choices, Page, PetitionDetail, RefusedView, SessionDetail, SessionRow, StatusView, WhoView};

/// Takes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "Record<string, never>"))]
pub struct Nothing {}

/// Names a petition by its short code or UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OnePetition {
    petition: String,
}

/// Names a session by its UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OneSession {
    session: String,
}

/// Names a piece of refused work, as the list does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OneRefused {
    id: String,
}

/// Names a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OneDraft {
    name: String,
}

/// What stands in a form that has not been filed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DraftForm {
    name: String,
    /// The form's own.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    body: Value,
}

/// A part of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PartForm {
    /// 50 unless said.
    limit: Option<u32>,
    offset: Option<u32>,
}

/// From here on this PIN opens the replica, or none is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PinForm {
    /// None: no PIN.
    pin: Option<String>,
}

macro_rules! calls {
    ($($(#[doc = $doc:literal])* $name:ident: $takes:ty => $gives:ty = $run:expr;)*) => {
        /// Does one call. `post`: the code of the post to act in, where one was asked for.
        ///
        /// # Errors
        /// [`Fault`]: nothing was done.
        pub fn call(app: &mut App<'_>, name: &str, post: Option<String>, body: &str) -> Result<String, Fault> {
            match name {
                $(stringify!($name) => {
                    let run: fn(&mut App<'_>, Option<String>, $takes) -> Result<$gives, Fault> = $run;
                    // What serde says of a form may quote it.
                    let form = serde_json::from_str(body).map_err(|_| Fault::not_understood(name))?;
                    let given = run(app, post, form)?;
                    serde_json::to_string(&given).map_err(|_| Fault::not_understood(name))
                })*
                _ => Err(Fault::not_understood(name)),
            }
        }

        /// Every call with what it says of itself, for the scripts that call.
        #[cfg(feature = "ts")]
        pub(super) fn each(of: &mut impl super::typescript::Each) {
            $(of.call::<$takes, $gives>(stringify!($name), &[$($doc),*]);)*
        }
    };
}

calls! {
    /// Who this is, and what waits.
    status: Nothing => StatusView = |app, _, _| Ok(view::status(app.replica, app.now)?);
    /// What can be picked: posts, units, categories, bodies.
    choices: Nothing => Choices = |app, _, _| Ok(view::choices(app.replica, app.now));
    /// Petitions, newest first.
    petitions: PetitionsForm => PetitionsShown = |app, _, form| shown(app, &form);
    /// One petition with its history.
    petition: OnePetition => PetitionDetail = |app, post, form| {
        let record = app.desk(post).petition(&form.petition)?;
        Ok(view::petition(app.replica, record, app.now)?)
    };
    /// Sessions, newest first.
    sessions: PartForm => Vec<SessionRow> = |app, _, form| {
        let page = Page { limit: Some(form.limit.unwrap_or(50)), offset: form.offset.unwrap_or(0) };
        Ok(view::sessions(app.replica, page, app.now)?)
    };
    /// One session with what was raised in it.
    session: OneSession => SessionDetail = |app, post, form| {
        let record = app.desk(post).session(&form.session)?;
        Ok(view::session(app.replica, record, app.now)?)
    };
    /// A session's minutes, to be written in.
    minutes: OneSession => MinutesShown = |app, post, form| Ok(app.desk(post).minutes(&form.session)?);
    /// Work that the server did not take.
    refused: Nothing => Vec<RefusedView> = |app, _, _| {
        let on_screen = |row: RefusedView| RefusedView { reason: message::on_screen(&row.reason), ..row };
        Ok(view::refused(app.replica)?.into_iter().map(on_screen).collect())
    };
    /// Logs a petition.
    log: LogForm => Logged = |app, post, form| Ok(app.desk(post).log(&form)?);
    /// Writes one event on a petition.
    act: ActForm => Acted = |app, post, form| Ok(app.desk(post).act(form)?);
    /// Makes a petition of a part of another.
    split: SplitForm => Split = |app, post, form| Ok(app.desk(post).split(&form)?);
    /// Writes what the bodies may read of a sealed petition.
    summarise: SummaryForm => Acted = |app, post, form| Ok(app.desk(post).summarise(&form)?);
    /// Opens a session.
    open_session: SessionForm => SessionLogged = |app, post, form| Ok(app.desk(post).open_session(&form)?);
    /// Writes in a session's minutes.
    write_minutes: MinutesForm => MinutesWritten = |app, post, form| Ok(app.desk(post).write_minutes(form)?);
    /// Writes what a session concluded.
    conclude: ConcludeForm => SessionActed = |app, post, form| Ok(app.desk(post).conclude(&form)?);
    /// Says that two sessions are one.
    same_as: SameAsForm => SessionActed = |app, post, form| Ok(app.desk(post).same_as(&form)?);
    /// Writes down who raised a petition.
    identify: IdentifyForm => Identified = |app, post, form| Ok(app.desk(post).identify(&form)?);
    /// Who raised a petition, for a purpose; null where the user may not know.
    who: WhoForm => Option<WhoView> = |app, post, form| Ok(app.desk(post).who(&form)?);
    /// Has the server asked with the next sync.
    ask_who: WhoForm => Nothing = |app, post, form| {
        app.desk(post).ask_who(&form)?;
        Ok(Nothing {})
    };
    /// Does refused work again.
    retry: OneRefused => Retried = |app, post, form| Ok(app.desk(post).retry(&form.id)?);
    /// Lets go of refused work, words and all.
    discard: OneRefused => Discarded = |app, post, form| Ok(app.desk(post).discard(&form.id)?);
    /// Forms that were begun, the latest first.
    drafts: Nothing => Vec<Draft> = |app, _, _| Ok(drafts::all(app.replica.connection())?);
    /// Keeps what stands in a form.
    keep_draft: DraftForm => Nothing = |app, _, form| {
        let (replica, now) = (&mut *app.replica, app.now);
        replica.keep_draft(&form.name, &form.body, now)?;
        Ok(Nothing {})
    };
    /// Lets go of a form's draft.
    drop_draft: OneDraft => Nothing = |app, _, form| {
        app.replica.drop_draft(&form.name)?;
        Ok(Nothing {})
    };
    /// Sets, changes or takes away the PIN.
    set_pin: PinForm => Nothing = |app, _, form| {
        let pin = form.pin.as_deref().map(Pin::chosen).transpose()?;
        app.replica.set_pin(pin.as_ref(), app.rng)?;
        Ok(Nothing {})
    };
}
