//! `langnghe petition identify | identity`: who spoke.

use client_core::identity::{Chance, Reading};
use client_core::syncer;
use client_core::view::{self, WhoView};
use jiff::Timestamp;
use serde_json::json;
use sync::id::{EventId, RecordId};
use sync::identity::{Person, Purpose};
use sync::wire::RefusalCode;

use crate::app::{App, Desk};
use crate::args::{IdentifyArgs, IdentityArgs, PersonArgs};
use crate::edge;
use crate::fault::Fault;
use crate::output;

/// What was said of the person; none where nothing was.
pub fn person(args: PersonArgs) -> Option<Person> {
    let PersonArgs { name, phone, address, consent } = args;
    if name.is_none() && phone.is_none() && address.is_none() && consent.is_none() {
        return None;
    }
    Some(Person { name, phone, address, consent: consent.map(|c| c.0), origin: None })
}

/// Chance for one version.
pub fn chance(desk: &Desk) -> Chance {
    chance_at(desk.now)
}

/// The same, with an id of another time.
pub fn chance_at(at: Timestamp) -> Chance {
    let mut chance = Chance { version: EventId(edge::new_id(at)), key: [0; 32], nonce: [0; 24] };
    edge::random(&mut chance.key);
    edge::random(&mut chance.nonce);
    chance
}

pub fn identify(app: &App, args: IdentifyArgs) -> Result<(), Fault> {
    let mut desk = app.open()?;
    let record = desk.petition(&args.id)?;
    let person = person(args.person).unwrap_or_default();
    let chance = chance(&desk);
    desk.replica.identify(record, person, &chance, desk.now)?;
    app.show(&json!({ "version": chance.version }), |_| {
        "Đã ghi danh tính, giữ riêng ngoài đơn; chưa gửi.\n".to_owned()
    });
    Ok(())
}

/// Who raised it, where that lies here and the user may know it.
pub fn held(desk: &mut Desk, record: RecordId, purpose: Purpose) -> Result<Option<WhoView>, Fault> {
    let reading = Reading::new(purpose, None)?;
    look(desk, record, &reading)
}

fn look(desk: &mut Desk, record: RecordId, reading: &Reading) -> Result<Option<WhoView>, Fault> {
    let id = EventId(desk.new_id());
    let who = desk.replica.look(record, reading, id, desk.now)?;
    Ok(who.map(|who| view::who(&desk.replica, who)))
}

/// Looks it up here; what does not lie here the server is asked for.
pub fn show(app: &App, args: IdentityArgs) -> Result<(), Fault> {
    let mut desk = app.open()?;
    let record = desk.petition(&args.id)?;
    let reading = Reading::new(args.purpose, args.note)?;
    let mut who = look(&mut desk, record, &reading)?;
    if who.as_ref().is_none_or(|who| !who.held) {
        let id = EventId(desk.new_id());
        desk.replica.ask_who(record, &reading, id)?;
        let asked = app.contact(desk.replica, |replica, transport| {
            Ok(syncer::sync(replica, transport, &edge::clock, &mut edge::random)?)
        });
        asked.map_err(|fault| match fault {
            Fault::Sync(_) => Fault::IdentityLater(Box::new(fault)),
            other => other,
        })?;
        desk = app.open()?;
        if let Some(why) = desk.replica.who_denied(record)? {
            return Err(Fault::IdentityDenied(why.line(RefusalCode::NotAllowed)));
        }
        who = look(&mut desk, record, &reading)?;
    }
    let who = who.filter(|who| who.held).ok_or(Fault::NobodyNamed)?;
    app.show(&who, output::who::alone);
    Ok(())
}
