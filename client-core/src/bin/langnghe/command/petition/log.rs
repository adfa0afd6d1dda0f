//! `langnghe petition log`

use client_core::command::{Command, NewEvent};
use client_core::view::{self, code};
use serde_json::json;
use sync::id::{EventId, PostId, RecordId, UnitId};
use sync::model::directory::Post;
use sync::model::petition::{Action, AnswerMeans, Channel, Facts, Kind, Outcome};
use sync::scope::may_log;

use super::{identity, sealed};
use crate::app::{App, Desk};
use crate::args::LogArgs;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: LogArgs) -> Result<(), Fault> {
    if args.sealed || args.kind == Kind::Denunciation {
        return sealed::log(app, args);
    }
    let kind = args.kind;
    let text = edge::text(&args.text)?;
    let person = identity::person(args.person);
    let answered = edge::optional_text(args.answered.as_ref())?;
    let mut desk = app.open()?;
    let at = desk.at(args.at.as_ref())?;
    let day = desk.day(at);
    let session = args.session.as_deref().map(|s| desk.session(s)).transpose()?;
    let session = session.map(|s| view::session_place(&desk.replica, s)).transpose()?;
    let directory = desk.replica.directory();
    // Without a unit of its own a petition is from where the session was.
    let unit = args.unit.or_else(|| session.as_ref().map(|s| s.unit.clone())).unwrap_or_default();
    let (unit, hamlet) = code::place(directory, &unit, args.hamlet.as_deref(), day)?;
    let category = args.category.as_deref().map(|c| code::category(directory, c, day)).transpose()?;
    let channel = args.channel.or(session.as_ref().map(|s| s.kind)).unwrap_or(Channel::Reception);
    let by = post_for(app, &desk, &unit, hamlet.as_ref())?;
    let facts = Facts {
        category,
        hamlet,
        place: args.place.map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()),
        urgent: args.urgent,
        collective: args.collective,
        session: session.map(|s| s.id),
        petitioner: person.is_some().then(|| EventId(desk.new_id())),
        ..Facts::new(kind, unit, channel, text, at, by.clone())
    };
    let events = answered.map(|text| on_the_spot(&desk, text, channel, &facts)).unwrap_or_default();
    let spoken = !events.is_empty();
    let record = RecordId(desk.new_id());
    let command = Command::LogPetition { record, facts, events };
    match person {
        Some(person) => desk.replica.log_with_person(command, person, &identity::chance(&desk), desk.now)?,
        None => desk.replica.execute(command, desk.now)?,
    };
    let code = sync::code::of(record);
    app.show(&json!({ "id": record, "code": code }), |_| {
        let what = if spoken { "ghi nhận và trả lời tại chỗ" } else { "ghi nhận" };
        format!("Đã {what}: {code}\nLưu trên máy này; chưa gửi.\n")
    });
    Ok(())
}

/// The one of the user's posts that may log here.
pub(super) fn post_for(app: &App, desk: &Desk, unit: &UnitId, hamlet: Option<&UnitId>) -> Result<PostId, Fault> {
    let directory = desk.replica.directory();
    let today = desk.day(desk.now);
    let may = |post: &Post| may_log(post, false, unit, hamlet, directory, today);
    Ok(desk.replica.choose_allowed(app.wanted_post(), may, desk.now)?.id)
}

/// Told at once, to the face or over the telephone: settled and answered in the same breath.
fn on_the_spot(desk: &Desk, text: String, channel: Channel, facts: &Facts) -> Vec<NewEvent> {
    let means = if channel == Channel::Hotline { AnswerMeans::Phone } else { AnswerMeans::InPerson };
    let actions = [Action::Resolve { outcome: Outcome::Settled, text }, Action::Answer { means, text: None }];
    actions.map(|a| NewEvent::new(EventId(desk.new_id()), a, facts.at, facts.by.clone())).into()
}
