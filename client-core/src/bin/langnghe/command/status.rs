//! `langnghe status`

use client_core::view;

use crate::app::App;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App) -> Result<(), Fault> {
    let desk = app.open()?;
    let status = view::status(&desk.replica, desk.now)?;
    app.show(&status, output::status::status);
    Ok(())
}
