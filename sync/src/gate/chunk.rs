//! A change's bytes: one uncompressed chunk, its hash, and its operations counted before any is decoded.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Change, ExpandedChange};

use super::refusal::Refusal;
use crate::document::change_name;
use crate::id::{EventId, Hash};
use crate::reason::Reason;
use crate::wire::{MAX_CHANGE_BYTES, chunk_body, chunk_hash, leb};

/// A change with more operations is refused: a directory of hundreds of entries fits many times.
pub const MAX_OPERATIONS: u64 = 10_000;

/// The action column: one value for each operation, run-length encoded.
const ACTION_COLUMN: u64 = 0x42;
/// How many predecessors each operation names: Automerge makes room for them one by one.
const PRED_NUM_COLUMN: u64 = 0x70;

/// A change that has been read and bounded, not yet judged.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// As Automerge holds it.
    pub change: Change,
    /// Its operations.
    pub expanded: ExpandedChange,
    /// Its hash.
    pub hash: Hash,
    /// What it stands on.
    pub deps: Vec<Hash>,
    /// What it is called, when it writes something that has no id of its own.
    pub name: Option<EventId>,
}

/// Reads one change.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Refusal> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(Refusal::too_large(Reason::change_too_large(bytes.len(), MAX_CHANGE_BYTES)));
    }
    let body = chunk_body(bytes).map_err(|e| Refusal::bad_change(e.reason()))?;
    let operations = count_operations(body).ok_or_else(|| Refusal::bad_change(Reason::unreadable_columns()))?;
    if operations > MAX_OPERATIONS {
        return Err(Refusal::too_large(Reason::too_many_operations(operations, MAX_OPERATIONS)));
    }
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        let change = Change::try_from(bytes).ok()?;
        let expanded = change.decode();
        Some((change, expanded))
    }));
    let Ok(Some((change, expanded))) = decoded else { return Err(Refusal::bad_change(Reason::undecodable())) };
    let hash = chunk_hash(body);
    if Hash::from(change.hash()) != hash || expanded.operations.len() as u64 != operations {
        return Err(Refusal::bad_change(Reason::other_bytes()));
    }
    let name = change_name(&change).filter(|name| !name.0.is_nil());
    let more = change.timestamp() != 0 || !change.extra_bytes().is_empty();
    if more || change.message().is_some() != name.is_some() {
        return Err(Refusal::bad_change(Reason::more_than_a_change()));
    }
    let deps = change.deps().iter().map(|d| Hash::from(*d)).collect();
    Ok(Parsed { change, expanded, hash, deps, name })
}

/// The number of operations, from the run lengths of the action column alone.
fn count_operations(body: &[u8]) -> Option<u64> {
    let (deps, rest) = leb(body).ok()?;
    let rest = rest.get(usize::try_from(deps).ok()?.checked_mul(32)?..)?;
    let rest = skip_bytes(rest)?;
    let (_seq, rest) = leb(rest).ok()?;
    let (_start_op, rest) = leb(rest).ok()?;
    let (_time, rest) = leb(rest).ok()?;
    let mut rest = skip_bytes(rest)?;
    let (others, after) = leb(rest).ok()?;
    rest = after;
    for _ in 0..others {
        rest = skip_bytes(rest)?;
    }
    let (columns, mut rest) = leb(rest).ok()?;
    let mut before = 0usize;
    let mut action = None;
    let mut preds = None;
    for _ in 0..columns {
        let (spec, after) = leb(rest).ok()?;
        let (len, after) = leb(after).ok()?;
        let len = usize::try_from(len).ok()?;
        if spec == ACTION_COLUMN {
            action = Some((before, len));
        }
        if spec == PRED_NUM_COLUMN {
            preds = Some((before, len));
        }
        before = before.checked_add(len)?;
        rest = after;
    }
    if let Some((at, len)) = preds
        && sum_of_runs(rest.get(at..at.checked_add(len)?)?)? > MAX_OPERATIONS
    {
        return None;
    }
    let (at, len) = action?;
    run_lengths(rest.get(at..at.checked_add(len)?)?)
}

fn skip_bytes(bytes: &[u8]) -> Option<&[u8]> {
    let (len, rest) = leb(bytes).ok()?;
    rest.get(usize::try_from(len).ok()?..)
}

/// Sums the runs of an RLE column of unsigned numbers: n > 0 repeats the next value, n < 0 begins −n literal values,
/// 0 begins a run of nulls.
fn run_lengths(mut column: &[u8]) -> Option<u64> {
    let mut total = 0u64;
    while !column.is_empty() {
        let (n, rest) = signed_leb(column)?;
        column = rest;
        if n > 0 {
            column = leb(column).ok()?.1;
            total = total.checked_add(n.unsigned_abs())?;
        } else if n < 0 {
            for _ in 0..n.unsigned_abs() {
                column = leb(column).ok()?.1;
            }
            total = total.checked_add(n.unsigned_abs())?;
        } else {
            let (nulls, rest) = leb(column).ok()?;
            column = rest;
            total = total.checked_add(nulls)?;
        }
    }
    Some(total)
}

/// Adds up the values of an RLE column of unsigned numbers.
fn sum_of_runs(mut column: &[u8]) -> Option<u64> {
    let mut total = 0u64;
    while !column.is_empty() {
        let (n, rest) = signed_leb(column)?;
        column = rest;
        if n > 0 {
            let (value, rest) = leb(column).ok()?;
            column = rest;
            total = total.checked_add(value.checked_mul(n.unsigned_abs())?)?;
        } else if n < 0 {
            for _ in 0..n.unsigned_abs() {
                let (value, rest) = leb(column).ok()?;
                column = rest;
                total = total.checked_add(value)?;
            }
        } else {
            column = leb(column).ok()?.1;
        }
    }
    Some(total)
}

fn signed_leb(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut value = 0i64;
    for (i, &b) in bytes.iter().enumerate().take(10) {
        value |= i64::from(b & 0x7f).checked_shl(7 * i as u32)?;
        if b & 0x80 == 0 {
            let bits = 7 * (i as u32 + 1);
            if b & 0x40 != 0 && bits < 64 {
                value |= -1i64 << bits;
            }
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::RefusalCode;

    #[test]
    fn runs_are_summed_without_being_unrolled() {
        // 5,000,000 times the value 1: three bytes of a signed LEB128 length, one value.
        let mut column = Vec::new();
        let mut n = 5_000_000u64;
        while n >= 64 {
            column.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        column.push(n as u8);
        column.push(1);
        assert_eq!(run_lengths(&column), Some(5_000_000));
        // Two literals (−2), then a run of three nulls.
        assert_eq!(run_lengths(&[0x7e, 1, 4, 0, 3]), Some(5));
        // Twice the value 5, then the literals 1 and 4, then nulls: 15 predecessors.
        assert_eq!(sum_of_runs(&[2, 5, 0x7e, 1, 4, 0, 3]), Some(15));
    }

    #[test]
    fn garbage_is_refused_not_read() {
        assert!(parse(b"").is_err());
        assert!(parse(&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, 0]).is_err());
        let large = vec![0; MAX_CHANGE_BYTES + 1];
        assert_eq!(parse(&large).err().map(|r| r.code), Some(RefusalCode::TooLarge));
    }
}
