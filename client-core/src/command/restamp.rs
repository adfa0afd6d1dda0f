//! Stamping unsent work again, once the device has learnt by how much its clock is off.

use jiff::{SignedDuration, Timestamp};

use super::Command;

impl Command {
    /// Its times that lie ahead of `now` (the server's clock), moved by `offset`; `stamped` keeps the clock's first word.
    /// None when no time lies ahead.
    pub(crate) fn restamped(&self, offset: SignedDuration, now: Timestamp) -> Option<Command> {
        let mut command = self.clone();
        let mut moved = false;
        let mut restamp = |at: &mut Timestamp, stamped: Option<&mut Option<Timestamp>>| {
            if *at <= now {
                return;
            }
            let Ok(right) = at.checked_add(offset) else { return };
            if let Some(stamped) = stamped {
                stamped.get_or_insert(*at);
            }
            *at = right;
            moved = true;
        };
        match &mut command {
            Command::OpenSession { facts, .. } => restamp(&mut facts.at, Some(&mut facts.stamped)),
            Command::AppendMinutes { .. } | Command::EditMinutes { .. } => {}
            Command::SessionEvent { at, stamped, .. } => restamp(at, Some(stamped)),
            Command::LogPetition { facts, events, .. } => {
                restamp(&mut facts.at, Some(&mut facts.stamped));
                for event in events {
                    restamp(&mut event.at, Some(&mut event.stamped));
                }
            }
            Command::PetitionEvent { event, .. } => restamp(&mut event.at, Some(&mut event.stamped)),
            Command::Directory { at, .. } => restamp(at, None),
        }
        moved.then_some(command)
    }
}
