//! `langnghe petition receive | classify | refer …`: one event on one petition.

use client_core::command::{Command, NewEvent};
use client_core::view::{self, PetitionRow, Wish, code, word};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use sync::id::{BodyId, EventId, RecordId};
use sync::model::petition::{Action, Field, Kind};

use crate::app::{App, Desk};
use crate::args::{ActArgs, EventArgs, EventCommand};
use crate::edge;
use crate::fault::Fault;

/// Reads the action with the directory of the day.
type Reading = Box<dyn FnOnce(&Desk, Date) -> Result<Action, Fault>>;

/// An event as it was typed: what it does is read once the petition's day is known.
struct Typed {
    event: EventArgs,
    on_behalf_of: Option<String>,
    paper: Option<String>,
    action: Reading,
}

pub fn run(app: &App, command: EventCommand) -> Result<(), Fault> {
    let typed = typed(command)?;
    let mut desk = app.open()?;
    let record = desk.petition(&typed.event.id)?;
    let at = desk.at(typed.event.at.as_ref())?;
    let day = desk.day(at);
    let action = (typed.action)(&desk, day)?;
    let on_behalf_of = typed.on_behalf_of.map(|c| body(&desk, &c, day)).transpose()?;
    let said = word::action(action.kind());
    let (id, row) = write(app, &mut desk, record, action, at, on_behalf_of, typed.paper)?;
    app.show(&json!({ "event": id }), |_| {
        format!("{}: {said}. Trạng thái: {}.\nLưu trên máy này; chưa gửi.\n", row.code, word::status(row.status))
    });
    Ok(())
}

/// Writes one event in the user's own name.
pub(super) fn act(
    app: &App,
    desk: &mut Desk,
    record: RecordId,
    action: Action,
    at: Timestamp,
) -> Result<(EventId, PetitionRow), Fault> {
    write(app, desk, record, action, at, None, None)
}

fn write(
    app: &App,
    desk: &mut Desk,
    record: RecordId,
    action: Action,
    at: Timestamp,
    on_behalf_of: Option<BodyId>,
    paper: Option<String>,
) -> Result<(EventId, PetitionRow), Fault> {
    let wish = Wish { record, action: &action, on_behalf_of: on_behalf_of.as_ref(), paper: paper.as_deref() };
    let acting = view::acting(&desk.replica, &wish, app.wanted_post(), desk.now)?;
    let id = EventId(desk.new_id());
    let on_behalf = on_behalf_of.is_some();
    let event = NewEvent { body: acting.body, on_behalf, paper, ..NewEvent::new(id, action, at, acting.post.id) };
    desk.replica.execute(Command::PetitionEvent { record, event }, desk.now)?;
    Ok((id, view::petition_row(&desk.replica, record, desk.now)?))
}

fn body(desk: &Desk, typed: &str, day: Date) -> Result<BodyId, Fault> {
    Ok(code::body(desk.replica.directory(), typed, day)?)
}

impl Typed {
    fn plain(event: EventArgs, action: Action) -> Self {
        Self::read(event, move |_, _| Ok(action))
    }

    fn read(event: EventArgs, action: impl FnOnce(&Desk, Date) -> Result<Action, Fault> + 'static) -> Self {
        Self { event, on_behalf_of: None, paper: None, action: Box::new(action) }
    }

    fn by(self, act: ActArgs) -> Self {
        Self { on_behalf_of: act.on_behalf_of, paper: act.paper, ..self }
    }
}

fn typed(command: EventCommand) -> Result<Typed, Fault> {
    use EventCommand as C;
    let text = |argument: String| edge::text(&argument);
    Ok(match command {
        C::Receive { event } => Typed::plain(event, Action::Receive),
        C::Classify { event, kind, category } => Typed::read(event, move |desk, day| {
            let directory = desk.replica.directory();
            let category = category.map(|c| code::category(directory, &c, day)).transpose()?;
            Ok(Action::Classify { kind, category })
        }),
        C::Refer { event, to, with, due, note, paper } => {
            let note = edge::optional_text(note.as_ref())?;
            let typed = Typed::read(event, move |desk, day| {
                let to = body(desk, &to, day)?;
                let with: Vec<BodyId> = with.iter().map(|c| body(desk, c, day)).collect::<Result<_, _>>()?;
                Ok(Action::Refer { to, with: (!with.is_empty()).then_some(with), due, note })
            });
            Typed { paper, ..typed }
        }
        C::Accept { event, act } => Typed::plain(event, Action::Accept).by(act),
        C::Return { event, reason, act } => Typed::plain(event, Action::Return { reason: text(reason)? }).by(act),
        C::Transfer { event, to, reason } => {
            let reason = text(reason)?;
            Typed::read(event, move |desk, day| Ok(Action::Transfer { to: body(desk, &to, day)?, reason }))
        }
        C::Extend { event, until, reason, act } => {
            Typed::plain(event, Action::Extend { until: Some(until), reason: text(reason)? }).by(act)
        }
        C::Pause { event, reason } => Typed::plain(event, Action::Pause { reason: text(reason)? }),
        C::Resume { event } => Typed::plain(event, Action::Resume),
        C::Chase { event, text: words } => Typed::plain(event, Action::Chase { text: text(words)? }),
        C::Resolve { event, outcome, text: words, act } => {
            Typed::plain(event, Action::Resolve { outcome, text: text(words)? }).by(act)
        }
        C::Answer { event, by, text } => {
            Typed::plain(event, Action::Answer { means: by, text: edge::optional_text(text.as_ref())? })
        }
        C::Rate { event, satisfied, text } => {
            Typed::plain(event, Action::Rate { satisfied, text: edge::optional_text(text.as_ref())? })
        }
        C::Close { event } => Typed::plain(event, Action::Close),
        C::Reopen { event, reason } => Typed::plain(event, Action::Reopen { reason: text(reason)? }),
        C::Duplicate { event, of } => {
            Typed::read(event, move |desk, _| Ok(Action::Duplicate { of: desk.petition(&of)? }))
        }
        C::NotDuplicate { event, of } => {
            Typed::read(event, move |desk, _| Ok(Action::NotDuplicate { of: desk.petition(&of)? }))
        }
        C::Guide { event, text: words } => Typed::plain(event, Action::Guide { text: text(words)? }),
        C::File { event, reason } => Typed::plain(event, Action::File { reason: text(reason)? }),
        C::Withdraw { event, reason } => Typed::plain(event, Action::Withdraw { reason: text(reason)? }),
        C::Comment { event, text: words } => Typed::plain(event, Action::Comment { text: text(words)? }),
        C::Correct { event, field, to, why } => {
            let why = text(why)?;
            Typed::read(event, move |desk, day| {
                Ok(Action::Correct { field, value: corrected(desk, field, &to, day)?, why })
            })
        }
    })
}

/// A corrected value as documents hold it: ids for codes. Blank takes an optional fact away.
fn corrected(desk: &Desk, field: Field, to: &str, day: Date) -> Result<String, Fault> {
    let directory = desk.replica.directory();
    let to = to.trim();
    Ok(match field {
        Field::Unit => code::unit(directory, to, day)?.0,
        Field::Hamlet if !to.is_empty() => code::hamlet(directory, to, day)?.0,
        Field::Category if !to.is_empty() => code::category(directory, to, day)?.0,
        Field::Text => edge::text(to)?,
        Field::Kind => match Kind::parse(to) {
            Some(kind) => kind.to_string(),
            None => to.to_owned(),
        },
        Field::Urgent => match to {
            "yes" => "true".to_owned(),
            "no" => "false".to_owned(),
            other => other.to_owned(),
        },
        _ => to.to_owned(),
    })
}
