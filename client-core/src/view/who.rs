//! Who raised a petition, for those who may know.

use serde::Serialize;
use sync::id::{EventId, RecordId, UserId};
use sync::identity::{Consent, Origin};
use sync::model::time::{from_millis, rfc3339};
use sync::wire::RefusalCode;

use super::name;
use crate::identity::{Known, Who};
use crate::replica::Replica;

/// Who raised a petition. Absent where the user may not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct WhoView {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: EventId,
    /// Somebody has written down who it was.
    pub named: bool,
    /// It lies on this device; else the server can be asked.
    pub held: bool,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    /// What the person has agreed to; none: not asked.
    pub consent: Option<Vec<Consent>>,
    /// When it was written down, and by whom.
    pub at: Option<String>,
    pub user: Option<String>,
    pub user_name: Option<String>,
    pub pending: bool,
    /// It was written down apart, in more than one way, and nobody has decided.
    pub contested: bool,
    /// The other ways.
    pub others: Vec<OtherWho>,
    /// Why the server did not say.
    pub denied: Option<String>,
    /// When the person was forgotten.
    pub erased: Option<String>,
    /// The petition is sealed.
    pub sealed: bool,
    /// Where, when and by whom a sealed one was heard.
    pub origin: Option<OriginView>,
}

/// What an ordinary petition says openly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct OriginView {
    pub hamlet: Option<String>,
    pub hamlet_name: Option<String>,
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub session: Option<RecordId>,
    pub at: Option<String>,
    pub user: String,
    pub user_name: String,
    pub post: String,
    pub post_name: String,
    /// Whether the device's signature was checked; none where its key is not known here.
    pub checked: Option<bool>,
}

fn origin(replica: &Replica, origin: &Origin, checked: Option<bool>) -> OriginView {
    let directory = replica.directory();
    let hamlet = origin.hamlet.as_ref().map(|hamlet| name::unit(directory, hamlet));
    let user = name::user(directory, &origin.user);
    let post = name::post(directory, &origin.post);
    OriginView {
        hamlet: hamlet.as_ref().map(|h| h.code.clone()),
        hamlet_name: hamlet.map(|h| h.name),
        session: origin.session,
        at: from_millis(origin.at).map(|t| rfc3339(t, directory.zone())),
        user: user.code,
        user_name: user.name,
        post: post.code,
        post_name: post.name,
        checked,
    }
}

/// The same, as somebody else has written it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct OtherWho {
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub consent: Option<Vec<Consent>>,
    pub at: Option<String>,
    pub user: String,
    pub user_name: String,
}

/// Codes and names for what was looked up.
pub fn who(replica: &Replica, who: Who) -> WhoView {
    let directory = replica.directory();
    let time = |known: &Known| from_millis(known.at).map(|t| rfc3339(t, directory.zone()));
    let user = |known: &Known| name::user(directory, &UserId(known.user.clone()));
    let latest = who.present.first();
    let person = latest.map(|known| known.person.clone()).unwrap_or_default();
    let others = who.present.iter().skip(1).map(|known| {
        let by = user(known);
        let person = known.person.clone();
        OtherWho {
            name: person.name,
            phone: person.phone,
            address: person.address,
            consent: person.consent,
            at: time(known),
            user: by.code,
            user_name: by.name,
        }
    });
    WhoView {
        id: who.identity,
        named: who.named,
        held: latest.is_some(),
        name: person.name,
        phone: person.phone,
        address: person.address,
        consent: person.consent,
        at: latest.and_then(time),
        user: latest.map(|known| user(known).code),
        user_name: latest.map(|known| user(known).name),
        pending: who.present.iter().any(|known| known.pending),
        contested: who.present.len() > 1,
        others: others.collect(),
        sealed: who.sealed,
        origin: person.origin.as_ref().map(|o| origin(replica, o, latest.and_then(|known| known.checked))),
        erased: who.erased.and_then(from_millis).map(|t| rfc3339(t, directory.zone())),
        denied: who.denied.map(|why| why.line(RefusalCode::NotAllowed)),
    }
}
