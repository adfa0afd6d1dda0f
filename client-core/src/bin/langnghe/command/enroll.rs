//! `langnghe enroll URL CODE`

use client_core::syncer;
use client_core::transport::HttpTransport;
use client_core::view;
use serde_json::json;

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
    let mut transport = HttpTransport::new(url);
    let pin = pin::at_enrolment()?;
    let mut replica =
        syncer::enroll(&app.home, url, code.trim(), pin.as_ref(), edge::clock(), &mut transport, &mut edge::random)?;
    let synced = syncer::sync(&mut replica, &mut transport, &edge::clock, &mut edge::random)?;
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
    });
    app.show(&result, |_| output::status::enrolled(&status, &app.home));
    Ok(())
}
