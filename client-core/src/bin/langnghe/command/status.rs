//! `langnghe status`

use client_core::view;

use crate::app::App;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App) -> Result<(), Fault> {
    let opened = app.open()?;
    let status = view::status(&opened.replica, opened.now)?;
    app.show(&status, output::status::status);
    Ok(())
}
