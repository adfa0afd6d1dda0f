//! What a sync has done.

use serde::Serialize;

/// What a sync has done; counts are of changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Acknowledged by the server.
    pub pushed: u64,
    /// Come from others.
    pub pulled: u64,
    /// Refused in this sync.
    pub refused: u64,
    /// Still waiting to be acknowledged.
    pub pending: u64,
    /// Of those who spoke, how many writings down the server has taken; no changes.
    pub persons: u64,
    /// Sealed petitions among what was acknowledged.
    pub sealed: u64,
    /// Parts of sealed petitions opened for others who are entrusted with them.
    pub reopened: u64,
    /// Sealed petitions whose words have come.
    pub opened: u64,
    /// Parts that the recovery key at hand does not open.
    #[serde(skip)]
    pub passed_over: u64,
    /// HTTP requests.
    pub requests: u64,
    /// Bytes of bodies sent, as they travel.
    pub bytes_up: u64,
    /// Bytes of bodies received, as they travel.
    pub bytes_down: u64,
}
