//! Frames out of a body, one at a time.

use std::io::{ErrorKind, Read};

use sync::wire::{Frame, FrameError, read_length_prefix};

/// The next frame. A stream that ends, even between two frames, is cut: the last frame says that it is the last.
pub(super) fn next_frame(body: &mut dyn Read) -> Result<Frame, FrameError> {
    let mut prefix = [0; 4];
    fill(body, &mut prefix)?;
    let mut bytes = vec![0; read_length_prefix(prefix)?];
    fill(body, &mut bytes)?;
    Frame::decode(&bytes)
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
