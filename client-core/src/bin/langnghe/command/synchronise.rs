//! `langnghe sync`

use client_core::syncer;
use client_core::transport::HttpTransport;

use crate::app::App;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App) -> Result<(), Fault> {
    let mut replica = app.open()?.replica;
    let mut transport = HttpTransport::new(&replica.identity().url);
    let report = syncer::sync(&mut replica, &mut transport, &edge::clock, &mut edge::random)?;
    app.show(&report, output::status::synced);
    Ok(())
}
