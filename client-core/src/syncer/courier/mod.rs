//! Sync without a network: a device's requests in a sealed file, carried by anyone, answered by another sealed file.
//!
//! [`request`] makes the file, [`carry`] and [`forward`] bring others' files to the server, [`apply`] takes the answer in.

mod apply;
mod error;
mod kept;
mod request;
mod transit;

pub use apply::apply;
pub use error::CourierError;
pub use request::{Made, request};
pub use transit::{Carried, carry, forward};
