//! Views: what a screen shows of the local replica. Lists read typed columns; one record is read from its document.
//!
//! Codes stand where people type them (`unit`, `body`, `category` …), names beside them (`unit_name` …).

mod acting;
mod choices;
pub mod code;
mod error;
mod filter;
pub mod name;
mod petition_list;
mod petition_show;
mod refused;
mod said;
mod sending;
mod session;
mod status;
pub mod when;
mod who;
pub mod word;

pub use acting::{Acting, ActingError, Wish, acting};
pub use choices::{
    BodyChoice, CategoryChoice, Choices, PostChoice, Suggested, UnitChoice, WordChoice, choices, suggested_bodies,
};
pub use error::ViewError;
pub use filter::PetitionFilter;
pub use petition_list::{Page, PetitionRow, petition_row, petitions, records_by_code};
#[cfg(feature = "ts")]
pub use petition_show::EventSays;
#[cfg(feature = "export")]
pub(crate) use petition_show::ReadPetition;
pub(crate) use petition_show::read_petition;
pub use petition_show::{EventView, PetitionDetail, petition};
pub use refused::{RefusedView, refused};
pub use said::said;
pub use sending::Sending;
pub use session::{SessionDetail, SessionEventView, SessionPlace, SessionRow, session, session_place, sessions};
pub use status::{LeaseView, StatusView, status};
pub use who::{OriginView, OtherWho, WhoView, who};

#[cfg(test)]
pub(crate) mod tests;
