//! What every command has: the folder, the post asked for, and the way its result is printed.

use std::path::PathBuf;

use client_core::replica::Replica;
use client_core::syncer;
use client_core::transport::HttpTransport;
use client_core::view;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Serialize;
use sync::code::Reading;
use sync::id::{PostId, RecordId};
use sync::model::petition::Kind;
use sync::model::time::{local_date, truncate};

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
pub struct Desk {
    pub replica: Replica,
    /// The device's clock, put right by what was learnt from the server.
    pub now: Timestamp,
}

impl App {
    /// Opens the replica.
    pub fn open(&self) -> Result<Desk, Fault> {
        let replica = pin::open(&self.home)?;
        let now = truncate(replica.clock(edge::clock())?);
        Ok(Desk { replica, now })
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

    /// The post asked for.
    pub fn wanted_post(&self) -> Option<&str> {
        self.post.as_deref()
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

impl Desk {
    /// A new id, at the time of the command.
    pub fn new_id(&self) -> uuid::Uuid {
        edge::new_id(self.now)
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

    /// The local day of an instant.
    pub fn day(&self, at: Timestamp) -> Date {
        local_date(at, self.zone())
    }

    /// `--at`: RFC 3339, or local `YYYY-MM-DDTHH:MM`, or a day; now when absent.
    pub fn at(&self, text: Option<&String>) -> Result<Timestamp, Fault> {
        text.map_or(Ok(self.now), |text| read_time(text, self.zone()))
    }

    /// A petition named by its UUID or its short code.
    pub fn petition(&self, text: &str) -> Result<RecordId, Fault> {
        if let Ok(id) = text.trim().parse::<RecordId>() {
            return Ok(id);
        }
        let code = match sync::code::read(text) {
            Reading::Code(code) => code,
            Reading::Mistyped => return Err(Fault::Mistyped(text.to_owned())),
            Reading::NotACode => return Err(Fault::NotAnId(text.to_owned())),
        };
        match view::records_by_code(&self.replica, &code)?.as_slice() {
            [one] => Ok(*one),
            [] => Err(Fault::NoCode(code)),
            several => Err(Fault::AmbiguousCode { code, ids: several.to_vec() }),
        }
    }

    /// A session named by its UUID.
    pub fn session(&self, text: &str) -> Result<RecordId, Fault> {
        text.trim().parse().map_err(|_| Fault::NotASession(text.to_owned()))
    }

    /// A post by its code, on a day.
    pub fn post_by_code(&self, code: &str, day: Date) -> Result<PostId, Fault> {
        let mut posts = self.replica.directory().posts().filter(|p| p.code == code || p.id.as_str() == code);
        let post = posts.find(|p| p.valid.contains(day)).map(|p| p.id.clone());
        post.ok_or_else(|| Fault::NoPost(code.to_owned()))
    }
}

/// The denouncer's identity is secret by law (Law on Denunciations 25/2018/QH14, Article 8): an ordinary petition is not made
/// a denunciation.
pub fn ordinary(kind: Kind) -> Result<Kind, Fault> {
    if kind == Kind::Denunciation { Err(Fault::Denunciation) } else { Ok(kind) }
}

/// An instant as people type it.
pub fn read_time(text: &str, zone: &TimeZone) -> Result<Timestamp, Fault> {
    let wrong = || Fault::NotATime(text.to_owned());
    let trimmed = text.trim();
    if let Ok(at) = trimmed.parse::<Timestamp>() {
        return Ok(truncate(at));
    }
    // An offset that is not understood must not be passed over.
    if trimmed.contains(['Z', 'z', '+', '[']) {
        return Err(wrong());
    }
    let local: DateTime = trimmed.parse().map_err(|_| wrong())?;
    Ok(truncate(local.to_zoned(zone.clone()).map_err(|_| wrong())?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_unless_they_say_otherwise() {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone");
        let read = |text: &str| read_time(text, &zone).ok().map(|t| t.to_string());
        assert_eq!(read("2026-11-23").as_deref(), Some("2026-11-22T17:00:00Z"));
        assert_eq!(read("2026-11-23T08:30").as_deref(), Some("2026-11-23T01:30:00Z"));
        assert_eq!(read("2026-11-23 08:30:15").as_deref(), Some("2026-11-23T01:30:15Z"));
        assert_eq!(read("2026-11-23T08:30:00+07:00").as_deref(), Some("2026-11-23T01:30:00Z"));
        assert_eq!(read("2026-11-23T08:30:00Z").as_deref(), Some("2026-11-23T08:30:00Z"));
        for wrong in ["", "hôm qua", "23/11/2026", "2026-13-01", "2026-11-23T08:30+99"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
