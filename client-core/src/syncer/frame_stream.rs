//! Frames out of a body.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read};

use jiff::Timestamp;
use sync::wire::{Frame, FrameError, read_length_prefix};

/// More frames than this are not taken together.
const MOST_FRAMES: usize = 32;
/// Nor, about, more bytes: 1 MiB.
const MOST_BYTES: usize = 1 << 20;
/// What takes longer to come is not waited for with something in hand: 20 ms.
const AT_ONCE_MILLIS: i64 = 20;

/// The next frames that come one right after the other: on a slow link one, for it is to be kept before the next is waited
/// for. And what stopped the stream, if anything did: one that ends, even between two frames, is cut, for the last frame says
/// that it is the last.
pub(super) fn next_frames(
    body: &mut dyn Read,
    clock: &dyn Fn() -> Timestamp,
) -> (VecDeque<Frame>, Result<(), FrameError>) {
    let (mut frames, mut bytes) = (VecDeque::new(), 0);
    let mut now = clock().as_millisecond();
    loop {
        let (frame, length) = match next_frame(body) {
            Ok(next) => next,
            Err(error) => return (frames, Err(error)),
        };
        bytes += length;
        let began = std::mem::replace(&mut now, clock().as_millisecond());
        let last = frame.last;
        frames.push_back(frame);
        // A clock that was put back says nothing: then one by one.
        let at_once = (0..AT_ONCE_MILLIS).contains(&(now - began));
        if last || !at_once || frames.len() >= MOST_FRAMES || bytes >= MOST_BYTES {
            return (frames, Ok(()));
        }
    }
}

fn next_frame(body: &mut dyn Read) -> Result<(Frame, usize), FrameError> {
    let mut prefix = [0; 4];
    fill(body, &mut prefix)?;
    let mut bytes = vec![0; read_length_prefix(prefix)?];
    fill(body, &mut bytes)?;
    Ok((Frame::decode(&bytes)?, bytes.len()))
}

fn fill(body: &mut dyn Read, mut buffer: &mut [u8]) -> Result<(), FrameError> {
    while !buffer.is_empty() {
        match body.read(buffer) {
            Ok(0) => return Err(FrameError::Cut),
            Ok(n) => buffer = &mut buffer[n..],
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Err(FrameError::Cut),
        }
    }
    Ok(())
}
