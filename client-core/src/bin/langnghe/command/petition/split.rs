//! `langnghe petition split`: a part of a petition's content becomes a petition of its own; both changes or neither.

use client_core::command::{Command, NewEvent};
use client_core::view::{self, Wish, code};
use serde_json::json;
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, Facts};

use crate::app::{App, ordinary};
use crate::args::SplitArgs;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: SplitArgs) -> Result<(), Fault> {
    let text = edge::text(&args.text)?;
    let kind = args.kind.map(ordinary).transpose()?;
    let mut desk = app.open()?;
    let record = desk.petition(&args.id)?;
    let whole = view::petition(&desk.replica, record, desk.now)?.row;
    if whole.sealed {
        return Err(Fault::SealedSplit(whole.code));
    }
    let at = desk.at(args.at.as_ref())?;
    let category = match args.category {
        Some(typed) => Some(code::category(desk.replica.directory(), &typed, desk.day(at))?),
        None => whole.category_id,
    };
    let part = RecordId(desk.new_id());
    let action = Action::Split { into: part };
    let wish = Wish { record, action: &action, on_behalf_of: None, paper: None };
    let by = view::acting(&desk.replica, &wish, app.wanted_post(), desk.now)?.post.id;
    let facts = Facts {
        kind: kind.unwrap_or(whole.kind),
        category,
        unit: whole.unit_id,
        hamlet: whole.hamlet_id,
        channel: whole.channel,
        text,
        place: whole.place,
        urgent: whole.urgent,
        collective: whole.collective,
        session: whole.session,
        petitioner: None,
        at,
        stamped: None,
        by: by.clone(),
        split_from: Some(record),
        source: None,
        sealed: None,
        erased: None,
    };
    let event = EventId(desk.new_id());
    let commands = [
        Command::LogPetition { record: part, facts, events: Vec::new() },
        Command::PetitionEvent { record, event: NewEvent::new(event, action, at, by) },
    ];
    desk.replica.execute_together(&commands, desk.now)?;
    let code = sync::code::of(part);
    app.show(&json!({ "event": event, "id": part, "code": code }), |_| {
        format!("Đã tách thành đơn mới: {code}\nLưu trên máy này; chưa gửi.\n")
    });
    Ok(())
}
