//! The server is asked who spoke: of few petitions or of many.

use client_core::syncer;
use sync::id::RecordId;

use crate::app::{App, Opened};
use crate::edge;
use crate::fault::Fault;

/// Syncs until the server has answered of whom it was asked, or answers no more. Gives why it could not be reached; what it
/// has not answered stays asked for the next sync.
pub fn ask_the_server(app: &App, opened: Opened, asked: &[RecordId]) -> Result<Option<Fault>, Fault> {
    let heard = app.contact(opened.replica, |replica, transport| {
        let mut left = asked.len() + 1;
        loop {
            syncer::sync(replica, transport, &edge::clock, &mut edge::random)?;
            // One sync takes a thousand or so.
            let now = replica.unanswered(asked)?.len();
            if now == 0 || now >= left {
                return Ok(());
            }
            left = now;
        }
    });
    match heard {
        Ok(()) => Ok(None),
        Err(fault @ Fault::Sync(_)) => Ok(Some(fault)),
        Err(fault) => Err(fault),
    }
}
