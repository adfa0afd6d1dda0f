//! What the app's screens ask of a replica: every call by its name, JSON in and JSON out, over the [desk](crate::desk) and
//! the [views](crate::view). In a browser a Worker carries the calls; another platform may carry them otherwise.

mod calls;
mod fault;
mod petitions;
#[cfg(feature = "ts")]
mod typescript;

use jiff::Timestamp;

pub use calls::call;
pub use fault::Fault;
pub use petitions::{PetitionsForm, PetitionsShown};
#[cfg(feature = "ts")]
pub use typescript::typescript;

use crate::desk::Desk;
use crate::replica::Replica;

/// A replica, the device's clock, and chance, for one call.
pub struct App<'a> {
    replica: &'a mut Replica,
    /// The clock, put right by what was learnt from the server.
    now: Timestamp,
    rng: &'a mut dyn FnMut(&mut [u8]),
}

impl<'a> App<'a> {
    /// `device_now`: the device's own clock; `rng` fills a buffer from the system's secure source.
    ///
    /// # Errors
    /// [`Fault`] when the replica cannot be read.
    pub fn new(
        replica: &'a mut Replica,
        device_now: Timestamp,
        rng: &'a mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, Fault> {
        let now = replica.clock(device_now)?;
        Ok(Self { replica, now, rng })
    }

    /// In the post that was asked for.
    fn desk(&mut self, post: Option<String>) -> Desk<'_> {
        Desk::new(self.replica, self.now, post, self.rng)
    }
}

impl std::fmt::Debug for App<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("now", &self.now).finish_non_exhaustive()
    }
}
