//! Chunks made by hand, byte by byte: what no program that writes with Automerge makes.

use sync::gate::{MAX_OPERATIONS, parse};
use sync::wire::RefusalCode;

use super::desk::chunk_of;

/// Runs of the columns go on for ever without the chunk growing: none of those below is larger.
const SMALL: usize = 256;

fn unsigned(mut n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n > 0x7f {
        bytes.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

/// As many as wished of one value.
fn run(length: u64, value: &[u8]) -> Vec<u8> {
    let mut bytes = unsigned(length);
    // The length is a signed number: its last byte must not look negative.
    let last = bytes.len() - 1;
    if bytes[last] & 0x40 != 0 {
        bytes[last] |= 0x80;
        bytes.push(0);
    }
    bytes.extend_from_slice(value);
    bytes
}

/// Values one by one: the length of the list stands in front as a negative number.
fn list(values: &[u64]) -> Vec<u8> {
    assert!(values.len() <= 64, "the length is one byte");
    let mut bytes = vec![0x80 - values.len() as u8];
    bytes.extend(values.iter().flat_map(|v| unsigned(*v)));
    bytes
}

/// A change that puts null under `a` at the root, over and over. `counts` is the column that says how many predecessors
/// each operation has; of `predecessors` there are names.
fn change(operations: u64, counts: &[u8], predecessors: u64) -> Vec<u8> {
    let mut columns: Vec<(u8, Vec<u8>)> = vec![
        (0x15, run(operations, &[1, b'a'])), // keys
        (0x34, unsigned(operations)),        // insertions: so many times no
        (0x42, run(operations, &[1])),       // actions: put
        (0x56, run(operations, &[0])),       // values: null
        (0x70, counts.to_vec()),
    ];
    if predecessors > 0 {
        columns.push((0x71, run(predecessors, &[0]))); // actors: the change's own
        columns.push((0x73, run(predecessors, &[1]))); // counters, each one more than the one before
    }
    let mut body = vec![1];
    body.extend_from_slice(&[7; 32]); // what it stands on
    body.push(16);
    body.extend_from_slice(&[9; 16]); // its actor
    body.extend_from_slice(&[1, 2, 0, 0, 0]); // its number, its first operation's; no time, no message, no other actors
    body.push(columns.len() as u8);
    for (name, bytes) in &columns {
        body.push(*name);
        body.extend(unsigned(bytes.len() as u64));
    }
    body.extend(columns.into_iter().flat_map(|(_, bytes)| bytes));
    chunk_of(&body)
}

/// Why a small chunk is refused; none if it is read.
fn refused(chunk: &[u8]) -> Option<RefusalCode> {
    assert!(chunk.len() < SMALL, "{} bytes", chunk.len());
    parse(chunk).err().map(|refusal| refusal.code)
}

#[test]
fn predecessors_are_counted_before_room_is_made_for_them() {
    // A sound chunk with few of them, and with as many as there may be: what follows is refused for its numbers alone.
    let sound = parse(&change(2, &list(&[0, 3]), 3)).expect("a sound change");
    let named: Vec<usize> = sound.expanded.operations.iter().map(|op| op.pred.len()).collect();
    assert_eq!(named, [0, 3]);
    assert_eq!(refused(&change(1, &run(1, &unsigned(MAX_OPERATIONS)), MAX_OPERATIONS)), None);
    let too_many = [
        (1, run(1, &unsigned(MAX_OPERATIONS + 1)), MAX_OPERATIONS + 1),
        // Few for each operation, many together.
        (1_000, run(1_000, &unsigned(3_000)), 3_000_000),
        (1, run(1, &unsigned(3_000_000)), 3_000_000),
        (2, list(&[1, 3_000_000]), 3_000_001),
        // More than a machine has room for, and more than a number can say.
        (1, run(1, &unsigned(1 << 40)), 1 << 40),
        (4, run(4, &unsigned(1 << 62)), 1 << 62),
    ];
    for (operations, counts, predecessors) in too_many {
        let bomb = change(operations, &counts, predecessors);
        assert_eq!(refused(&bomb), Some(RefusalCode::BadChange), "{predecessors} predecessors");
    }
}

#[test]
fn operations_that_are_only_claimed_are_counted_too() {
    let none = |operations: u64| change(operations, &run(operations, &[0]), 0);
    let most = parse(&none(MAX_OPERATIONS)).expect("as many as there may be");
    assert_eq!(most.expanded.operations.len() as u64, MAX_OPERATIONS);
    for operations in [MAX_OPERATIONS + 1, 2_000_000, 1 << 40, 1 << 62] {
        assert_eq!(refused(&none(operations)), Some(RefusalCode::TooLarge), "{operations} operations");
    }
}
