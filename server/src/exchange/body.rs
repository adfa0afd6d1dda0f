//! A sync request from its bytes.

use std::io::Read;

use sync::id::{ActorId, Epoch, RecordId, TenantId};
use sync::signed::SignedChange;
use sync::wire::{
    MAX_IDENTITIES, MAX_LOCKS, MAX_PROVABLE, MAX_PUSH, MAX_REQUEST_BYTES, Offered, PROTOCOL_VERSION, SyncRequest,
    Unstripper,
};

use super::Problem;
use crate::store::Device;

/// Reads a body and what it pushes, whole again.
pub fn read_body(
    tenant: TenantId,
    device: &Device,
    coding: &str,
    body: &[u8],
) -> Result<(SyncRequest, Vec<SignedChange>), Problem> {
    let decoded = decode(coding, body)?;
    let request: SyncRequest = minicbor::decode(&decoded)
        .map_err(|_| Problem::bad_request("frame", "the body is not a readable sync request"))?;
    if request.version != PROTOCOL_VERSION {
        let detail = format!(
            "the device speaks version {}, the server {PROTOCOL_VERSION}: update the older one",
            request.version
        );
        return Err(Problem::bad_request("version", detail));
    }
    if request.tenant != Some(tenant) {
        return Err(Problem::bad_request("tenant", "the device was enrolled with another tenant; check the address"));
    }
    let push = unstripped(&request, device)?;
    Ok((request, push))
}

/// Undoes the content coding, never beyond what a request may have.
fn decode(coding: &str, body: &[u8]) -> Result<Vec<u8>, Problem> {
    let too_large = || {
        Problem::new(
            413,
            "too-large",
            "The request is too large",
            format!("more than {MAX_REQUEST_BYTES} bytes when decoded; send it in parts"),
        )
    };
    let unreadable = || Problem::bad_request("coding", "the body's content coding cannot be undone");
    let mut decoded = Vec::new();
    let limit = MAX_REQUEST_BYTES as u64 + 1;
    match coding {
        "identity" => decoded.extend_from_slice(body),
        "zstd" => {
            let decoder = zstd::stream::read::Decoder::new(body).map_err(|_| unreadable())?;
            decoder.take(limit).read_to_end(&mut decoded).map_err(|_| unreadable())?;
        }
        "gzip" => {
            let decoder = flate2::read::GzDecoder::new(body);
            decoder.take(limit).read_to_end(&mut decoded).map_err(|_| unreadable())?;
        }
        _ => return Err(Problem::bad_request("coding", "the body's content coding is neither zstd nor gzip")),
    }
    if decoded.len() > MAX_REQUEST_BYTES { Err(too_large()) } else { Ok(decoded) }
}

/// The pushed changes, rebuilt whole.
fn unstripped(request: &SyncRequest, device: &Device) -> Result<Vec<SignedChange>, Problem> {
    let push = request.push.as_deref().unwrap_or_default();
    if push.len() > MAX_PUSH {
        let detail = format!("{} changes in one request; at most {MAX_PUSH}: send them in parts", push.len());
        return Err(Problem::bad_request("too-many", detail));
    }
    let offers = request.offers.as_deref().unwrap_or_default();
    let brought = offers.iter().flat_map(|o| &o.items).filter(|i| matches!(i, Offered::Change(_))).count();
    if brought > MAX_PROVABLE || offers.len() > MAX_PROVABLE {
        let detail = format!("{brought} changes brought back; at most {MAX_PROVABLE}: bring them in parts");
        return Err(Problem::bad_request("too-many", detail));
    }
    let persons = [
        request.identities.as_ref().map_or(0, Vec::len),
        request.asks.as_ref().map_or(0, Vec::len),
        request.looked.as_ref().map_or(0, Vec::len),
    ];
    let sealed = [
        request.words.as_ref().map_or(0, Vec::len),
        request.locks.as_ref().map_or(0, Vec::len),
        request.unopenable.as_ref().map_or(0, Vec::len),
    ];
    if sealed.iter().any(|n| *n > MAX_LOCKS) {
        let detail = format!("more than {MAX_LOCKS} locks or sealed words in one request; send them in parts");
        return Err(Problem::bad_request("too-many", detail));
    }
    if persons.iter().any(|n| *n > MAX_IDENTITIES) {
        let detail = format!("more than {MAX_IDENTITIES} persons in one request; send them in parts");
        return Err(Problem::bad_request("too-many", detail));
    }
    let unreadable = || Problem::bad_request("frame", "a pushed change cannot be read");
    let epochs: &[Epoch] = request.epochs.as_deref().unwrap_or_default();
    let mut unstripper = Unstripper::default();
    let mut last: Option<RecordId> = None;
    let mut changes = Vec::with_capacity(push.len());
    for pushed in push {
        let record = pushed.record.or(last).ok_or_else(unreadable)?;
        let epoch = *epochs.get(pushed.epoch as usize).ok_or_else(unreadable)?;
        let pseudonym = pushed.pseudonym.map(|key| *key);
        let actor = ActorId::derive(pseudonym.as_ref().unwrap_or(&device.key), record, epoch);
        let (bytes, _) = unstripper.rebuild(record, actor, &pushed.body).map_err(|_| unreadable())?;
        changes.push(SignedChange { record, epoch, bytes, signature: *pushed.signature, pseudonym });
        last = Some(record);
    }
    Ok(changes)
}
