//! `langnghe report monthly`: the server's report, as it comes.

use client_core::syncer;
use serde_json::{Value, json};

use crate::app::App;
use crate::args::MonthlyArgs;
use crate::edge;
use crate::fault::Fault;

pub fn run(app: &App, args: &MonthlyArgs) -> Result<(), Fault> {
    let asked = args.format.as_deref();
    let format = asked.unwrap_or(if app.json && args.out.is_none() { "json" } else { "table" });
    if app.json && args.out.is_none() && format != "json" {
        return Err(Fault::JsonFormat);
    }
    let opened = app.open()?;
    let mut path = format!("/v1/reports/monthly?month={}&format={format}", args.month);
    if let Some(as_of) = &args.as_of {
        // In UTC, so that nothing in it needs escaping.
        path.push_str(&format!("&as_of={}", client_core::desk::read_time(as_of, opened.zone())?));
    }
    if let Some(by) = &args.by {
        path.push_str(&format!("&by={by}"));
    }
    let body = app.contact(opened.replica, |replica, transport| {
        Ok(syncer::fetch(replica, transport, &path, &edge::clock, &mut edge::random)?)
    })?;
    if let Some(out) = &args.out {
        std::fs::write(out, &body).map_err(|error| Fault::File { path: out.clone(), error })?;
        app.show(&json!({ "out": out }), |_| format!("Đã ghi báo cáo ra {}\n", out.display()));
        return Ok(());
    }
    if app.json {
        let value: Value = serde_json::from_slice(&body).map_err(|_| Fault::NotJson)?;
        app.show(&value, |_| String::new());
    } else {
        let text = String::from_utf8_lossy(&body);
        edge::print(&text);
        if !text.ends_with('\n') {
            edge::print("\n");
        }
    }
    Ok(())
}
