//! What was said in a sealed petition. It is no part of the document: a body, the server and a list that is exported hold
//! a summary that a handler has written, and nothing else.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::person::padded;
use crate::gate::{MAX_TEXT_BYTES, MAX_WORD_BYTES};

/// Lengths are hidden up to a multiple of this.
const PADDING: usize = 1024;

/// The words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
pub struct Words {
    /// As they were said.
    #[n(0)]
    pub text: String,
    /// Where the matter is.
    #[n(1)]
    pub place: Option<String>,
}

/// Why they cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WordsFault {
    /// Nothing is said.
    #[error("nothing is said")]
    Empty,
    /// Longer than they may be, in bytes of UTF-8.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The most.
        limit: usize,
    },
}

impl Words {
    /// With what cannot be kept said.
    pub fn checked(self) -> Result<Self, WordsFault> {
        let long = |text: &str, limit| if text.len() > limit { Err(WordsFault::TooLong { limit }) } else { Ok(()) };
        if self.text.trim().is_empty() {
            return Err(WordsFault::Empty);
        }
        long(&self.text, MAX_TEXT_BYTES)?;
        long(self.place.as_deref().unwrap_or_default(), MAX_WORD_BYTES)?;
        Ok(self)
    }

    pub(super) fn to_padded(&self) -> Vec<u8> {
        padded(self, PADDING)
    }

    pub(super) fn from_padded(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}
