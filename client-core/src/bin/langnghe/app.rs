//! What every command has: the folder, the post asked for, and the way its result is printed.

use std::path::PathBuf;

use client_core::desk::Desk;
use client_core::replica::Replica;
use client_core::syncer;
use client_core::transport::HttpTransport;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use sync::model::time::truncate;

use crate::edge;
use crate::fault::Fault;
use crate::pin;

/// The global arguments.
#[derive(Debug)]
pub struct App {
    pub home: PathBuf,
    pub json: bool,
    pub post: Option<String>,
}

/// A replica opened for one command, and the time by which it is done.
#[derive(Debug)]
pub struct Opened {
    pub replica: Replica,
    /// The device's clock, put right by what was learnt from the server.
    pub now: Timestamp,
    post: Option<String>,
    random: fn(&mut [u8]),
}

impl App {
    /// Opens the replica.
    pub fn open(&self) -> Result<Opened, Fault> {
        let replica = pin::open(&self.home)?;
        let now = truncate(replica.clock(edge::clock())?);
        Ok(Opened { replica, now, post: self.post.clone(), random: edge::random })
    }

    /// Speaks with the server. A device that learns that it was shut out hands over what it has not sent and forgets
    /// everything; from then on every command says so.
    pub fn contact<T>(
        &self,
        mut replica: Replica,
        talk: impl FnOnce(&mut Replica, &mut HttpTransport) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut transport = HttpTransport::new(&replica.identity().url);
        match talk(&mut replica, &mut transport) {
            Err(Fault::Sync(error)) if error.is_revoked() => {
                Err(syncer::leave(replica, &mut transport, &edge::clock).map_err(Fault::Leaving)?.into())
            }
            done => done,
        }
    }

    /// Prints a result: as one JSON value, or for people.
    pub fn show<T: Serialize>(&self, value: &T, for_people: impl FnOnce(&T) -> String) {
        if self.json {
            // Values are made of texts, numbers and lists: they always have a JSON form.
            edge::print(&format!("{}\n", serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())));
        } else {
            edge::print(&for_people(value));
        }
    }
}

impl Opened {
    /// Where what was typed is done.
    pub fn desk(&mut self) -> Desk<'_> {
        Desk::new(&mut self.replica, self.now, self.post.clone(), &mut self.random)
    }

    /// The post asked for.
    pub fn wanted_post(&self) -> Option<&str> {
        self.post.as_deref()
    }

    /// Past the lease a list has only what has not been sent: whoever reads it is told beside it.
    pub fn say_what_is_hidden(&self) -> Result<(), Fault> {
        if self.replica.lease(self.now)?.expired {
            edge::note(
                "quá hạn liên lạc với máy chủ: hồ sơ cũ tạm ẩn đến lần đồng bộ tới, dưới đây chỉ có việc chưa gửi",
            );
        }
        Ok(())
    }

    /// The tenant's zone.
    pub fn zone(&self) -> &TimeZone {
        self.replica.directory().zone()
    }
}
