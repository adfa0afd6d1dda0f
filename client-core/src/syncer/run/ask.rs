//! The next request of a sync.

use jiff::Timestamp;
use minicbor::bytes::ByteVec;
use sync::id::{Hash, RecordId};
use sync::wire::{FillCursor, SyncRequest};

use super::{Stands, SyncRun, stands};
use crate::replica::{Replica, ReplicaError};
use crate::store::meta;
use crate::syncer::exchange::Rng;
use crate::syncer::push::Push;
use crate::syncer::report::SyncReport;
use crate::syncer::request::request_of;
use crate::syncer::response::InResponse;
use crate::syncer::{offer, persons};

/// A request that was made: what its answer is read by.
pub(super) struct Asked {
    /// Records that it asks for.
    pub wants: Vec<RecordId>,
    /// The fill it goes on with.
    pub fill: Option<FillCursor>,
    /// What is remembered of it from frame to frame.
    pub response: InResponse,
    /// Where the replica stood, or stands since the last frame of the answer.
    pub stands: Stands,
    /// When, by the device's clock put right, milliseconds.
    pub at: i64,
    /// What the sync had done before.
    pub before: SyncReport,
    /// The changes it pushes.
    pub hashes: Vec<Hash>,
    /// More waits for the next.
    pub more: bool,
    /// What it asks to have compared.
    pub check: Option<ByteVec>,
}

impl SyncRun {
    /// What there is to say and to ask.
    pub(super) fn ask(
        &mut self,
        replica: &Replica,
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<(SyncRequest, Asked), ReplicaError> {
        // What moves nothing may wait for what the server has to say: it says that only where nothing more follows.
        let stalled = std::mem::take(&mut self.stalled);
        let mut push =
            if stalled { Push::default() } else { Push::next(&replica.connection, &self.sent, &self.budget)? };
        let mut request = request_of(replica, &self.asked)?;
        push.fill_in(&mut request);
        let at = replica.clock(now)?.as_millisecond();
        let mut said = persons::Said::default();
        if !push.more {
            offer::fill_in(replica, &mut request, at)?;
            said = persons::fill_in(replica, &mut request, &self.so_far, rng)?;
            request.check = self.comparison.ask();
            request.recover = self.recovery.as_ref().map(|_| self.report.passed_over);
        }
        if self.show {
            show_cursor(replica, &mut request)?;
        }
        let hashes = push.changes.iter().map(|c| c.hash).collect();
        let mut response = InResponse::new(push.changes, push.more, request.provable.clone());
        response.checked = request.check.clone().map(Vec::from).unwrap_or_default();
        response.persons = said;
        response.recovery = self.recovery.clone();
        let asked = Asked {
            wants: request.wants.clone().unwrap_or_default(),
            fill: request.fill,
            response,
            stands: stands(replica)?,
            at,
            before: self.report,
            hashes,
            more: push.more,
            check: request.check.clone(),
        };
        Ok((request, asked))
    }

    /// What is new, and brings nothing.
    pub(super) fn only_ask(&self, replica: &Replica) -> Result<(SyncRequest, Asked), ReplicaError> {
        let request = request_of(replica, &self.asked)?;
        let response = InResponse::new(Vec::new(), false, None);
        let asked = Asked {
            wants: Vec::new(),
            fill: None,
            response,
            stands: stands(replica)?,
            at: 0,
            before: self.report,
            hashes: Vec::new(),
            more: false,
            check: None,
        };
        Ok((request, asked))
    }
}

/// What proves the cursor. Where it was written before receipts were kept, everything is asked for anew.
fn show_cursor(replica: &Replica, request: &mut SyncRequest) -> Result<(), ReplicaError> {
    request.shown = meta::cursor_receipt(&replica.connection)?;
    if request.shown.is_none() {
        request.life = request.follows();
        request.cursor = None;
    }
    Ok(())
}
