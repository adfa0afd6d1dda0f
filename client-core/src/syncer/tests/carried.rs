//! A sync carried by hand, step by step, with whatever else is done between two steps.

use std::io::Read as _;

use super::world::World;
use crate::syncer::{Ended, Exchange, Outgoing, Read, Step, SyncError, SyncReport, SyncRun};
use crate::transport::{Response, Transport};

/// What the server answers, whole.
pub fn answer(world: &mut World, outgoing: &Outgoing) -> (Response, Vec<u8>) {
    let headers: Vec<(&str, &str)> = outgoing.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let mut response = world.server.post(&outgoing.path, &headers, &outgoing.body).expect("an answer");
    let mut bytes = Vec::new();
    response.body.read_to_end(&mut bytes).expect("bytes");
    (response, bytes)
}

/// The next request.
pub fn next(world: &mut World, run: &mut SyncRun) -> Result<Step<SyncReport>, SyncError> {
    run.next(&mut world.replica, world.now, &mut |b| b.fill(201))
}

/// One answer, in pieces of so many bytes; after each `meanwhile` is done. Gives how it ended.
pub fn hand_over(
    world: &mut World,
    run: &mut SyncRun,
    (response, bytes): (Response, Vec<u8>),
    size: usize,
    meanwhile: &mut dyn FnMut(&mut World),
) -> Result<(), SyncError> {
    run.head(&mut world.replica, response.status, &response.headers)?;
    for piece in bytes.chunks(size) {
        let read = run.body(&mut world.replica, piece, world.now, &mut |b| b.fill(202))?;
        meanwhile(world);
        if read == Read::Enough {
            break;
        }
    }
    run.end(&mut world.replica, Ended::Whole, world.now, &mut |b| b.fill(203))
}

impl World {
    /// A whole sync, every answer in pieces of so many bytes; after each of them `meanwhile` is done.
    pub fn sync_in_pieces(
        &mut self,
        size: usize,
        meanwhile: &mut dyn FnMut(&mut World),
    ) -> Result<SyncReport, SyncError> {
        let mut run = SyncRun::begin(&mut self.replica);
        loop {
            match next(self, &mut run)? {
                Step::Done(report) => return Ok(report),
                Step::Send(outgoing) => {
                    let answered = answer(self, &outgoing);
                    hand_over(self, &mut run, answered, size, meanwhile)?;
                }
            }
        }
    }

    /// Everything in the database, but the number of its file.
    pub fn everything(&self) -> Vec<String> {
        let connection = self.replica.connection();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
        let mut select = connection.prepare(tables).expect("tables");
        let names: Vec<String> =
            select.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names");
        let mut lines = Vec::new();
        for name in names {
            let mut select = connection.prepare(&format!("SELECT * FROM {name}")).expect("a table");
            let columns = select.column_count();
            let rows = select.query_map([], |row| {
                let values: Vec<rusqlite::types::Value> =
                    (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
                Ok(format!("{name} {values:?}"))
            });
            let rows: Vec<String> = rows.expect("rows").collect::<Result<_, _>>().expect("rows");
            lines.extend(rows.into_iter().filter(|line| !line.contains("file_number")));
        }
        lines.sort();
        lines
    }
}
