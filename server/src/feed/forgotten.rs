//! What was forgotten since a device was last told; or that it was told of what is not known here.

use std::collections::HashSet;

use rusqlite::Connection;
use sync::digest::{DigestBytes, digest_of_erased, toggle};
use sync::wire::{Erased, MAX_ERASED, SyncRequest};

use super::frames::Last;
use crate::error::ServerError;
use crate::store;

/// Puts it into the last frame. Devices count what they are told, in one order; a server that was put back may have lost some and
/// have others since: the sums tell.
pub(super) fn forgotten(conn: &Connection, request: &SyncRequest, last: &mut Last) -> Result<(), ServerError> {
    let told = match &request.tombstones {
        Some(brought) => not_among(store::all_erased(conn)?, brought),
        None => {
            let known = request.erased.unwrap_or(0);
            if let Some(sum) = request.erased_sum
                && sum_of(&store::erased_upto(conn, known)?) != *sum
            {
                last.erased_differ = Some(true);
                return Ok(());
            }
            store::erased_after(conn, known, MAX_ERASED)?
        }
    };
    last.erased = (!told.is_empty()).then_some(told);
    Ok(())
}

fn sum_of(erased: &[Erased]) -> DigestBytes {
    let mut sum = DigestBytes::default();
    erased.iter().for_each(|erased| toggle(&mut sum, digest_of_erased(erased.person, erased.generation)));
    sum
}

fn not_among(erased: Vec<Erased>, brought: &[Erased]) -> Vec<Erased> {
    let brought: HashSet<_> = brought.iter().map(|erased| (erased.person, erased.generation)).collect();
    erased.into_iter().filter(|e| !brought.contains(&(e.person, e.generation))).take(MAX_ERASED).collect()
}
