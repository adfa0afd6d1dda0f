//! What would become of a command: the gate's own judgement, with nothing kept.

use jiff::Timestamp;
use sync::model::directory::Directory;

use crate::command::{Command, CommandError, Ground, write};
use crate::replica::Replica;

/// Judges a command that makes a record, under a directory that may have entries not written yet.
pub(super) fn judge(
    replica: &Replica,
    directory: &Directory,
    command: &Command,
    now: Timestamp,
) -> Result<(), CommandError> {
    let identity = replica.identity();
    let ground = Ground {
        tenant: identity.tenant,
        device: identity.device,
        user: &identity.user,
        key: &replica.keys().signing,
        epoch: identity.epoch,
        directory,
        now,
        again: false,
    };
    write(&ground, command, None, None).map(|_| ())
}
