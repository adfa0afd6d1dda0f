//! A device that goes on working while it syncs: between the pieces of an answer, and between requests.

use std::io::Read as _;

use client_core::syncer::{self, Ended, Exchange, Outgoing, Read, Step, SyncError, SyncReport, SyncRun};
use client_core::transport::{Response, Transport, TransportError};
use rand::{Rng, RngExt};

use super::{Checked, World};
use crate::net::{Fault, Wire};
use crate::planted::Planted;

/// What a sync came to, and, of an answer that was cut, the cursor that did not come.
type Carried = (Result<SyncReport, SyncError>, Option<Vec<u8>>);

/// An answer comes in at most so many pieces.
const MOST_PIECES: usize = 6;

impl World {
    /// Carries one sync, with so many pieces of work at most done meanwhile.
    pub(super) fn carry(&mut self, site: usize, mut fault: Fault, mut work: usize) -> Result<Carried, String> {
        let mut cut_cursor = None;
        let mut run = SyncRun::begin(self.sites[site].replica());
        loop {
            match self.step_of(site, &mut run, &mut fault, &mut cut_cursor, &mut work)? {
                Ok(None) => {}
                Ok(Some(report)) => return Ok((Ok(report), cut_cursor)),
                Err(error) => return Ok((Err(error), cut_cursor)),
            }
        }
    }

    /// One request and its answer; the report when there is nothing left to ask.
    fn step_of(
        &mut self,
        site: usize,
        run: &mut SyncRun,
        fault: &mut Fault,
        cut_cursor: &mut Option<Vec<u8>>,
        work: &mut usize,
    ) -> Result<Result<Option<SyncReport>, SyncError>, String> {
        let outgoing = match self.with(site, |replica, now, rng| run.next(replica, now, rng)) {
            Ok(Step::Send(outgoing)) => outgoing,
            Ok(Step::Done(report)) => return Ok(Ok(Some(report))),
            Err(error) => return Ok(Err(error)),
        };
        self.meanwhile(site, work)?;
        let answered = self.post(&outgoing, fault, cut_cursor);
        self.meanwhile(site, work)?;
        let ended = match answered {
            Err(error) => Ended::Unreachable(error),
            Ok(response) => {
                if let Err(error) = run.head(self.sites[site].replica(), response.status, &response.headers) {
                    return Ok(Err(error));
                }
                for piece in self.pieces(response, *work > 0) {
                    match self.with(site, |replica, now, rng| run.body(replica, &piece, now, rng)) {
                        Ok(Read::On) => {}
                        Ok(Read::Enough) => break,
                        Err(error) => return Ok(Err(error)),
                    }
                    self.meanwhile(site, work)?;
                    if *work > 0 && self.chance.random_range(0..60) == 0 {
                        // The program is closed, or whoever waits for it has had enough.
                        return Ok(Err(SyncError::Cut));
                    }
                }
                Ended::Whole
            }
        };
        Ok(self.with(site, |replica, now, rng| run.end(replica, ended, now, rng)).map(|()| None))
    }

    /// Something with a device's replica, its clock as it is now, and chance.
    fn with<T>(
        &mut self,
        site: usize,
        act: impl FnOnce(&mut client_core::replica::Replica, jiff::Timestamp, syncer::Rng<'_>) -> T,
    ) -> T {
        let now = self.now;
        let World { sites, chance, .. } = self;
        let clock = sites[site].clock(now);
        act(sites[site].replica(), clock, &mut |bytes| chance.fill_bytes(bytes))
    }

    fn post(
        &mut self,
        outgoing: &Outgoing,
        fault: &mut Fault,
        cut_cursor: &mut Option<Vec<u8>>,
    ) -> Result<Response, TransportError> {
        let (now, hasty) = (self.now, self.planted == Some(Planted::AcknowledgeBeforeCommit));
        let served = &mut self.served;
        let mut wire = Wire { served, now, fault: *fault, late: &mut self.late, hasty, cut_cursor: None };
        let headers: Vec<(&str, &str)> = outgoing.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answered = wire.post(&outgoing.path, &headers, &outgoing.body);
        *fault = wire.fault;
        *cut_cursor = wire.cut_cursor.take().or(cut_cursor.take());
        answered
    }

    /// A body as it comes: at once, or cut into pieces wherever it falls.
    fn pieces(&mut self, response: Response, cut: bool) -> Vec<Vec<u8>> {
        let (mut bytes, mut body) = (Vec::new(), response.body);
        body.read_to_end(&mut bytes).expect("a body in memory");
        let most = if cut { self.chance.random_range(1..=MOST_PIECES) } else { 1 };
        let mut pieces = Vec::new();
        while pieces.len() + 1 < most && bytes.len() > 1 {
            let rest = bytes.split_off(self.chance.random_range(1..bytes.len()));
            pieces.push(std::mem::replace(&mut bytes, rest));
        }
        pieces.push(bytes);
        pieces
    }

    /// Perhaps something is done on the device while its sync goes on.
    fn meanwhile(&mut self, site: usize, work: &mut usize) -> Checked {
        if *work == 0 || self.chance.random_bool(0.5) {
            return Ok(());
        }
        *work -= 1;
        self.say(format!("meanwhile, with {}:", self.sites[site].user));
        match self.chance.random_range(0..16) {
            0..=3 => self.log(site),
            4..=7 => self.touch_here(site),
            8 | 9 => self.write_minutes(site),
            10 => self.retry(site),
            11 => self.apply_reply_here(site)?,
            12 => self.ask_courier(site),
            13 if site == self.sites.len() - 1 => self.change_directory(),
            13 | 14 => self.look(site),
            _ => {
                self.set_clock(site);
                self.look(site);
            }
        }
        self.waits_once(site)
    }

    /// Asks the server for something else: by that a device learns by how much its clock is off.
    fn look(&mut self, site: usize) {
        let now = self.now;
        let World { sites, chance, served, late, .. } = self;
        let mut wire = Wire { served, now, fault: Fault::None, late, hasty: false, cut_cursor: None };
        let clock = sites[site].clock(now);
        let rng = &mut |bytes: &mut [u8]| chance.fill_bytes(bytes);
        let looked = syncer::fetch(sites[site].replica(), &mut wire, "/v1/devices", &|| clock, rng);
        looked.expect("an answer");
        self.say(format!("{} asks for something else", self.sites[site].user));
    }
}
