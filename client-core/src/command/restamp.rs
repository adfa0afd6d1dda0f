//! Stamping unsent work again, once the device has learnt by how much its clock is off.

use std::cell::Cell;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sync::model::time::begin_of_day;

use super::Command;

impl Command {
    /// Its times that lie ahead of `now` (the server's clock), moved by `offset`; `stamped` keeps the clock's first word.
    /// None when no time lies ahead.
    pub(crate) fn restamped(&self, offset: SignedDuration, now: Timestamp, zone: &TimeZone) -> Option<Command> {
        let mut command = self.clone();
        let moved = Cell::new(false);
        let restamp = |at: &mut Timestamp, stamped: Option<&mut Option<Timestamp>>| {
            if *at <= now {
                return;
            }
            let Ok(right) = at.checked_add(offset) else { return };
            if let Some(stamped) = stamped {
                stamped.get_or_insert(*at);
            }
            *at = right;
            moved.set(true);
        };
        match &mut command {
            Command::OpenSession { facts, .. } => restamp(&mut facts.at, Some(&mut facts.stamped)),
            Command::AppendMinutes { .. } | Command::EditMinutes { .. } => {}
            Command::SessionEvent { at, stamped, .. } => restamp(at, Some(stamped)),
            // Of a sealed petition only the day is said; which it was by the right clock is told best from its noon.
            Command::LogPetition { facts, .. } if facts.sealed.is_some() => {
                let noon = facts.at.checked_add(SignedDuration::from_hours(12) + offset);
                if let (true, Ok(noon)) = (facts.at > now, noon) {
                    facts.at = begin_of_day(noon.min(now), zone);
                    moved.set(true);
                }
            }
            Command::LogPetition { facts, events, .. } => {
                restamp(&mut facts.at, Some(&mut facts.stamped));
                for event in events {
                    restamp(&mut event.at, Some(&mut event.stamped));
                }
            }
            Command::PetitionEvent { event, .. } => restamp(&mut event.at, Some(&mut event.stamped)),
            Command::Directory { at, .. } => restamp(at, None),
        }
        moved.get().then_some(command)
    }
}
