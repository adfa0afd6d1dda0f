//! Devices as people who oversee them see them, and what they may do with them.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use serde::Serialize;
use sync::id::{DeviceId, UserId};
use sync::model::directory::Directory;
use sync::model::time::{from_millis, rfc3339};

use crate::error::ServerError;
use crate::store::{self, Approval, AuditWhat, Device};

/// A device in a list. Times are RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct DeviceRow {
    pub id: DeviceId,
    /// The same.
    pub device: DeviceId,
    /// Whose: the user's code.
    pub user: String,
    pub user_name: String,
    /// What it calls itself.
    pub name: String,
    pub enrolled_at: Option<String>,
    /// The first request of the last day on which there was one.
    pub last_contact: Option<String>,
    pub state: DeviceState,
    pub approved_at: Option<String>,
    /// The user's code; none where the operator let it in, or nobody had to.
    pub approved_by: Option<String>,
    pub revoked_at: Option<String>,
}

/// Whether it may speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceState {
    /// It waits for a second person.
    Pending,
    /// It may.
    Approved,
    /// Not any more.
    Revoked,
}

impl DeviceState {
    /// Of a device.
    pub fn of(device: &Device) -> Self {
        match (&device.approval, device.revoked_at) {
            (_, Some(_)) => DeviceState::Revoked,
            (Approval::Pending, None) => DeviceState::Pending,
            (Approval::NotNeeded | Approval::Approved { .. }, None) => DeviceState::Approved,
        }
    }

    /// On the operator's screen.
    pub fn word(self) -> &'static str {
        match self {
            DeviceState::Pending => "chờ duyệt",
            DeviceState::Approved => "đang dùng",
            DeviceState::Revoked => "đã thu hồi",
        }
    }
}

impl DeviceRow {
    /// As a list shows it.
    pub fn of(device: &Device, directory: &Directory) -> Self {
        let time = |ms: i64| from_millis(ms).map(|t| rfc3339(t, directory.zone()));
        let code = |user: &UserId| directory.user(user).map_or_else(|| user.0.clone(), |u| u.code.clone());
        let (approved_at, approved_by) = match &device.approval {
            Approval::Approved { at, by } => (time(*at), by.as_ref().map(code)),
            Approval::NotNeeded | Approval::Pending => (None, None),
        };
        Self {
            id: device.id,
            device: device.id,
            user: code(&device.user),
            user_name: directory.user(&device.user).map(|u| u.name.clone()).unwrap_or_default(),
            name: device.name.clone(),
            enrolled_at: time(device.enrolled_at),
            last_contact: time(device.last_contact),
            state: DeviceState::of(device),
            approved_at,
            approved_by,
            revoked_at: device.revoked_at.and_then(time),
        }
    }
}

/// Every device of people, oldest first.
pub fn device_rows(conn: &Connection, directory: &Directory) -> Result<Vec<DeviceRow>, ServerError> {
    let devices = store::devices(conn)?.into_iter().filter(|d| !d.root);
    Ok(devices.map(|d| DeviceRow::of(&d, directory)).collect())
}

/// What is decided of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may speak.
    Approve,
    /// It may speak no more.
    Revoke,
}

impl Decision {
    /// Writes it down beside the database, so that one that is put back from a copy learns of it; then in it.
    pub fn note(
        self,
        journal: &mut crate::life::Journal,
        device: DeviceId,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<(), ServerError> {
        match self {
            Decision::Approve => journal.approved(device, now.as_millisecond(), by),
            Decision::Revoke => journal.revoked(device, now.as_millisecond()),
        }
    }

    /// In the database, with a line in the audit. `by`: whose device it was decided on, or the administrator's.
    pub fn store(
        self,
        tx: &Transaction<'_>,
        device: DeviceId,
        by: &Device,
        now: Timestamp,
    ) -> Result<bool, ServerError> {
        let at = now.as_millisecond();
        let user = (!by.root).then_some(&by.user);
        let (done, what) = match self {
            Decision::Approve => (store::approve_at(tx, device, at, user)?, AuditWhat::DeviceApproved),
            Decision::Revoke => (store::revoke_at(tx, device, at)?, AuditWhat::DeviceRevoked),
        };
        if done {
            store::audit(tx, at, by, what, store::NO_RECORD, &device.to_string(), None)?;
        }
        Ok(done)
    }
}
