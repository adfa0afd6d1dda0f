//! Short tokens: a device that has signed once may read for some minutes without signing, as a browser's page and its
//! WebSocket must. They are good for reading only, and worth nothing once their device is shut out.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use sync::id::DeviceId;

use super::Problem;

/// How long a token is good for.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(10);

const VERSION: u8 = 1;
/// Version, device, end in milliseconds since 1970.
const SAID_BYTES: usize = 1 + 16 + 8;

/// Under a key of the server that is kept apart from the database.
fn mac(key: &[u8; 32], said: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"langnghe token 1\n");
    mac.update(said);
    Some(mac)
}

/// A token for a device, and when it ends.
pub fn issue_token(key: &[u8; 32], device: DeviceId, now: Timestamp) -> Option<(String, Timestamp)> {
    let end = now.checked_add(TOKEN_LIFE).ok()?;
    let mut bytes = vec![VERSION];
    bytes.extend(device.as_bytes());
    bytes.extend(end.as_millisecond().to_be_bytes());
    let mac = mac(key, &bytes)?.finalize().into_bytes();
    bytes.extend(mac);
    Some((BASE64URL_NOPAD.encode(&bytes), end))
}

/// Whose token it is, while it is good.
pub fn read_token(key: &[u8; 32], token: &str, now: Timestamp) -> Result<DeviceId, Problem> {
    let altered = || Problem::unauthorized("bad-token", "this is no token of this server; ask for a new one, signed");
    let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).map_err(|_| altered())?;
    let (said, sum) = bytes.split_at_checked(SAID_BYTES).ok_or_else(altered)?;
    let mac = mac(key, said).ok_or_else(altered)?;
    mac.verify_slice(sum).map_err(|_| altered())?;
    let (device, end) = said[1..].split_at(16);
    let (Ok(device), Ok(end)) = (<[u8; 16]>::try_from(device), <[u8; 8]>::try_from(end)) else { return Err(altered()) };
    if said[0] != VERSION {
        return Err(altered());
    }
    if i64::from_be_bytes(end) <= now.as_millisecond() {
        return Err(Problem::unauthorized("token-expired", "the token has ended; ask for a new one, signed"));
    }
    Ok(DeviceId::from_bytes(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId(uuid::Uuid::from_bytes([3; 16]));

    #[test]
    fn a_token_is_its_devices_for_ten_minutes_and_cannot_be_altered() {
        let now = Timestamp::from_second(1_800_000_000).expect("a time");
        let at = |seconds: i64| now.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
        let (token, end) = issue_token(&[7; 32], DEVICE, now).expect("a token");
        assert_eq!(end, at(600));
        let read = |key: u8, token: &str, at| read_token(&[key; 32], token, at).map_err(|p| p.kind().to_owned());
        assert_eq!(read(7, &token, at(599)), Ok(DEVICE));
        assert_eq!(read(7, &token, at(600)), Err("token-expired".to_owned()));
        assert_eq!(read(8, &token, now), Err("bad-token".to_owned()));
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).expect("bytes");
        for place in 0..bytes.len() {
            let mut other = bytes.clone();
            other[place] ^= 1;
            assert_eq!(read(7, &BASE64URL_NOPAD.encode(&other), now), Err("bad-token".to_owned()), "byte {place}");
            assert!(read(7, &BASE64URL_NOPAD.encode(&bytes[..place]), now).is_err());
        }
    }
}
