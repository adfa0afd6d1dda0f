//! What a replica is and how it stands with the server.

use jiff::Timestamp;
use serde::Serialize;
use sync::id::{DeviceId, TenantId};
use sync::model::time::rfc3339;

use super::error::ViewError;
use super::name;
use crate::replica::Replica;

/// Until when old records are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LeaseView {
    /// RFC 3339; none before the first contact.
    pub until: Option<String>,
    /// They are hidden until the next contact.
    pub expired: bool,
}

/// Who this is, and what waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct StatusView {
    pub user: String,
    pub user_name: String,
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub device: DeviceId,
    /// Codes of the posts held today.
    pub posts: Vec<String>,
    pub post_names: Vec<String>,
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub tenant: TenantId,
    pub tenant_name: String,
    pub url: String,
    /// Changes not sent yet.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub pending: u64,
    /// Changes that the server did not take and that wait for their author.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub refused: u64,
    /// RFC 3339; none before the first.
    pub last_sync: Option<String>,
    pub lease: LeaseView,
    /// Records on this device, the directory among them.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub records: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub petitions: u64,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub sessions: u64,
    /// Whether a PIN opens this replica.
    pub pin: bool,
    /// By how many seconds the device's clock is ahead of the server's, where that is too much; less than none: behind.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub clock_off: Option<i64>,
    /// Sealed petitions that the user is entrusted with and this device cannot open yet.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub unopened: u64,
}

/// The status now.
pub fn status(replica: &Replica, now: Timestamp) -> Result<StatusView, ViewError> {
    let count = |sql: &str| -> Result<u64, ViewError> {
        let n: i64 = replica.connection().query_row(sql, [], |row| row.get(0))?;
        Ok(u64::try_from(n).unwrap_or(0))
    };
    let waits = replica.totals()?;
    let directory = replica.directory();
    let identity = replica.identity();
    let user = name::user(directory, &identity.user);
    let posts = replica.posts(now);
    let lease = replica.lease(now)?;
    let until = lease.until.map(|t| rfc3339(t, directory.zone()));
    Ok(StatusView {
        user: user.code,
        user_name: user.name,
        device: identity.device,
        posts: posts.iter().map(|p| p.code.clone()).collect(),
        post_names: posts.iter().map(|p| p.name.clone()).collect(),
        tenant: identity.tenant,
        tenant_name: identity.tenant_name.clone(),
        url: identity.url.clone(),
        pending: waits.pending,
        refused: waits.refused,
        last_sync: replica.last_sync()?.map(|t| rfc3339(t, directory.zone())),
        lease: LeaseView { until, expired: lease.expired },
        records: count("SELECT count(*) FROM record")?,
        petitions: count("SELECT count(*) FROM petition")?,
        sessions: count("SELECT count(*) FROM session")?,
        pin: replica.has_pin(),
        clock_off: replica.clock_off()?.map(|off| off.as_secs()),
        unopened: replica.unopened()?,
    })
}
