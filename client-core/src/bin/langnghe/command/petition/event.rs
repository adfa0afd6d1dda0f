//! `langnghe petition receive | classify | refer …`: one event on one petition.

use client_core::desk::{Act, ActForm};
use client_core::view::word;
use serde_json::json;
use sync::model::petition::{ActionKind, Field};

use crate::app::App;
use crate::args::{ActArgs, EventArgs, EventCommand};
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, command: EventCommand) -> Result<(), Fault> {
    let (kind, form) = typed(command)?;
    let acted = app.open()?.desk().act(form)?;
    app.show(&json!({ "event": acted.event }), |_| {
        format!(
            "{}: {}. Trạng thái: {}.\nLưu trên máy này; chưa gửi.\n",
            acted.code,
            word::action(kind),
            word::status(acted.status)
        )
    });
    Ok(())
}

fn plain(kind: ActionKind, event: EventArgs, act: Act) -> (ActionKind, ActForm) {
    (kind, ActForm { at: event.at, ..ActForm::new(event.id, act) })
}

/// Typed for a body, as its paper says.
fn by((kind, form): (ActionKind, ActForm), act: ActArgs) -> (ActionKind, ActForm) {
    (kind, ActForm { on_behalf_of: act.on_behalf_of, paper: act.paper, ..form })
}

fn typed(command: EventCommand) -> Result<(ActionKind, ActForm), Fault> {
    use {ActionKind as K, EventCommand as C};
    let text = |argument: String| edge::text(&argument);
    Ok(match command {
        C::Receive { event } => plain(K::Receive, event, Act::Receive),
        C::Classify { event, kind, category } => plain(K::Classify, event, Act::Classify { kind, category }),
        C::Refer { event, to, with, due, note, paper } => {
            let note = edge::optional_text(note.as_ref())?;
            let (kind, form) = plain(K::Refer, event, Act::Refer { to, with, due, note });
            (kind, ActForm { paper, ..form })
        }
        C::Accept { event, act } => by(plain(K::Accept, event, Act::Accept), act),
        C::Return { event, reason, act } => by(plain(K::Return, event, Act::Return { reason: text(reason)? }), act),
        C::Transfer { event, to, reason } => plain(K::Transfer, event, Act::Transfer { to, reason: text(reason)? }),
        C::Extend { event, until, reason, act } => {
            by(plain(K::Extend, event, Act::Extend { until, reason: text(reason)? }), act)
        }
        C::Pause { event, reason } => plain(K::Pause, event, Act::Pause { reason: text(reason)? }),
        C::Resume { event } => plain(K::Resume, event, Act::Resume),
        C::Chase { event, text: words } => plain(K::Chase, event, Act::Chase { text: text(words)? }),
        C::Resolve { event, outcome, text: words, act } => {
            by(plain(K::Resolve, event, Act::Resolve { outcome, text: text(words)? }), act)
        }
        C::Answer { event, by, text } => {
            plain(K::Answer, event, Act::Answer { by, text: edge::optional_text(text.as_ref())? })
        }
        C::Rate { event, satisfied, text } => {
            plain(K::Rate, event, Act::Rate { satisfied, text: edge::optional_text(text.as_ref())? })
        }
        C::Close { event } => plain(K::Close, event, Act::Close),
        C::Reopen { event, reason } => plain(K::Reopen, event, Act::Reopen { reason: text(reason)? }),
        C::Duplicate { event, of } => plain(K::Duplicate, event, Act::Duplicate { of }),
        C::NotDuplicate { event, of } => plain(K::NotDuplicate, event, Act::NotDuplicate { of }),
        C::Guide { event, text: words } => plain(K::Guide, event, Act::Guide { text: text(words)? }),
        C::File { event, reason } => plain(K::File, event, Act::File { reason: text(reason)? }),
        C::Withdraw { event, reason } => plain(K::Withdraw, event, Act::Withdraw { reason: text(reason)? }),
        C::Comment { event, text: words } => plain(K::Comment, event, Act::Comment { text: text(words)? }),
        C::Correct { event, field, to, why } => {
            let why = text(why)?;
            // Only the text is long enough to come from a file.
            let to = if field == Field::Text { edge::text(to.trim())? } else { to };
            plain(K::Correct, event, Act::Correct { field, to, why })
        }
    })
}
