//! `langnghe export petitions --out FILE`

use client_core::{export, export_run};
use serde_json::json;

use super::petition::read_filter;
use crate::app::App;
use crate::args::ExportCommand;
use crate::fault::Fault;

pub fn run(app: &App, command: ExportCommand) -> Result<(), Fault> {
    let ExportCommand::Petitions { out, filter } = command;
    let desk = app.open()?;
    let filter = read_filter(&desk, &filter)?;
    let rows = export_run::rows(&desk.replica, &filter, desk.now)?;
    export::write(&out, &rows, &desk.now.to_zoned(desk.zone().clone()))?;
    app.show(&json!({ "out": out, "petitions": rows.len() }), |_| {
        format!("Đã xuất {} đơn ra {}\n", rows.len(), out.display())
    });
    Ok(())
}
