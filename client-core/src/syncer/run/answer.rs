//! The answer to a request of a sync, as it comes.

use jiff::Timestamp;

use super::ask::Asked;
use super::{State, SyncRun, stands};
use crate::replica::Replica;
use crate::syncer::error::SyncError;
use crate::syncer::exchange::{Ended, Read, Rng};
use crate::syncer::frame_stream::FrameStream;
use crate::syncer::incoming::{Bad, Head, WhyNot, head};
use crate::syncer::request::fresh_epoch;

/// An answer on its way.
pub(super) struct Coming {
    pub asked: Asked,
    what: What,
}

enum What {
    Frames(FrameStream),
    Problem(Bad),
}

impl Coming {
    pub(super) fn of(asked: Asked, status: u16, headers: &[(String, String)]) -> Result<Self, SyncError> {
        let what = match head(status, headers)? {
            Head::Good(decoder) => What::Frames(FrameStream::of(decoder)),
            Head::Bad(bad) => What::Problem(bad),
        };
        Ok(Self { asked, what })
    }
}

impl SyncRun {
    /// More of it has come: each group of whole frames is committed in one transaction, with the cursor it ends in.
    pub(super) fn take(
        &mut self,
        replica: &mut Replica,
        mut coming: Coming,
        mut bytes: &[u8],
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<Read, SyncError> {
        self.report.bytes_down += bytes.len() as u64;
        let stream = match &mut coming.what {
            What::Frames(stream) => stream,
            What::Problem(bad) => {
                let read = bad.body(bytes);
                self.state = State::Coming(Box::new(coming));
                return Ok(read);
            }
        };
        loop {
            let (mut frames, sound) = stream.next_frames(&mut bytes);
            let used_up = frames.is_empty();
            let last = frames.back().is_some_and(|frame| frame.last);
            if !used_up && stands(replica)? != coming.asked.stands {
                // A courier's answer was taken in meanwhile: what this one goes on from is not where the replica stands.
                self.unheard(coming.asked);
                return Ok(Read::Enough);
            }
            while !frames.is_empty() {
                let now = replica.clock(now)?;
                coming.asked.response.commit(replica, &mut frames, now, fresh_epoch(rng), &mut self.report)?;
            }
            coming.asked.stands = stands(replica)?;
            if last {
                self.conclude(replica, coming.asked, now, rng)?;
                return Ok(Read::Enough);
            }
            match sound {
                Ok(()) if used_up => break,
                Ok(()) => {}
                Err(SyncError::Cut) => {
                    self.cut(coming.asked)?;
                    return Ok(Read::Enough);
                }
                Err(error) => return Err(error),
            }
        }
        self.state = State::Coming(Box::new(coming));
        Ok(Read::On)
    }

    /// It has ended without its last frame.
    pub(super) fn ended(
        &mut self,
        replica: &mut Replica,
        coming: Coming,
        ended: &Ended,
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<(), SyncError> {
        match coming.what {
            What::Frames(_) => self.cut(coming.asked),
            What::Problem(bad) => match bad.why(ended) {
                // Unsent work may read otherwise now: the request is made anew.
                WhyNot::Stale(server_time) => {
                    self.report.refused += self.learning.learn(replica, server_time, now, rng)?;
                    // Of what only asks the full server is told all the same.
                    if let Some(full) = self.full.take() {
                        return Err(full);
                    }
                    self.comparison.unheard(coming.asked.check);
                    self.state = State::ToAsk;
                    Ok(())
                }
                WhyNot::Refused(error) => self.refused(coming.asked, error),
            },
        }
    }

    /// What has come is committed: a sync goes on from there, unless nothing has.
    fn cut(&mut self, asked: Asked) -> Result<(), SyncError> {
        if self.full.is_some() || asked.response.frames == 0 {
            return Err(SyncError::Cut);
        }
        self.unheard(asked);
        Ok(())
    }

    /// The server says no to the request as a whole.
    fn refused(&mut self, asked: Asked, error: SyncError) -> Result<(), SyncError> {
        if self.full.is_some() {
            return Err(error);
        }
        // It has been put back from a copy, and does not know.
        if error.is_behind() && !self.show {
            self.show = true;
            self.comparison.unheard(asked.check);
            self.state = State::ToAsk;
            return Ok(());
        }
        if error.is_full() && !asked.hashes.is_empty() {
            self.full = Some(error);
            self.state = State::ToAsk;
            return Ok(());
        }
        Err(error)
    }
}
