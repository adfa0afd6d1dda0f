//! Frames out of a body, as its bytes come.

use std::collections::VecDeque;

use sync::wire::{Frame, read_length_prefix};

use super::error::SyncError;
use super::incoming::Decoder;

/// More frames than this are not taken together.
const MOST_FRAMES: usize = 32;
/// Nor, about, more bytes: 1 MiB.
const MOST_BYTES: usize = 1 << 20;
/// The length in front of a frame.
const PREFIX: usize = 4;

/// Frames out of a body.
pub(super) struct FrameStream {
    decoder: Decoder,
    /// Decoded, and not yet a whole frame.
    held: Vec<u8>,
    /// So much of it has been given out.
    given: usize,
}

impl FrameStream {
    /// Of a body in this coding.
    pub(super) fn of(decoder: Decoder) -> Self {
        Self { decoder, held: Vec::new(), given: 0 }
    }

    /// The next whole frames, to be taken together, out of what had come before and `bytes`, of which what is not needed yet is
    /// left. None: all that has come is used up. And what stops the stream, if anything does.
    pub(super) fn next_frames(&mut self, bytes: &mut &[u8]) -> (VecDeque<Frame>, Result<(), SyncError>) {
        let (mut frames, mut length) = (VecDeque::new(), 0);
        let mut more = true;
        loop {
            match self.next_frame() {
                Ok(Some((frame, bytes))) => {
                    length += bytes;
                    let last = frame.last;
                    frames.push_back(frame);
                    if last || frames.len() >= MOST_FRAMES || length >= MOST_BYTES {
                        return (frames, Ok(()));
                    }
                }
                Ok(None) if !more => return (frames, Ok(())),
                Ok(None) => {
                    self.held.drain(..std::mem::take(&mut self.given));
                    match self.decoder.decode(bytes, &mut self.held) {
                        Ok(may_be_more) => more = may_be_more,
                        Err(error) => return (frames, Err(error)),
                    }
                }
                Err(error) => return (frames, Err(error)),
            }
        }
    }

    fn next_frame(&mut self) -> Result<Option<(Frame, usize)>, SyncError> {
        let rest = self.held.get(self.given..).unwrap_or_default();
        let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX>() else { return Ok(None) };
        let length = read_length_prefix(*prefix)?;
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        let frame = Frame::decode(frame)?;
        self.given += PREFIX + length;
        Ok(Some((frame, length)))
    }
}
