//! Status: one pure fold over the set of events.
//!
//! Events are taken in causal order. One that is not legal in the state it meets stays in the history without effect,
//! with the reason. Contest is found before legality: two referrals made apart are both kept until a person decides.

mod contest;
mod corrections;
mod effect;
mod folded;
mod moment;
mod standing;
mod transition;
mod turn;

use jiff::Timestamp;

use self::contest::Contests;
use self::standing::Standing;
use self::transition::apply;
use self::turn::Turn;
use super::event::Event;
use super::facts::Facts;
use super::order::{causal_order, past_of};

pub use contest::Contest;
pub use effect::{Effect, NoEffect};
pub use folded::Folded;
pub use moment::{Clock, Current, Held, Moment};

/// Folds a petition. `counted` gives an event's counted date (its own time where nothing is known of its arrival).
pub fn fold(facts: &Facts, logged: Timestamp, events: &[Event], counted: impl Fn(&Event) -> Timestamp) -> Folded {
    let ordered: Vec<&Event> = causal_order(events).into_iter().map(|i| &events[i]).collect();
    let pasts = past_of(&ordered);
    let mut contests = Contests::among(&ordered, &pasts);
    let mut standing = Standing::logged(facts, logged);
    let mut moments = vec![standing.now.clone()];
    let mut effects = Vec::with_capacity(ordered.len());
    for (index, &event) in ordered.iter().enumerate() {
        let at = counted(event).max(standing.now.at);
        let turn = Turn { index, event, at, ordered: &ordered, past: &pasts[index] };
        contests.decide(&turn);
        let effect = match apply(&mut standing, &turn, &contests) {
            Ok(()) => Effect::Applied,
            Err(why) => Effect::None(why),
        };
        // A referral that met a finished petition still is somebody's rival: contest comes before legality.
        contests.meet(index);
        standing.now.contested = contests.any_open() && standing.now.status.is_open();
        if effect == Effect::Applied {
            standing.now.event = Some(event.id);
            standing.now.action = Some(event.action().kind());
            standing.now.at = at;
            moments.push(standing.now.clone());
        }
        effects.push((event.id, effect));
    }
    Folded {
        moments,
        effects,
        contests: contests.undecided(&ordered),
        conflicts: standing.corrections.conflicts(),
        reopened: standing.reopened,
    }
}
