//! Who a replica is: what enrolment gave it.

use sync::id::{DeviceId, Epoch, TenantId, UserId};
use sync::wire::EnrollResponse;

use super::keys::DeviceKeys;

/// Who a replica is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// This device.
    pub device: DeviceId,
    /// Its user's id in the directory.
    pub user: UserId,
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: String,
    /// The server's address, without a slash at the end.
    pub url: String,
    /// The key under which the server signs receipts.
    pub receipt_key: [u8; 32],
    /// The present life of this database: new changes are written under it.
    pub epoch: Epoch,
}

/// What [`super::Replica::create`] needs.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// The device's keys.
    pub keys: DeviceKeys,
    /// What the server answered.
    pub enrolled: EnrollResponse,
    /// The server's address.
    pub url: String,
    /// 16 random bytes.
    pub epoch: Epoch,
}
