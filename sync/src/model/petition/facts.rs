//! What a petition says, written once at its creation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CategoryId, EventId, OfficeId, PostId, RecordId, UnitId};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// Their words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word used in documents, flags and JSON.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// Reads that word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use named;

named!(
    /// What the law calls it.
    Kind {
        /// *Phản ánh.*
        Feedback = "feedback",
        /// *Kiến nghị.*
        Proposal = "proposal",
        /// *Khiếu nại* (Law on Complaints 02/2011/QH13).
        Complaint = "complaint",
        /// *Tố cáo* (Law on Denunciations 25/2018/QH14).
        Denunciation = "denunciation",
        /// Several kinds in one; to be split by content.
        Mixed = "mixed",
    }
);

named!(
    /// How it was heard; the kinds of session.
    Channel {
        /// *Đối thoại.*
        Dialogue = "dialogue",
        /// *Tiếp công dân.*
        Reception = "reception",
        /// *Thăm, tiếp xúc hộ dân.*
        Visit = "visit",
        /// *Tiếp xúc cử tri.*
        VoterContact = "voter-contact",
        /// *Sinh hoạt chi bộ.*
        CellMeeting = "cell-meeting",
        /// *Đơn, thư, hòm thư góp ý.*
        Letter = "letter",
        /// *Đường dây nóng.*
        Hotline = "hotline",
    }
);

/// Where an imported petition came from. (name, key) names a row for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The register's name.
    pub name: String,
    /// The row's key in it.
    pub key: String,
}

/// The facts. Later values come from `classify` and `correct` events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the law calls it.
    pub kind: Kind,
    /// Subject matter, when known.
    pub category: Option<CategoryId>,
    /// Commune.
    pub unit: UnitId,
    /// Hamlet inside it.
    pub hamlet: Option<UnitId>,
    /// How it was heard.
    pub channel: Channel,
    /// The person's words.
    pub text: String,
    /// Where the matter is, in words.
    pub place: Option<String>,
    /// Cannot wait.
    pub urgent: bool,
    /// How many people speak together; none for one voice.
    pub collective: Option<u32>,
    /// The session it was raised in.
    pub session: Option<RecordId>,
    /// Who spoke, by id only; the identity itself is kept apart.
    pub petitioner: Option<EventId>,
    /// When it was logged, by the device's clock.
    pub at: Timestamp,
    /// The clock's first word when `at` had to be corrected by a learnt offset.
    pub stamped: Option<Timestamp>,
    /// The post that logged it.
    pub by: PostId,
    /// The petition it was split from.
    pub split_from: Option<RecordId>,
    /// Set when it came from a register of before.
    pub source: Option<Source>,
    /// Sealed: the office whose entrusted handlers alone may read its words and know who spoke. Its words, place, hamlet,
    /// session and author are not here then, but lie beside it, see [`crate::identity`].
    pub sealed: Option<OfficeId>,
    /// When its words were taken out, because a person asked for it: see [`super::without_words`].
    pub erased: Option<Timestamp>,
}

impl Facts {
    /// What every petition has; all else is left open.
    pub fn new(
        kind: Kind,
        unit: impl Into<UnitId>,
        channel: Channel,
        text: impl Into<String>,
        at: Timestamp,
        by: impl Into<PostId>,
    ) -> Self {
        Self {
            kind,
            category: None,
            unit: unit.into(),
            hamlet: None,
            channel,
            text: text.into(),
            place: None,
            urgent: false,
            collective: None,
            session: None,
            petitioner: None,
            at,
            stamped: None,
            by: by.into(),
            split_from: None,
            source: None,
            sealed: None,
            erased: None,
        }
    }
}
