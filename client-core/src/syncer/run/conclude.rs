//! What follows from a whole answer.

use jiff::Timestamp;
use sync::id::{RecordId, ServerEpoch};
use sync::wire::FillCursor;

use super::ask::Asked;
use super::{MAX_IDLE, State, SyncRun};
use crate::command::Ground;
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::departed::{self, Standing};
use crate::store::{meta, proofs, record};
use crate::syncer::error::SyncError;
use crate::syncer::exchange::Rng;
use crate::syncer::persons;
use crate::syncer::report::SyncReport;
use crate::syncer::request::{ask_before_they_go, fresh_epoch};
use crate::syncer::response::InResponse;

impl SyncRun {
    /// The last frame has been committed.
    pub(super) fn conclude(
        &mut self,
        replica: &mut Replica,
        mut asked: Asked,
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<(), SyncError> {
        if !asked.response.answered() {
            return Err(SyncError::Protocol("acks".to_owned()));
        }
        if let Some(full) = self.full.take() {
            return Err(full);
        }
        self.sent.extend(asked.hashes);
        self.budget.arrived();
        let moved = |r: &SyncReport| (r.pushed, r.pulled, r.refused, r.opened, r.reopened, r.passed_over);
        if asked.more {
            self.stalled = moved(&asked.before) == moved(&self.report);
            self.state = State::ToAsk;
            return Ok(());
        }
        let response = &mut asked.response;
        self.so_far.answered(replica, &response.persons, &response.given, response.other_keys)?;
        self.asked.extend(&asked.wants);
        self.give_up(replica, &asked.wants, response, now, rng)?;
        if self.comparison.heard(replica, response, asked.at)? {
            self.fewest = None;
        }
        self.idle = if moved(&asked.before) == moved(&self.report) { self.idle + 1 } else { 0 };
        // Of what is brought back there must be less each time: else others have to bring what it stands on.
        let offers = proofs::waiting(&replica.connection, asked.at)?;
        let fewer = offers.0 > 0 && self.fewest.is_none() || self.fewest.is_some_and(|fewest| offers < fewest);
        if fewer {
            self.fewest = Some(offers);
        }
        let reborn = response.reborn;
        if reborn || fewer {
            // What was not judged yet, or waited for work that the server had lost, may be taken now.
            self.sent.clear();
            self.so_far.say_again();
        }
        self.lives += u32::from(reborn);
        let goes_on = (reborn && self.lives < MAX_IDLE) || fewer || self.comparison.asks();
        self.state = if goes_on { State::ToAsk } else { State::Said(asked.fill) };
        Ok(())
    }

    /// Records that were asked for: those that came whole are wanted no more, and those that are not for this device, or
    /// not there, would not come the next time either. Unsent work on them is run again on what is here.
    fn give_up(
        &mut self,
        replica: &mut Replica,
        wants: &[RecordId],
        response: &InResponse,
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<(), SyncError> {
        if wants.is_empty() {
            return Ok(());
        }
        let epoch = fresh_epoch(rng);
        let now = replica.clock(now)?;
        let Replica { connection, identity, keys, directory, .. } = &mut *replica;
        let tx = connection.transaction()?;
        let ground = Ground {
            tenant: identity.tenant,
            device: identity.device,
            user: &identity.user,
            key: &keys.signing,
            epoch,
            directory: &directory.directory,
            now,
            again: true,
        };
        let mut again = false;
        // The server has said of none of these that they have left.
        let unsaid = record::wanted(&tx, wants)?;
        ask_before_they_go(&tx, unsaid, now.as_millisecond())?;
        for want in wants.iter().filter(|w| !response.lacking.contains(w)) {
            record::unwant(&tx, *want)?;
            if !outbox::stands(&tx, *want)? {
                self.report.refused += outbox::rebase(&tx, &ground, *want, |command| command)?.refused;
                again = true;
            }
        }
        if again {
            meta::put_epoch(&tx, epoch)?;
        }
        let position = meta::cursor(&tx)?.map_or(u64::MAX, |c| c.position);
        let server_epoch = meta::life(&tx)?.unwrap_or(ServerEpoch::from_bytes([0; 16]));
        let standing = Standing { server_epoch, position, now: now.as_millisecond() };
        departed::remove_left(&tx, identity.device, standing)?;
        tx.commit()?;
        if again {
            replica.adopt_epoch(epoch);
        }
        Ok(())
    }

    /// Whether another request has something to do: work run again or done since, records to be had whole, a fill that goes
    /// on. `fill`: the one that the last request continued.
    pub(super) fn has_more(&self, replica: &Replica, fill: Option<FillCursor>) -> Result<bool, ReplicaError> {
        let connection = &replica.connection;
        let unsent = outbox::hashes(connection)?.iter().any(|(_, hash, _)| !self.sent.contains(hash));
        let wants = record::wants(connection)?.iter().any(|w| !self.asked.contains(w));
        let present = meta::fill(connection)?;
        let bring = meta::bring_tombstones(connection)?;
        let goes_on = unsent || wants || bring || (present.is_some() && present != fill);
        Ok(goes_on || persons::has_more(replica, &self.so_far)?)
    }
}
