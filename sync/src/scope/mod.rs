//! Pure rules: which feeds hold a record, and who may do what.

mod authority;
mod devices;
mod feeds;
mod rights;
mod sealed;

pub use authority::{Denied, PetitionPlace, may_administer, may_identify, may_log, may_session, may_touch};
pub use devices::{Oversight, needs_approval};
pub use feeds::{feeds_of_directory, feeds_of_petition, feeds_of_posts, feeds_of_sealed, feeds_of_session};
pub use rights::{Rule, Subject, rule, table};
pub use sealed::{may_log_sealed, may_open_sealed, sealed_handlers, sealed_office, sealed_offices_of};
