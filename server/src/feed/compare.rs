//! Whether a device holds what the server holds for it: digests of records, and what a device can prove that is not here.

use std::collections::BTreeSet;

use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Connection;
use sync::digest::{DigestBytes, bucket_of, bucket_sums, toggle};
use sync::wire::{Held, MAX_PROVABLE, Offered, PositionSet, SyncRequest, hash_of};

use super::frames::Last;
use crate::error::ServerError;
use crate::store;

/// A feed's number, its name and the sum of its digests.
pub(super) type FeedSum = (i64, String, DigestBytes);

/// Puts into the last frame what the device may compare, and the parts it asks for.
pub(super) fn compare(
    conn: &Connection,
    request: &SyncRequest,
    feeds: &[FeedSum],
    last: &mut Last,
) -> Result<(), ServerError> {
    let numbers: Vec<i64> = feeds.iter().map(|(index, ..)| *index).collect();
    last.whole = Some(ByteArray::from(whole(conn, feeds, &numbers)?));
    match &request.check {
        Some(buckets) if buckets.is_empty() => {
            let sums = bucket_sums(store::digests_of_records(conn, &numbers)?);
            last.buckets = Some(ByteVec::from(sums.concat()));
        }
        Some(buckets) => {
            let records = store::digests_of_records(conn, &numbers)?.into_iter();
            let asked = records.filter(|(record, _)| buckets.contains(&bucket_of(*record)));
            let held = asked.map(|(record, digest)| Held { record, digest: ByteArray::from(digest) });
            last.held = Some(held.collect());
        }
        None => {}
    }
    Ok(())
}

/// The sum over all records of some feeds. No record but the directory's own is in its feed; where there is only one other,
/// their sums are all there is to add.
fn whole(conn: &Connection, feeds: &[FeedSum], numbers: &[i64]) -> Result<DigestBytes, ServerError> {
    let mut sum = DigestBytes::default();
    if feeds.iter().filter(|(_, name, _)| name != "directory").count() <= 1 {
        feeds.iter().for_each(|(.., digest)| toggle(&mut sum, *digest));
    } else {
        let records = store::digests_of_records(conn, numbers)?;
        records.iter().for_each(|(_, digest)| toggle(&mut sum, *digest));
    }
    Ok(sum)
}

/// Of what a device says it can prove, what is not here: a change, or its author's signature where the author asks.
pub(super) fn lacks(conn: &Connection, request: &SyncRequest, device: i64) -> Result<Option<PositionSet>, ServerError> {
    let Some(provable) = &request.provable else { return Ok(None) };
    let settled = settled(conn, request)?;
    let mut lacks = PositionSet::default();
    for change in provable.iter().take(MAX_PROVABLE) {
        let there = store::is_present(conn, change.position, change.hash.as_slice(), device)?;
        if !there && !settled.contains(&(change.position, *change.hash)) {
            lacks.insert(change.position);
        }
    }
    Ok(Some(lacks))
}

/// Changes that were brought and are here now, if at another place: the old one was somebody else's.
fn settled(conn: &Connection, request: &SyncRequest) -> Result<BTreeSet<(u64, [u8; 4])>, ServerError> {
    let mut settled = BTreeSet::new();
    for item in request.offers.iter().flatten().flat_map(|offer| &offer.items) {
        let Offered::Change(change) = item else { continue };
        if let (Some(row), Some(hash)) = (store::record(conn, change.record)?, hash_of(&change.bytes))
            && store::change_place(conn, row.index, &hash)?.is_some()
        {
            let [a, b, c, d, ..] = hash.0;
            settled.insert((change.position, [a, b, c, d]));
        }
    }
    Ok(settled)
}
