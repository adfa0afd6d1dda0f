//! `langnghe petition identify | identity`: who spoke.

use client_core::desk::{IdentifyForm, WhoForm};
use client_core::syncer;
use serde_json::json;
use sync::wire::RefusalCode;

use super::log::person;
use crate::app::App;
use crate::args::{IdentifyArgs, IdentityArgs};
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn identify(app: &App, args: IdentifyArgs) -> Result<(), Fault> {
    let form = IdentifyForm { id: None, petition: args.id, person: person(args.person) };
    let identified = app.open()?.desk().identify(&form)?;
    app.show(&json!({ "version": identified.version }), |_| {
        "Đã ghi danh tính, giữ riêng ngoài đơn; chưa gửi.\n".to_owned()
    });
    Ok(())
}

/// Looks it up here; what does not lie here the server is asked for.
pub fn show(app: &App, args: IdentityArgs) -> Result<(), Fault> {
    let mut opened = app.open()?;
    let record = opened.desk().petition(&args.id)?;
    let form = WhoForm { petition: record.to_string(), purpose: args.purpose, note: args.note };
    let mut who = opened.desk().who(&form)?;
    if who.as_ref().is_none_or(|who| !who.held) {
        opened.desk().ask_who(&form)?;
        let asked = app.contact(opened.replica, |replica, transport| {
            Ok(syncer::sync(replica, transport, &edge::clock, &mut edge::random)?)
        });
        asked.map_err(|fault| match fault {
            Fault::Sync(_) => Fault::IdentityLater(Box::new(fault)),
            other => other,
        })?;
        opened = app.open()?;
        if let Some(why) = opened.replica.who_denied(record)? {
            return Err(Fault::IdentityDenied(why.line(RefusalCode::NotAllowed)));
        }
        who = opened.desk().who(&form)?;
    }
    let who = who.filter(|who| who.held).ok_or(Fault::NobodyNamed)?;
    app.show(&who, output::who::alone);
    Ok(())
}
