//! Wrong PINs in a row, and how long the next has to wait. It slows a person's hand down; who has the files can try
//! without this program, at [`super::Stretch`]'s price.

use jiff::{SignedDuration, Timestamp};

/// Wrong PINs in a row that may be typed without waiting.
const FREE: u32 = 5;
/// The first wait, doubled by each further wrong PIN.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);
/// No wait is longer.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// What is remembered of wrong PINs. A right one forgets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// In a row.
    pub wrong: u32,
    /// The last of them, by the device's clock.
    pub last: Timestamp,
}

impl Tries {
    /// What is remembered, as it counts now. `kept` is none when nothing is. What cannot be read counts as the last free
    /// try: it must not lock anybody out, nor be a way to try on.
    pub fn remembered(kept: Option<&[u8]>, now: Timestamp) -> Self {
        let Some(kept) = kept else { return Self { wrong: 0, last: now } };
        let read = Self::decode(kept).unwrap_or(Self { wrong: FREE, last: now });
        // The clock has been put back. The wait begins anew: by the old time it might never end, by none it would be over.
        Self { last: read.last.min(now), ..read }
    }

    /// One more, judged or not: it is counted before it is judged, so that whoever breaks off has tried.
    pub fn counted(self, now: Timestamp) -> Self {
        Self { wrong: self.wrong.saturating_add(1), last: now }
    }

    /// How long the next try has to wait; none when it need not.
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let doublings = self.wrong.checked_sub(FREE)?;
        let wait = i32::try_from(1u64.checked_shl(doublings).unwrap_or(u64::MAX)).unwrap_or(i32::MAX);
        let wait = FIRST_WAIT.checked_mul(wait).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        let left = wait.saturating_sub(now.duration_since(self.last).max(SignedDuration::ZERO));
        left.is_positive().then_some(left)
    }

    /// As kept: a line.
    pub fn encode(&self) -> Vec<u8> {
        format!("1 {} {}\n", self.wrong, self.last.as_millisecond()).into_bytes()
    }

    fn decode(kept: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(kept).ok()?.strip_suffix('\n')?;
        let mut parts = line.strip_prefix("1 ")?.split(' ');
        let (wrong, last) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let last = Timestamp::from_millisecond(last).ok()?;
        parts.next().is_none().then_some(Self { wrong, last })
    }
}
