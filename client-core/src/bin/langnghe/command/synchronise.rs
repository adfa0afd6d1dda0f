//! `langnghe sync`

use client_core::syncer::{self, courier};

use crate::app::App;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App) -> Result<(), Fault> {
    let replica = app.open()?.replica;
    let (report, carried, off) = app.contact(replica, |replica, transport| {
        let report = syncer::sync(replica, transport, &edge::clock, &mut edge::random)?;
        // What is carried for others goes along; that it does not get through harms nothing here.
        Ok((report, courier::forward(replica, transport), replica.clock_off()?))
    })?;
    if let Some(off) = output::status::clock(off.map(|off| off.as_secs())) {
        edge::note(&format!("đồng hồ máy này {off}"));
    }
    app.show(&report, |report| output::status::synced(report) + &output::bundle::forwarded(&carried));
    Ok(())
}
