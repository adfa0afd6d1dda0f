//! A page in a browser: it is given answers with their content coding undone, in pieces, and goes on working between them.

mod support;

use client_core::command::{Command, NewEvent};
use client_core::replica::Replica;
use client_core::syncer::{self, Ended, Exchange, Method, Outgoing, Read, Step, SyncReport, SyncRun};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use support::{Fault, Hosted, Link, TWO_COMMUNES, now};
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, Channel, Facts, Kind};
use uuid::Uuid;

/// What a page sees of an answer.
struct Fetched {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Sends a request as a page does: it may not say what content coding it accepts.
fn fetch(url: &str, outgoing: &Outgoing, coding: Option<&str>) -> Fetched {
    assert_eq!(outgoing.method, Method::Post);
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = agent.post(format!("{url}{}", outgoing.path));
    for (name, value) in outgoing.headers.iter().filter(|(name, _)| *name != "accept-encoding") {
        request = request.header(*name, value);
    }
    if let Some(coding) = coding {
        request = request.header("x-langnghe-coding", coding);
    }
    let mut answer = request.send(&outgoing.body).expect("the server answers");
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned())).collect();
    let status = answer.status().as_u16();
    Fetched { status, headers, body: answer.body_mut().read_to_vec().expect("a whole answer") }
}

fn header<'a>(fetched: &'a Fetched, name: &str) -> Option<&'a str> {
    fetched.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

/// A whole sync; what is done between two pieces of an answer.
fn sync(
    page: &mut Replica,
    url: &str,
    chance: &mut StdRng,
    meanwhile: &mut dyn FnMut(&mut Replica),
) -> (SyncReport, Vec<Fetched>) {
    let mut rng = |bytes: &mut [u8]| chance.fill_bytes(bytes);
    let mut run = SyncRun::begin(page);
    let mut answers = Vec::new();
    loop {
        let outgoing = match run.next(page, now(), &mut rng).expect("a step") {
            Step::Send(outgoing) => outgoing,
            Step::Done(report) => return (report, answers),
        };
        meanwhile(page);
        let fetched = fetch(url, &outgoing, Some("zstd"));
        run.head(page, fetched.status, &fetched.headers).expect("good");
        for piece in fetched.body.chunks(700) {
            if run.body(page, piece, now(), &mut rng).expect("sound") == Read::Enough {
                break;
            }
            meanwhile(page);
        }
        run.end(page, Ended::Whole, now(), &mut rng).expect("an end");
        answers.push(fetched);
    }
}

fn log(replica: &mut Replica, number: u128) -> RecordId {
    let record = RecordId(uuid::Builder::from_custom_bytes(number.to_be_bytes()).into_uuid());
    let text = format!("Đường ngập {number} {}", "nước lên quá mặt đường ".repeat(60));
    let facts = Facts::new(Kind::Feedback, "30904", Channel::Dialogue, text, now(), "cb-30904");
    replica.execute(Command::LogPetition { record, facts, events: Vec::new() }, now()).expect("she may");
    record
}

fn comment(replica: &mut Replica, record: RecordId, number: u128) {
    let event = NewEvent::new(
        EventId(Uuid::from_u128(number)),
        Action::Comment { text: "đã xem tại chỗ".to_owned() },
        now(),
        "cb-30904".into(),
    );
    replica.execute(Command::PetitionEvent { record, event }, now()).expect("she may");
}

#[test]
fn a_page_works_on_while_its_first_fill_comes() {
    let server = Hosted::start(TWO_COMMUNES, now);
    let mut chance = StdRng::seed_from_u64(31);
    let mut phone = server.enroll("lan", "phone", &mut |b| chance.fill_bytes(b));
    let by_link = |replica: &mut Replica, chance: &mut StdRng| {
        let mut link = Link::new(server.url(), Fault::None);
        syncer::sync(replica, &mut link, &now, &mut |b| chance.fill_bytes(b)).expect("a sync")
    };
    by_link(&mut phone, &mut chance);
    let petitions: Vec<RecordId> = (1..=120).map(|number| log(&mut phone, number)).collect();
    assert_eq!(by_link(&mut phone, &mut chance).pushed, 120);

    let mut page = server.enroll("lan", "page", &mut |b| chance.fill_bytes(b));
    let (mut logged, mut commented) = (None, None);
    let (report, answers) = sync(&mut page, server.url(), &mut chance, &mut |page| {
        let held = petitions.iter().filter(|id| page.has(**id).expect("readable")).count();
        if logged.is_none() && (1..petitions.len()).contains(&held) {
            logged = Some((log(page, 999), held));
        }
        let newest = petitions.iter().rev().find(|id| page.has(**id).expect("readable"));
        if let (None, Some(newest)) = (commented, newest) {
            comment(page, *newest, 7777);
            commented = Some(*newest);
        }
    });
    let (logged, held) = logged.expect("the fill came in parts");
    assert!(held < petitions.len());
    assert_eq!((report.pulled, report.pushed, report.refused, report.pending), (121, 2, 0, 0), "{report:?}");
    for fetched in &answers {
        assert_eq!((header(fetched, "x-langnghe-coding"), header(fetched, "content-encoding")), (Some("zstd"), None));
        assert!(fetched.body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]), "a frame of zstd");
    }
    let report = by_link(&mut phone, &mut chance);
    assert_eq!((report.pulled, report.refused), (2, 0), "{report:?}");
    let commented = commented.expect("done");
    for (record, events) in [(logged, 0), (commented, 1)] {
        for replica in [&page, &phone] {
            let document = replica.document(record).expect("readable").expect("here");
            assert_eq!(sync::document::petition::read(&document).expect("a petition").events.len(), events);
        }
    }
}

#[test]
fn who_asks_for_no_coding_is_given_none() {
    let server = Hosted::start(TWO_COMMUNES, now);
    let mut chance = StdRng::seed_from_u64(32);
    let mut page = server.enroll("lan", "page", &mut |b| chance.fill_bytes(b));
    let mut rng = |bytes: &mut [u8]| chance.fill_bytes(bytes);
    let mut run = SyncRun::begin(&mut page);
    for coding in [None, Some("br"), Some("identity")] {
        let Ok(Step::Send(outgoing)) = run.next(&mut page, now(), &mut rng) else { panic!("a request") };
        let fetched = fetch(server.url(), &outgoing, coding);
        assert_eq!(fetched.status, 200);
        assert_eq!((header(&fetched, "x-langnghe-coding"), header(&fetched, "content-encoding")), (None, None));
        assert!(!fetched.body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]), "plain frames");
    }
    let Ok(Step::Send(outgoing)) = run.next(&mut page, now(), &mut rng) else { panic!("a request") };
    let fetched = fetch(server.url(), &outgoing, None);
    run.head(&mut page, fetched.status, &fetched.headers).expect("good");
    assert_eq!(run.body(&mut page, &fetched.body, now(), &mut rng).expect("sound"), Read::Enough);
    assert!(matches!(run.next(&mut page, now(), &mut rng), Ok(Step::Done(report)) if report.pulled > 0));
}
