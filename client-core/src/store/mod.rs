//! The tables of a replica. Readers take `&Connection`, writers `&Transaction`.

pub(crate) mod departed;
pub(crate) mod device;
pub(crate) mod directory;
pub(crate) mod drafts;
pub(crate) mod erased;
pub(crate) mod identities;
pub(crate) mod meta;
pub(crate) mod proofs;
pub(crate) mod pseudonyms;
pub(crate) mod receipts;
pub(crate) mod record;
pub(crate) mod reopened;
pub(crate) mod rows;
mod rows_petition;
mod rows_session;
pub(crate) mod unopenable;
pub(crate) mod words;
