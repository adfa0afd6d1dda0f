//! What a device was told to forget, and this server has lost: taken in before anything else of the request is served.

use sync::wire::SyncRequest;

use super::state::App;
use crate::erase::erase_again;
use crate::error::ServerError;
use crate::ingest::Contact;
use crate::keys::system;

pub(super) async fn forget_again(app: &App, request: &SyncRequest, contact: &Contact) -> Result<(), ServerError> {
    let Some(brought) = request.tombstones.clone() else { return Ok(()) };
    let (here, device, proven) = (app.clone(), contact.device.clone(), contact.proven.clone());
    app.read(move |conn| erase_again(here.data(), conn, &device, &brought, &proven, here.now(), &mut system)).await
}
