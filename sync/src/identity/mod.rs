//! Who spoke. Never in a document and never in a projection: a version of it travels and lies sealed, under a key of its
//! own that is locked for those who may read it, so that it can be forgotten.
//!
//! Of a sealed petition its words lie the same way, under the petition's own id in the place of a person's, and the keys of
//! both are locked for the devices of those who are entrusted with it.

mod origin;
mod person;
mod purpose;
mod version;
mod words;

pub use origin::{Origin, OriginClaim};
pub use person::{Consent, MAX_ADDRESS_BYTES, MAX_NAME_BYTES, MAX_PHONE_BYTES, Person, PersonFault};
pub use purpose::{MAX_NOTE_BYTES, Purpose};
pub use version::{DataKey, IdentityClaim, MAX_AFTER, MAX_BODY_BYTES, MAX_WORDS_BYTES, Version};
pub use words::{Words, WordsFault};
