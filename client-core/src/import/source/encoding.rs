//! Which encoding a text file is in, and reading it as UTF-8 with `\n` for every line end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

const CHUNK: usize = 64 << 10;

/// Finds the encoding from a mark at the start, else from the whole content.
///
/// Content that reads as UTF-8 but for a few damaged characters is UTF-8: guessing another encoding would
/// spoil every other word. Damaged characters come out as U+FFFD, and refuse the row they are in.
pub(super) fn detect(path: &Path) -> io::Result<&'static Encoding> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut utf8 = Utf8Tally::new();
    let mut first = true;
    loop {
        let read = file.read(&mut chunk)?;
        let bytes = &chunk[..read];
        if first {
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(encoding);
            }
            if let Some(encoding) = utf_16_without_mark(bytes) {
                return Ok(encoding);
            }
            first = false;
        }
        detector.feed(bytes, read == 0);
        utf8.feed(bytes, read == 0);
        if read == 0 {
            break;
        }
    }
    if utf8.is_likely() {
        return Ok(UTF_8);
    }
    Ok(detector.guess(Some(b"vn"), Utf8Detection::Deny))
}

/// UTF-16 shows in every other byte being zero for most Latin letters.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = bytes.len() / 8;
    if bytes.len() < 4 || even.max(odd) <= many {
        return None;
    }
    Some(if odd > even { UTF_16LE } else { UTF_16BE })
}

/// How well the content reads as UTF-8.
struct Utf8Tally {
    decoder: Decoder,
    scratch: Vec<u8>,
    beyond_ascii: usize,
    malformed: usize,
}

impl Utf8Tally {
    fn new() -> Utf8Tally {
        Utf8Tally {
            decoder: UTF_8.new_decoder_without_bom_handling(),
            scratch: vec![0; 3 * CHUNK],
            beyond_ascii: 0,
            malformed: 0,
        }
    }

    fn feed(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.scratch, last);
            // Lead bytes, one for each character beyond ASCII.
            self.beyond_ascii += self.scratch[..written].iter().filter(|&&byte| byte >= 0xc0).count();
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.malformed += 1,
            }
        }
    }

    fn is_likely(&self) -> bool {
        self.malformed == 0 || self.beyond_ascii > 20 * self.malformed
    }
}

/// Reads a file in some encoding as UTF-8. Every line end becomes `\n`, and the content ends with one, so that
/// lines can be counted.
#[derive(Debug)]
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_used: usize,
    raw_len: usize,
    source_ended: bool,
    ready: Vec<u8>,
    ready_used: usize,
    ended: bool,
    after_carriage_return: bool,
    /// Bytes that may still be handed out before the reader refuses to go on.
    allowance: usize,
}

/// What a reader answers when its allowance is used up.
pub(super) const ALLOWANCE_SPENT: &str = "allowance spent";

impl<R: Read> Utf8Reader<R> {
    pub fn new(inner: R, encoding: &'static Encoding) -> Utf8Reader<R> {
        Utf8Reader {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; CHUNK],
            raw_used: 0,
            raw_len: 0,
            source_ended: false,
            ready: Vec::with_capacity(3 * CHUNK),
            ready_used: 0,
            ended: false,
            after_carriage_return: false,
            allowance: usize::MAX,
        }
    }

    /// Sets how many bytes may be read from now on, so that a quotation mark left open cannot draw a whole
    /// large file into memory.
    pub fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Whether everything was handed out and the end was reported.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.ready_used = 0;
        while self.ready.is_empty() && !self.source_ended {
            if self.raw_used == self.raw_len {
                self.raw_len = self.inner.read(&mut self.raw)?;
                self.raw_used = 0;
            }
            let last = self.raw_len == 0;
            let mut decoded = vec![0; 3 * CHUNK];
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(&self.raw[self.raw_used..self.raw_len], &mut decoded, last);
            self.raw_used += read;
            self.source_ended = last && result == encoding_rs::CoderResult::InputEmpty;
            for &byte in &decoded[..written] {
                match byte {
                    b'\n' if self.after_carriage_return => self.after_carriage_return = false,
                    b'\r' => {
                        self.after_carriage_return = true;
                        self.ready.push(b'\n');
                    }
                    other => {
                        self.after_carriage_return = false;
                        self.ready.push(other);
                    }
                }
            }
            if self.source_ended {
                // An empty last line does no harm; rows without content are passed over.
                self.ready.push(b'\n');
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.ready_used == self.ready.len() {
            self.refill()?;
        }
        let waiting = &self.ready[self.ready_used..];
        if waiting.is_empty() {
            self.ended = true;
            return Ok(0);
        }
        let count = waiting.len().min(into.len()).min(self.allowance);
        if count == 0 && !into.is_empty() {
            return Err(io::Error::other(ALLOWANCE_SPENT));
        }
        into[..count].copy_from_slice(&waiting[..count]);
        self.ready_used += count;
        self.allowance -= count;
        Ok(count)
    }
}
