//! `langnghe sync`

use client_core::syncer::{self, courier};
use client_core::transport::HttpTransport;

use crate::app::App;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App) -> Result<(), Fault> {
    let mut replica = app.open()?.replica;
    let mut transport = HttpTransport::new(&replica.identity().url);
    let report = syncer::sync(&mut replica, &mut transport, &edge::clock, &mut edge::random)?;
    // What is carried for others goes along; that it does not get through harms nothing here.
    let carried = courier::forward(&mut replica, &mut transport);
    app.show(&report, |report| output::status::synced(report) + &output::bundle::forwarded(&carried));
    Ok(())
}
