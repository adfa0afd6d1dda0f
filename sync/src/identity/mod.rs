//! Who spoke. Never in a document and never in a projection: a version of it travels and lies sealed, under a key of its
//! own that is locked for those who may read it, so that it can be forgotten.

mod person;
mod purpose;
mod version;

pub use person::{Consent, MAX_ADDRESS_BYTES, MAX_NAME_BYTES, MAX_PHONE_BYTES, Person, PersonFault};
pub use purpose::{MAX_NOTE_BYTES, Purpose};
pub use version::{DataKey, IdentityClaim, MAX_AFTER, MAX_BODY_BYTES, Version};
