//! A device that is shut out: what ends, and how soon.

mod support;

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use support::{Device, Push, Server, TWO_COMMUNES, now_millis};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

/// Within this a device that was shut out hears no more, whoever shut it out.
const PROMISED: Duration = Duration::from_secs(5);

fn live(server: &Server, headers: Vec<(&'static str, String)>) -> WebSocket<TcpStream> {
    let mut request = format!("ws://{}/v1/live", server.address()).into_client_request().expect("a request");
    for (name, value) in headers {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    let stream = TcpStream::connect(server.address()).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    tungstenite::client(request, stream).expect("let in").0
}

/// The code with which a connection is closed, and how long that took.
fn closed(mut line: WebSocket<TcpStream>) -> (u16, Duration) {
    let begun = Instant::now();
    loop {
        match line.read().expect("closed in order") {
            Message::Close(Some(frame)) => return (frame.code.into(), begun.elapsed()),
            Message::Close(None) => panic!("closed without a code"),
            _ => {}
        }
    }
}

#[test]
fn whoever_is_shut_out_hears_no_more() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, thu, kinh) =
        (Device::enroll(&server, "lan", 1), Device::enroll(&server, "thu", 2), Device::enroll(&server, "kinh", 3));
    let quan = server.enroll("quan");
    let open = |device: &Device| {
        device.pull();
        live(&server, device.signed("GET", "/v1/live", now_millis(), b""))
    };
    let (of_lan, of_thu, mut of_kinh) = (open(&lan), open(&thu), open(&kinh));
    // By the operator's command, which is another process, and by a colleague's device.
    server.run(&["device", "revoke", &lan.id.to_string()]);
    let (code, took) = closed(of_lan);
    assert_eq!(code, 4401);
    assert!(took < PROMISED, "{took:?}");
    quan.run(&["device", "revoke", &thu.id.to_string()]);
    let (code, took) = closed(of_thu);
    assert_eq!(code, 4401);
    assert!(took < PROMISED, "{took:?}");
    for device in [&lan, &thu] {
        let problem = device.problem(&minicbor::to_vec(device.request()).expect("CBOR"));
        assert_eq!((problem.status, problem.kind.as_str()), (401, "revoked"));
    }
    // Others hear on.
    of_kinh.send(Message::Ping(Vec::new().into())).expect("sent");
    assert!(matches!(of_kinh.read().expect("an answer"), Message::Pong(_)));
    server.assert_well();
}

/// A browser's page can set no header: its token stands among the subprotocols, and the server speaks the other one.
#[test]
fn a_page_goes_live_with_a_token() {
    let server = Server::start(TWO_COMMUNES);
    let thu = Device::enroll(&server, "thu", 2);
    let (_, _, body) =
        support::post(server.url(), "/v1/token", &thu.signed("POST", "/v1/token", now_millis(), b""), b"");
    let issued: support::Json = serde_json::from_slice(&body).expect("JSON");
    let protocols = format!("langnghe, langnghe.token.{}", support::text(&issued, "token"));
    let line = live(&server, vec![("sec-websocket-protocol", protocols.clone())]);
    server.run(&["device", "revoke", &thu.id.to_string()]);
    assert_eq!(closed(line).0, 4401);
    let stream = TcpStream::connect(server.address()).expect("the server listens");
    let mut request = format!("ws://{}/v1/live", server.address()).into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse().expect("a header"));
    assert!(tungstenite::client(request, stream).is_err(), "let in");
}

/// An answer of many frames is read slowly; the device is shut out, and the rest does not come.
#[test]
fn an_answer_that_is_on_its_way_ends() {
    let server = Server::start(TWO_COMMUNES);
    let lan = Device::enroll(&server, "lan", 1);
    let text: String =
        (0..3_000u32).map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 26)).collect();
    for round in 0..6 {
        let mut push = Push::default();
        for n in 0..600 {
            let record = lan.record();
            let facts = lan.facts("cb-30904", "30904", &format!("{round} {n} {text}"));
            let (_, written) = lan.petition(record, &facts);
            lan.add(&mut push, record, &written);
        }
        lan.push(push);
    }
    let thu = Device::enroll(&server, "thu", 2);
    let whole = begin(&server, &thu);
    let all = read_all(whole);
    assert!(all.is_ok_and(|n| n > 6_000_000), "the answer is too small to be cut");
    let mut cut = begin(&server, &thu);
    let mut first = [0; 16 * 1024];
    cut.read_exact(&mut first).expect("it begins");
    server.run(&["device", "revoke", &thu.id.to_string()]);
    std::thread::sleep(Duration::from_secs(3));
    let rest = read_all(cut);
    assert!(rest.is_err(), "the whole answer came: {rest:?}");
}

/// Asks for everything, uncompressed; the body as it comes.
fn begin(server: &Server, device: &Device) -> impl Read {
    let body = minicbor::to_vec(device.request()).expect("CBOR");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.post(format!("{}/v1/sync", server.url()));
    for (name, value) in device.signed("POST", "/v1/sync", now_millis(), &body) {
        request = request.header(name, value);
    }
    let answer = request.header("content-type", sync::wire::MEDIA_TYPE).send(&body[..]).expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    answer.into_body().into_reader()
}

fn read_all(mut body: impl Read) -> std::io::Result<usize> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)
}
