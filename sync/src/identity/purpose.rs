//! What somebody wants to know for who spoke. It is written down with every reading.

use serde::{Deserialize, Serialize};

use crate::model::petition::named;

/// A note beside it is no longer than this.
pub const MAX_NOTE_BYTES: usize = 400;

named!(
    /// What it is read for.
    Purpose {
        /// To take up the petition, or look at it again.
        Handle = "handle",
        /// To bring the person the answer.
        Answer = "answer",
        /// To ask the person what was meant.
        Clarify = "clarify",
        /// To see whether the person said it, or is who was told.
        Verify = "verify",
        /// To put right what is written down of the person.
        Correct = "correct",
        /// Because the person asks what is kept of them.
        OwnRequest = "own-request",
        /// Because an authority may ask by law; the note names its paper.
        Authority = "authority",
        /// To carry over into a list, with the right to it.
        Export = "export",
    }
);
