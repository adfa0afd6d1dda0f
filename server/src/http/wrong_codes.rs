//! Wrong enrolment codes, counted by the address they come from.
//!
//! A code has 128 bits: nobody guesses one. What is kept short is the noise, and the person who types the same mistake again
//! and again is told to stop. A right code is taken whatever was typed before it from the same office.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use rusqlite::Transaction;

use crate::error::ServerError;
use crate::store::{self, AuditWhat};

/// So many are answered as what they are.
const ALLOWED: usize = 10;
/// In so long a time.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// So many addresses are remembered.
const ADDRESSES: usize = 10_000;

/// So many of all addresses together are written down in an hour; more are only counted, for whoever has no device costs no
/// write to the disk each time.
const NOTED: u32 = 60;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What is known of wrong codes.
#[derive(Debug, Default)]
pub(super) struct WrongCodes {
    /// When they came, by address.
    by_address: Mutex<HashMap<IpAddr, Vec<Timestamp>>>,
    hour: Mutex<Hour>,
}

/// How many were written down since when, and how many were not.
#[derive(Debug, Default)]
struct Hour {
    since: Timestamp,
    noted: u32,
    left_out: u64,
}

impl WrongCodes {
    /// Another wrong code from an address. Tells whether it is one too many.
    pub(super) fn one_more(&self, from: IpAddr, now: Timestamp) -> bool {
        let Ok(mut known) = self.by_address.lock() else { return false };
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

    /// Whether one that came now is to be written down; then how many before it were not. `only_count`: it is one of too
    /// many from its address.
    pub(super) fn to_note(&self, only_count: bool, now: Timestamp) -> Option<u64> {
        let mut hour = self.hour.lock().ok()?;
        if now.duration_since(hour.since).abs() >= HOUR {
            *hour = Hour { since: now, noted: 0, left_out: hour.left_out };
        }
        if only_count || hour.noted >= NOTED {
            hour.left_out += 1;
            return None;
        }
        hour.noted += 1;
        Some(std::mem::take(&mut hour.left_out))
    }

    /// How many were not written down in an hour that is over.
    pub(super) fn left_out(&self, now: Timestamp) -> u64 {
        let Ok(mut hour) = self.hour.lock() else { return 0 };
        if now.duration_since(hour.since).abs() < HOUR { 0 } else { std::mem::take(&mut hour.left_out) }
    }
}

/// Writes down how many were not.
pub(super) fn tell_left_out(tx: &Transaction<'_>, at: i64, left_out: u64) -> Result<(), ServerError> {
    if left_out == 0 {
        return Ok(());
    }
    let detail = format!("{}: {left_out} more", AuditWhat::CodeRefused.as_str());
    store::audit_unknown(tx, at, AuditWhat::LeftOut, &detail)
}

/// Whoever has an IPv6 address has a whole network of them.
pub(super) fn network(address: IpAddr) -> IpAddr {
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
    fn so_many_are_written_down_in_an_hour_and_the_others_counted() {
        let codes = WrongCodes::default();
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        assert_eq!(codes.to_note(false, now), Some(0));
        assert_eq!(codes.to_note(true, now), None);
        assert_eq!(codes.to_note(false, now), Some(1));
        (2..NOTED).for_each(|_| assert_eq!(codes.to_note(false, now), Some(0)));
        (0..5).for_each(|_| assert_eq!(codes.to_note(false, now), None));
        assert_eq!(codes.left_out(now), 0, "the hour is not over");
        let later = now.checked_add(HOUR).expect("a time");
        assert_eq!((codes.left_out(later), codes.left_out(later)), (5, 0));
        assert_eq!(codes.to_note(false, later), Some(0));
    }

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
