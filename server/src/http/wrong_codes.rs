//! Wrong enrolment codes, counted by the address they come from.
//!
//! A code has 128 bits: nobody guesses one. What is kept short is the noise, and the person who types the same mistake again
//! and again is told to stop. A right code is taken whatever was typed before it from the same office.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// So many are answered as what they are.
const ALLOWED: usize = 10;
/// In so long a time.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// So many addresses are remembered.
const ADDRESSES: usize = 10_000;

/// When wrong codes came, by address.
#[derive(Debug, Default)]
pub(super) struct WrongCodes(Mutex<HashMap<IpAddr, Vec<Timestamp>>>);

impl WrongCodes {
    /// Another wrong code from an address. Tells whether it is one too many.
    pub(super) fn one_more(&self, from: IpAddr, now: Timestamp) -> bool {
        let Ok(mut known) = self.0.lock() else { return false };
        let recent = |at: &Timestamp| now.duration_since(*at).abs() < WINDOW;
        if known.len() >= ADDRESSES {
            known.retain(|_, times| times.iter().any(recent));
        }
        if known.len() >= ADDRESSES {
            // From so many places at once: nobody is told apart any more, and nobody is held back for another.
            return false;
        }
        let times = known.entry(network(from)).or_default();
        times.retain(recent);
        if times.len() >= ALLOWED {
            return true;
        }
        times.push(now);
        false
    }
}

/// Whoever has an IPv6 address has a whole network of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_in_ten_minutes_is_one_too_many_for_its_own_address_only() {
        let codes = WrongCodes::default();
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let later = |seconds| now.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
        let [here, there]: [IpAddr; 2] = ["10.0.0.1", "10.0.0.2"].map(|a| a.parse().expect("an address"));
        for n in 0..10 {
            assert!(!codes.one_more(here, later(n)));
        }
        assert!(codes.one_more(here, later(20)));
        assert!(!codes.one_more(there, later(20)));
        assert!(!codes.one_more(here, later(601)));
        let [one, other]: [IpAddr; 2] = ["2001:db8::1", "2001:db8::ffff"].map(|a| a.parse().expect("an address"));
        for n in 0..10 {
            assert!(!codes.one_more(if n % 2 == 0 { one } else { other }, now));
        }
        assert!(codes.one_more(one, now) && codes.one_more(other, now));
    }
}
