//! `GET /v1/live`: says "there is something up to N", and only to devices that may hold it.

mod support;

use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::{Device, Json, Server, TWO_COMMUNES, number};
use sync::id::RecordId;
use sync::wire::Ack;
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

/// Nothing here takes longer, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open connection.
struct Line(WebSocket<TcpStream>);

impl Line {
    /// Opens one. The device syncs first: what it may hold is decided by its posts at a request.
    fn open(server: &Server, device: &Device) -> Self {
        device.pull();
        Self::connect(server, device.signed("GET", "/v1/live", support::now_millis(), b"")).expect("let in")
    }

    fn connect(server: &Server, headers: Vec<(&'static str, String)>) -> Result<Self, u16> {
        let mut request = format!("ws://{}/v1/live", server.address()).into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(name, value.parse().expect("a header"));
        }
        let stream = TcpStream::connect(server.address()).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                Err(answer.status().as_u16())
            }
            Err(other) => panic!("{other}"),
        }
    }

    /// The next position that is told.
    fn position(&mut self) -> u64 {
        loop {
            match self.0.read().expect("a message in time") {
                Message::Text(said) => {
                    let said: Json = serde_json::from_str(&said).expect("JSON");
                    return number(&said, "position");
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits until the server ends the connection.
    fn ends(mut self) {
        let begun = Instant::now();
        loop {
            match self.0.read() {
                Ok(Message::Close(_)) | Err(_) => break,
                Ok(_) => {}
            }
        }
        assert!(begun.elapsed() < PATIENCE, "still open");
    }
}

/// Logs a petition in a unit; where it stands in the log.
fn log(device: &Device, post: &str, unit: &str) -> (RecordId, u64) {
    match device.log(&device.facts(post, unit, "Cầu hỏng")) {
        (record, Ack::Accepted { position, .. }) => (record, position),
        (_, other) => panic!("{other:?}"),
    }
}

/// Lan works in Giồng Riềng, Xa in Thạnh Hưng; Thu is Front staff of the first, Kinh handles for a body that holds nothing.
/// What Lan logs is told to Thu and not to Xa: the first that Xa hears of is what came after it, and lies in Xa's commune.
#[test]
fn only_those_are_told_whom_it_concerns() {
    let server = Server::start(TWO_COMMUNES);
    let device = |user, n| Device::enroll(&server, user, n);
    let (lan, xa, xa_too, thu, kinh) =
        (device("lan", 1), device("xa", 2), device("xa", 3), device("thu", 4), device("kinh", 5));
    let mut of_thu = Line::open(&server, &thu);
    let mut of_xa = Line::open(&server, &xa);
    let mut of_kinh = Line::open(&server, &kinh);
    let (record, in_giong_rieng) = log(&lan, "cb-30904", "30904");
    assert_eq!(of_thu.position(), in_giong_rieng);
    // What was told is there to be had.
    assert!(thu.pull().0.contains(&record));
    let (_, in_thanh_hung) = log(&xa_too, "cb-30910", "30910");
    assert!(in_thanh_hung > in_giong_rieng);
    assert_eq!(of_xa.position(), in_thanh_hung);
    let (record, again) = log(&lan, "cb-30904", "30904");
    assert_eq!(of_thu.position(), again, "Thu was told of what is not Thu's");
    // A referral brings a petition to the body: it enters its feed, which is told too.
    let mut push = support::Push::default();
    let facts = thu.facts("tn-30904", "30904", "Đèn tắt");
    let to_kinh = thu.record();
    let (mut document, logged) = thu.petition(to_kinh, &facts);
    let refer = sync::model::petition::Action::Refer { to: "kt".into(), with: None, due: None, note: None };
    let (_, referred) = thu.event(&mut document, to_kinh, refer, "tn-30904", None);
    thu.add(&mut push, to_kinh, &logged);
    thu.add(&mut push, to_kinh, &referred);
    let acks = thu.push(push);
    assert!(acks.iter().all(|a| matches!(a, Ack::Accepted { .. })), "{acks:?}");
    assert!(of_kinh.position() > again);
    let (held, _) = kinh.pull();
    assert!(held.contains(&to_kinh) && !held.contains(&record), "{held:?}");
}

/// What a device may hold is asked when there is something to tell, not when it called.
#[test]
fn a_device_that_calls_before_its_first_sync_is_told_after_it() {
    let server = Server::start(TWO_COMMUNES);
    let lan = Device::enroll(&server, "lan", 1);
    let thu = Device::enroll(&server, "thu", 2);
    let headers = thu.signed("GET", "/v1/live", support::now_millis(), b"");
    let mut of_thu = Line::connect(&server, headers).expect("let in");
    thu.pull();
    let (_, position) = log(&lan, "cb-30904", "30904");
    assert_eq!(of_thu.position(), position);
}

#[test]
fn one_connection_a_device_and_none_for_others() {
    let server = Server::start(TWO_COMMUNES);
    let lan = Device::enroll(&server, "lan", 1);
    let thu = Device::enroll(&server, "thu", 2);
    // Not signed, signed for another path, signed too long ago: the same door as for every request.
    assert_eq!(Line::connect(&server, Vec::new()).err(), Some(401));
    let elsewhere = thu.signed("GET", "/v1/sync", support::now_millis(), b"");
    assert_eq!(Line::connect(&server, elsewhere).err(), Some(401));
    let long_ago = thu.signed("GET", "/v1/live", support::now_millis() - 3_600_000, b"");
    assert_eq!(Line::connect(&server, long_ago).err(), Some(401));
    // A device that calls again has one connection: the new one.
    let first = Line::open(&server, &thu);
    let mut second = Line::open(&server, &thu);
    first.ends();
    let (_, position) = log(&lan, "cb-30904", "30904");
    assert_eq!(second.position(), position);
    server.assert_well();
}
