//! Forgetting: who somebody was, and what was said. Each works beside a running server; devices are told at their next contact,
//! and a copy of the database that is put back forgets again, by the journal or by what devices were told.

mod again;
mod person;
mod words;

pub use again::erase_again;
pub use person::{PersonErased, erase_person};
pub use words::{WordsErased, erase_words};
