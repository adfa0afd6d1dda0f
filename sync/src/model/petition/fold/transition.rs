//! The table of transitions: in which status each action is legal, and where it leads.

use super::contest::Contests;
use super::effect::NoEffect;
use super::standing::Standing;
use super::turn::Turn;
use crate::model::petition::action::{Action, Field};
use crate::model::petition::status::{Finish, Status};

/// Lets an event act on the petition as it stands; why not, where it has no effect.
pub(super) fn apply(standing: &mut Standing, turn: &Turn<'_>, contests: &Contests) -> Result<(), NoEffect> {
    let status = standing.now.status;
    let (event, at) = (turn.event, turn.at);
    match event.action() {
        Action::Receive => {
            standing.require(status == Status::Logged)?;
            standing.now.status = Status::Received;
        }
        Action::Classify { kind, category } => {
            standing.require_open()?;
            if matches!(status, Status::Logged | Status::Received) {
                standing.now.status = Status::Classified;
            }
            if let Some(kind) = kind {
                standing.write(turn, Field::Kind, kind.as_str())?;
            }
            if let Some(category) = category {
                standing.write(turn, Field::Category, category.as_str())?;
            }
        }
        Action::Refer { to, with, due, .. } => {
            standing.require_open()?;
            standing.now.held.retain(|h| !turn.saw_event(h.by));
            standing.hold(to, true, event.id);
            for body in with.iter().flatten() {
                standing.hold(body, false, event.id);
            }
            standing.refer_now(at, *due);
        }
        Action::Accept => {
            standing.require(matches!(status, Status::Referred | Status::Accepted))?;
            standing.accept(turn)?;
        }
        Action::Return { .. } => {
            standing.require(matches!(status, Status::Referred | Status::Accepted))?;
            standing.let_go(turn)?;
            standing.now.status = if standing.now.held.is_empty() {
                Status::Returned
            } else if standing.now.held.iter().any(|h| h.accepted) {
                Status::Accepted
            } else {
                Status::Referred
            };
        }
        Action::Transfer { to, .. } => {
            let rival = contests.has_rival(turn.index);
            if !rival {
                standing.uncontested()?;
                standing.require(matches!(status, Status::Referred | Status::Accepted))?;
            }
            standing.require_open()?;
            match standing.let_go(turn) {
                Err(why) if !rival => return Err(why),
                _ => {}
            }
            standing.hold(to, true, event.id);
            standing.refer_now(at, None);
        }
        Action::Pause { .. } => {
            standing.uncontested()?;
            standing.require(matches!(status, Status::Referred | Status::Accepted))?;
            standing.pause(at);
        }
        Action::Resume => {
            standing.uncontested()?;
            standing.require(status == Status::Paused)?;
            standing.resume(at);
        }
        Action::Extend { until, .. } => {
            standing.uncontested()?;
            standing.require_open()?;
            standing.now.clock.given = *until;
        }
        Action::Chase { .. } | Action::Split { .. } => standing.require_open()?,
        Action::Comment { .. } => {}
        Action::Correct { field, value, .. } => standing.write(turn, *field, value)?,
        Action::Resolve { .. } => {
            if !standing.now.held.is_empty() {
                standing.uncontested()?;
            }
            standing.end(Status::Resolved, Finish::Resolved, at)?;
        }
        Action::Guide { .. } => standing.end(Status::Guided, Finish::Guided, at)?,
        Action::File { .. } => standing.end(Status::Filed, Finish::Filed, at)?,
        Action::Withdraw { .. } => standing.end(Status::Withdrawn, Finish::Withdrawn, at)?,
        Action::Duplicate { .. } => standing.end(Status::Duplicate, Finish::Duplicate, at)?,
        Action::Answer { .. } => {
            standing.require(matches!(status, Status::Resolved | Status::Guided | Status::Filed))?;
            standing.now.status = Status::Answered;
        }
        Action::Close => {
            standing.require(status.is_finished())?;
            standing.now.status = Status::Closed;
        }
        Action::Rate { satisfied, .. } => {
            standing.require(matches!(status, Status::Answered | Status::Closed))?;
            standing.now.satisfied = Some(*satisfied);
        }
        Action::Reopen { .. } => {
            standing.require(status.is_finished())?;
            standing.take_up(at);
        }
        Action::NotDuplicate { .. } => {
            standing.require(status == Status::Duplicate)?;
            standing.take_up(at);
        }
    }
    Ok(())
}
