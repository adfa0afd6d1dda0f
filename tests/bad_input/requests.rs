//! Requests that are no requests.

use minicbor::bytes::ByteArray;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use sync::id::{DeviceId, ServerEpoch, TenantId};
use sync::wire::{Cursor, MAX_REQUEST_BYTES, PROTOCOL_VERSION, Shown, SyncRequest};

use super::Office;
use super::support::{Answer, Device, Problem, Push, now_millis, number, post};

const TWO_YEARS_MILLIS: i64 = 2 * 365 * 24 * 3600 * 1000;

fn bytes_of(request: &SyncRequest) -> Vec<u8> {
    minicbor::to_vec(request).expect("CBOR")
}

/// A whole, honest request with a petition in it.
fn honest(device: &Device) -> Vec<u8> {
    let record = device.record();
    let (_, written) = device.petition(record, &device.facts("cb-30904", "30904", "Một lời thật"));
    let mut push = Push::default();
    device.add(&mut push, record, &written);
    bytes_of(&device.request_with(push))
}

#[test]
fn random_and_cut_requests_are_refused_and_leave_nothing() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 1);
    let mut chance = StdRng::seed_from_u64(20_261_123);
    for length in [0, 1, 4, 33, 500, 70_000] {
        let mut garbage = vec![0; length];
        chance.fill_bytes(&mut garbage);
        // Not signed: whoever it is, it is not let in, and the body is not even looked at.
        let (status, media_type, answer) = post(office.server.url(), "/v1/sync", &[], &garbage);
        let problem = Problem::read(status, &media_type, &answer);
        assert_eq!((status, problem.kind.as_str()), (401, "unsigned"));
        // Signed by an enrolled device: let in, and not readable.
        let problem = device.problem(&garbage);
        assert_eq!((problem.status, problem.kind.as_str()), (400, "frame"), "{length} bytes");
        // A content coding that is not what it says.
        let mut headers = device.signed("POST", "/v1/sync", now_millis(), &garbage);
        headers.push(("content-encoding", "zstd".to_owned()));
        let (status, media_type, answer) = post(office.server.url(), "/v1/sync", &headers, &garbage);
        // No bytes at all are no bytes in zstd either: then there is no request in them.
        let kind = Problem::read(status, &media_type, &answer).kind;
        assert!(status == 400 && ["coding", "frame"].contains(&kind.as_str()), "{length} bytes: {status} {kind}");
    }
    let whole = honest(&device);
    for cut in [1, 2, 20, whole.len() / 2, whole.len() - 65, whole.len() - 1] {
        assert_eq!(device.problem(&whole[..cut]).kind, "frame", "cut after {cut} of {}", whole.len());
    }
    // One wrong letter anywhere: refused as a whole, or that one change is; the change itself is never half taken.
    for _ in 0..40 {
        let mut wrong = whole.clone();
        let place = chance.random_range(0..wrong.len());
        wrong[place] ^= chance.random_range(1..=255u8);
        match device.send_bytes(&wrong, now_millis()) {
            Answer::Problem(problem) => assert_eq!(problem.status, 400, "{}", problem.json),
            Answer::Frames(frames) => {
                let acks = frames.iter().flat_map(|f| f.acks.iter().flatten());
                let taken = acks.filter(|a| matches!(a, sync::wire::Ack::Accepted { .. })).count();
                assert_eq!(taken, 0, "byte {place} changed and still taken");
            }
        }
    }
    office.assert_unharmed();
}

#[test]
fn another_version_another_tenant_and_too_much_are_told_apart() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 2);
    let newer = SyncRequest { version: PROTOCOL_VERSION + 1, ..device.request() };
    let problem = device.problem(&bytes_of(&newer));
    assert_eq!((problem.status, problem.kind.as_str()), (400, "version"));
    for tenant in [None, Some(TenantId::from_bytes([9; 16]))] {
        let problem = device.problem(&bytes_of(&SyncRequest { tenant, ..device.request() }));
        assert_eq!((problem.status, problem.kind.as_str()), (400, "tenant"));
    }
    // A few bytes that would unfold into more than a request may have.
    let bomb = zstd::encode_all(vec![0; MAX_REQUEST_BYTES + 1].as_slice(), 1).expect("zstd");
    let mut headers = device.signed("POST", "/v1/sync", now_millis(), &bomb);
    headers.push(("content-encoding", "zstd".to_owned()));
    let (status, media_type, answer) = post(office.server.url(), "/v1/sync", &headers, &bomb);
    assert_eq!((status, Problem::read(status, &media_type, &answer).kind.as_str()), (413, "too-large"));
    office.assert_unharmed();
}

#[test]
fn a_device_whose_clock_is_two_years_ahead_learns_the_time() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 3);
    let body = bytes_of(&device.request());
    let before = now_millis();
    let Answer::Problem(problem) = device.send_bytes(&body, before + TWO_YEARS_MILLIS) else {
        panic!("a request of the future was taken")
    };
    assert_eq!((problem.status, problem.kind.as_str()), (401, "stale"));
    // What it needs to put itself right, and to sign again.
    let server_time = problem.json["server_time"].as_i64().expect("the server's clock");
    assert!((before..=now_millis()).contains(&server_time), "{server_time}");
    assert!(matches!(device.send_bytes(&body, server_time), Answer::Frames(_)));
    office.assert_unharmed();
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 4);
    let body = bytes_of(&device.request());
    let send = |headers: &[(&str, String)], body: &[u8]| {
        let (status, media_type, answer) = post(office.server.url(), "/v1/sync", headers, body);
        let problem = Problem::read(status, &media_type, &answer);
        assert_eq!(status, 401, "{}", problem.json);
        problem.kind
    };
    // Signed for another body than the one that came.
    let headers = device.signed("POST", "/v1/sync", now_millis(), b"something else");
    assert_eq!(send(&headers, &body), "bad-signature");
    // By nobody who is enrolled.
    let mut headers = device.signed("POST", "/v1/sync", now_millis(), &body);
    headers[0].1 = uuid::Uuid::from_bytes([7; 16]).to_string();
    assert_eq!(send(&headers, &body), "unknown-device");
    office.server.run(&["device", "list"]);
    let args = ["device", "revoke", &device.id.to_string()];
    assert_eq!(office.server.run(&args)["revoked"], true);
    assert_eq!(device.problem(&body).kind, "revoked");
    // Lan's other device works on.
    assert_eq!(number(&office.lan.sync(), "refused"), 0);
    let (status, media_type, answer) = post(office.server.url(), "/v1/nothing", &[], b"");
    assert_eq!((status, Problem::read(status, &media_type, &answer).kind.as_str()), (404, "not-found"));
    office.assert_unharmed();
}

/// Cursors that no server has given, shown as if one had: the server neither signs them nor begins another life for them.
#[test]
fn a_cursor_that_was_made_up_moves_nothing() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "hung", 77);
    let (_, honest) = device.pull();
    let tenant: TenantId = office.server.tenant().parse().expect("a tenant");
    for position in [1 << 40, (1 << 53) - 1, u64::MAX >> 1, u64::MAX] {
        // With nothing but a push to come, a cursor of another life, and a fill that has none.
        let foreign = Cursor { server_epoch: ServerEpoch::from_bytes([0x5a; 16]), position, ..honest };
        let request = SyncRequest { cursor: Some(foreign), only_push: Some(true), ..device.request() };
        for mut frames in [device.send(&request), device.send(&device.request())] {
            let hello = frames[0].hello.clone().expect("it says who speaks");
            let frame = frames.remove(0);
            assert!(frame.cursor.is_none_or(|c| c.position <= honest.position), "{frame:?}");
            let claim = frame.claim(tenant, hello.server_epoch, DeviceId(device.uuid()));
            let receipt = frame.receipt.expect("a receipt");
            let shown = Some(Shown { frame: ByteArray::from(claim.frame), root: frame.root, receipt });
            let cursor = Some(Cursor { position, ..honest });
            let problem = device.problem(&bytes_of(&SyncRequest { cursor, shown, ..device.request() }));
            assert_eq!((problem.status, problem.kind.as_str()), (409, "behind"));
        }
    }
    let (_, after) = device.pull();
    assert_eq!(after, honest, "the server lives on as it did");
    office.assert_unharmed();
}
