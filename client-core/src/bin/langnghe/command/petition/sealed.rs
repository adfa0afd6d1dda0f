//! `langnghe petition log --sealed | summary`

use client_core::identity::{Entrusted, IdentityError, NewSealed};
use client_core::view::{self, code, word};
use serde_json::json;
use sync::id::{EventId, RecordId};
use sync::identity::Words;
use sync::model::petition::{Action, Channel, Facts, Field};
use sync::model::time::begin_of_day;

use super::{event, identity};
use crate::app::{App, Desk};
use crate::args::{LogArgs, SummaryArgs};
use crate::edge;
use crate::fault::Fault;

/// Logs a sealed petition. What would tell who spoke, the place and time of it included, goes into what is sealed.
pub fn log(app: &App, args: LogArgs) -> Result<(), Fault> {
    if args.answered.is_some() {
        return Err(Fault::SealedAnswered);
    }
    let text = edge::text(&args.text)?;
    let person = identity::person(args.person).unwrap_or_default();
    let mut desk = app.open()?;
    let at = desk.at(args.at.as_ref())?;
    let day = desk.day(at);
    let session = args.session.as_deref().map(|s| desk.session(s)).transpose()?;
    let session = session.map(|s| view::session_place(&desk.replica, s)).transpose()?;
    let directory = desk.replica.directory();
    let unit = args.unit.or_else(|| session.as_ref().map(|s| s.unit.clone())).unwrap_or_default();
    let (unit, hamlet) = code::place(directory, &unit, args.hamlet.as_deref(), day)?;
    let category = args.category.as_deref().map(|c| code::category(directory, c, day)).transpose()?;
    let channel = args.channel.or(session.as_ref().map(|s| s.kind)).unwrap_or(Channel::Reception);
    let entrusted = desk.replica.entrusted(&unit, desk.now)?.ok_or(IdentityError::NoOffice)?;
    let post = desk.replica.post_for_sealed(app.wanted_post(), &unit, &entrusted.office, desk.now)?.id;
    // An id made now would tell the hour.
    let day_begins = begin_of_day(at, desk.zone());
    let record = RecordId(edge::new_id(day_begins));
    let facts = Facts {
        category,
        urgent: args.urgent,
        collective: args.collective,
        petitioner: Some(EventId(edge::new_id(day_begins))),
        sealed: Some(entrusted.office.clone()),
        ..Facts::new(args.kind, unit, channel, "", day_begins, "")
    };
    let mut pseudonym = [0; 32];
    edge::random(&mut pseudonym);
    let place = args.place.map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    let new = NewSealed {
        record,
        facts,
        words: Words { text, place },
        person,
        hamlet,
        session: session.map(|s| s.id),
        at,
        post,
        chance: [identity::chance_at(day_begins), identity::chance_at(day_begins)],
        pseudonym,
    };
    desk.replica.log_sealed(new, desk.now)?;
    let office = office_name(&desk, &entrusted);
    let code = sync::code::of(record);
    let shown =
        json!({ "id": record, "code": code, "sealed": true, "entrusted": office.0, "devices": entrusted.devices });
    app.show(&shown, |_| {
        format!(
            "Đã ghi nhận đơn kín: {code}\nLưu trên máy này; chưa gửi.{}\n{}",
            if entrusted.yours { "" } else { " Khi máy chủ đã nhận, máy này không giữ lại gì." },
            who_opens(&entrusted, &office.1)
        )
    });
    Ok(())
}

fn office_name(desk: &Desk, entrusted: &Entrusted) -> (String, String) {
    let office = desk.replica.directory().office(&entrusted.office);
    office.map_or_else(
        || (entrusted.office.to_string(), entrusted.office.to_string()),
        |office| (office.code.clone(), office.name.clone()),
    )
}

/// The truth about who will be able to read it.
fn who_opens(entrusted: &Entrusted, office: &str) -> String {
    match (entrusted.held, entrusted.devices) {
        (true, 0) => format!(
            "Người được giao giữ đơn kín ở {office} chưa có máy nào được biết ở đây; đồng bộ rồi đơn mới được khoá cho họ.\n"
        ),
        (true, _) => format!("Chỉ người được giao giữ đơn kín ở {office} mở được.\n"),
        (false, _) => format!(
            "Chưa ai được giao giữ đơn kín ở {office}: đến khi có, chỉ khoá khôi phục mở được; hãy báo người quản trị danh mục.\n"
        ),
    }
}

/// Writes what the bodies may read.
pub fn summary(app: &App, args: SummaryArgs) -> Result<(), Fault> {
    let text = edge::text(&args.text)?;
    let mut desk = app.open()?;
    let record = desk.petition(&args.id)?;
    let row = view::petition_row(&desk.replica, record, desk.now)?;
    if !row.sealed {
        return Err(Fault::NotSealed(row.code));
    }
    let at = desk.at(args.at.as_ref())?;
    let action = Action::Correct { field: Field::Text, value: text, why: "tóm tắt đơn kín".to_owned() };
    let (id, row) = event::act(app, &mut desk, record, action, at)?;
    app.show(&json!({ "event": id }), |_| {
        format!(
            "{}: đã viết tóm tắt. Trạng thái: {}.\nLưu trên máy này; chưa gửi.\n",
            row.code,
            word::status(row.status)
        )
    });
    Ok(())
}
