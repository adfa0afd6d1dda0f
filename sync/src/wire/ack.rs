//! What became of each pushed change.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::id::Hash;
use crate::model::petition::named;
use crate::reason::Reason;

named!(
    /// Why a change was refused. Stable: programs decide by it, people read its translation.
    RefusalCode {
        /// The signature is not the device's.
        BadSignature = "bad-signature",
        /// No readable change, or one that no honest program writes.
        BadChange = "bad-change",
        /// Larger than a change may be.
        TooLarge = "too-large",
        /// The actor's stream goes another way: a restored copy wrote it.
        ActorReused = "actor-reused",
        /// Not by these posts, not in this state.
        NotAllowed = "not-allowed",
        /// Names a unit, body, category or post that is not there.
        UnknownCode = "unknown-code",
        /// A value that cannot be.
        BadValue = "bad-value",
        /// Its time lies in the future.
        Clock = "clock",
        /// Would write again what is written once.
        Immutable = "immutable",
        /// Stands on a change that was refused.
        Ancestor = "ancestor",
        /// The record is not there, or not for this device.
        NoRecord = "no-record",
        /// Written by a newer program: wait for the server's upgrade.
        Upgrade = "upgrade",
        /// The directory would contradict itself.
        BadDirectory = "bad-directory",
    }
);

impl<C> Encode<C> for RefusalCode {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.as_str())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for RefusalCode {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        // A code of a newer server is still a refusal.
        Ok(RefusalCode::parse(d.str()?).unwrap_or(RefusalCode::BadChange))
    }
}

/// What became of one pushed change; in the order of the push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum Ack {
    /// Durable, at this place in the log.
    #[n(0)]
    Accepted {
        /// Its position.
        #[n(0)]
        position: u64,
        /// When the server took it, milliseconds since 1970.
        #[n(1)]
        received: i64,
    },
    /// Was there already, at this place.
    #[n(1)]
    Duplicate {
        /// Its position.
        #[n(0)]
        position: u64,
        /// When the server took it then.
        #[n(1)]
        received: i64,
    },
    /// Stands on changes the server does not have: send those first.
    #[n(2)]
    Waiting {
        /// Which.
        #[n(0)]
        deps: Vec<Hash>,
    },
    /// Not taken.
    #[n(3)]
    Refused {
        /// Why, for programs.
        #[n(0)]
        code: RefusalCode,
        /// Why, for people, who read it in their own language: never a petitioner's words.
        #[n(1)]
        reason: Reason,
    },
    /// The same device has written it before, under another change: what a copy of it has forgotten, or has run again
    /// because the answer was lost. Nothing is taken, and nothing need be sent again.
    #[n(4)]
    Known,
}
