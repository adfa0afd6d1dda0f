//! `langnghe enroll URL CODE`

use client_core::syncer;
use client_core::transport::HttpTransport;
use client_core::view;
use serde_json::json;
use sync::enrolment_code;

use crate::app::App;
use crate::edge;
use crate::fault::Fault;
use crate::output;
use crate::pin;

pub fn run(app: &App, url: &str, code: &str) -> Result<(), Fault> {
    let url = url.trim().trim_end_matches('/');
    let address = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if address.is_none_or(|a| a.is_empty() || a.contains(char::is_whitespace)) {
        return Err(Fault::Url(url.to_owned()));
    }
    enrolment_code::check(code).map_err(Fault::EnrolmentCode)?;
    let mut transport = HttpTransport::new(url);
    let pin = pin::at_enrolment()?;
    let mut replica =
        syncer::enroll(&app.home, url, code.trim(), pin.as_ref(), edge::clock(), &mut transport, &mut edge::random)?;
    let synced = match syncer::sync(&mut replica, &mut transport, &edge::clock, &mut edge::random) {
        Ok(report) => Some(report),
        // The device is enrolled, and waits for a second person; nothing is lost by waiting.
        Err(error) if error.is_not_approved() => None,
        Err(error) => return Err(error.into()),
    };
    let now = replica.clock(edge::clock())?;
    let status = view::status(&replica, now)?;
    let result = json!({
        "user": status.user,
        "user_name": status.user_name,
        "device": status.device,
        "posts": status.posts,
        "post_names": status.post_names,
        "tenant": status.tenant,
        "tenant_name": status.tenant_name,
        "home": app.home,
        "pin": status.pin,
        "sync": synced,
        "pending": synced.is_none(),
    });
    app.show(&result, |_| match synced {
        Some(_) => output::status::enrolled(&status, &app.home),
        None => output::status::waits(&status, &app.home),
    });
    Ok(())
}
