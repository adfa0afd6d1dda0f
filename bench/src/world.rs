//! A tenant with one office, filled through the writer itself: every change signed and judged like any other.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, RngExt};
use server::admin::{initialise, issue_code};
use server::ingest::{Incoming, Ledger};
use server::store::{self, Device, Informed};
use sync::document::petition::{put_event, put_events, put_facts};
use sync::document::{Document, RecordKind};
use sync::id::{ActorId, DeviceId, Epoch, EventId, RecordId, TenantId, UserId};
use sync::model::petition::{Action, AnswerMeans, Channel, Event, EventBody, Facts, Kind, Outcome as Ending};
use sync::signed::{ChangeClaim, SignedChange};
use sync::wire::Ack;
use uuid::Uuid;

use crate::Outcome;
use crate::corpus::{seeded, text};

const DIRECTORY: &str = r#"
lease_days = 365
[[office]]
code = "mttq"
name = "Ủy ban MTTQ Việt Nam xã Giồng Riềng"
[[unit]]
code = "30904"
name = "Xã Giồng Riềng"
office = "mttq"
[[unit]]
code = "30904-vt"
name = "Ấp Vĩnh Thới"
kind = "hamlet"
parent = "30904"
[[body]]
code = "kt-30904"
name = "Phòng Kinh tế"
unit = "30904"
[[category]]
code = "land"
name = "Đất đai"
form04 = "land"
[[post]]
code = "cb-30904"
role = "officer"
unit = "30904"
[[post]]
code = "tn-30904"
role = "front_staff"
office = "mttq"
[[post]]
code = "xl-30904"
role = "handler"
body = "kt-30904"
[[post]]
code = "qt"
role = "directory_admin"
[[post]]
code = "nhap"
role = "importer"
office = "mttq"
[[user]]
code = "lan"
posts = ["cb-30904"]
[[user]]
code = "hoa"
posts = ["tn-30904"]
[[user]]
code = "son"
posts = ["xl-30904"]
[[user]]
code = "quan-tri"
posts = ["qt", "nhap"]
[[policy]]
first_answer = "10wd"
resolve = "30d"
from = "referral"
"#;

/// The clock of the benchmark: real, because the server's is.
#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A data folder and how fast it was filled.
pub struct World {
    pub data: PathBuf,
    /// Changes admitted each second, whole gate, one transaction for each 1,000; writing and signing them not counted.
    pub admitted_per_second: f64,
}

/// A person's device that exists only to write the corpus, or to listen.
pub struct Author {
    pub device: Device,
    pub key: SigningKey,
    epoch: Epoch,
}

impl World {
    /// Fills a folder with petitions, each with so many of its six events.
    pub fn make(data: &Path, petitions: u64, events: usize) -> Outcome<Self> {
        initialise(data, "Đo lường", Some(DIRECTORY), now())?;
        let mut ledger = Ledger::new(store::open(data)?)?;
        let tenant = ledger.tenant().id;
        let mut rng = seeded(1);
        let mut authors = Vec::new();
        for user in ["lan", "hoa", "son"] {
            authors.push(author(&mut ledger, user, &mut rng)?);
        }
        let mut judging = Duration::ZERO;
        let mut waiting = Vec::new();
        let mut admitted = 0u64;
        for n in 0..petitions {
            waiting.extend(petition(tenant, &authors, (n, petitions), events, &mut rng)?);
            if waiting.len() >= 1000 || n + 1 == petitions {
                let start = Instant::now();
                let outcomes = ledger.admit(&waiting, now())?;
                judging += start.elapsed();
                for outcome in outcomes {
                    match outcome.ack {
                        Ack::Accepted { .. } => admitted += 1,
                        other => return Err(format!("the corpus was refused: {other:?}").into()),
                    }
                }
                waiting.clear();
            }
        }
        Ok(Self { data: data.to_owned(), admitted_per_second: admitted as f64 / judging.as_secs_f64() })
    }

    /// Devices of Front staff, enrolled without asking.
    pub fn devices(&self, count: usize) -> Outcome<Vec<Author>> {
        let mut ledger = Ledger::new(store::open(&self.data)?)?;
        let mut rng = seeded(3);
        (0..count).map(|_| author(&mut ledger, "hoa", &mut rng)).collect()
    }

    /// An enrolment code.
    pub fn code(&self, user: &str) -> Outcome<String> {
        let mut ledger = Ledger::new(store::open(&self.data)?)?;
        Ok(issue_code(&mut ledger, user, now())?.code)
    }
}

fn bytes<const N: usize>(rng: &mut impl Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

fn author(ledger: &mut Ledger, user: &str, rng: &mut impl Rng) -> Outcome<Author> {
    let key = SigningKey::from_bytes(&bytes(rng));
    let mut device = Device {
        index: 0,
        id: DeviceId(Uuid::from_bytes(bytes(rng))),
        user: UserId::from(user),
        key: key.verifying_key().to_bytes(),
        name: "bench".to_owned(),
        enrolled_at: 0,
        last_contact: now().as_millisecond(),
        informed: Informed::enrolled(now().as_millisecond()),
        revoked_at: None,
        approval: store::Approval::NotNeeded,
        root: false,
        grant: 0,
        feeds: String::new(),
    };
    device.index = ledger.write(|tx| store::add_device(tx, &device, &[0; 32]))?;
    Ok(Author { device, key, epoch: Epoch::from_bytes(bytes(rng)) })
}

/// One petition: logged by the officer, then up to six events; each a change of its own.
fn petition(
    tenant: TenantId,
    authors: &[Author],
    (n, of): (u64, u64),
    events: usize,
    rng: &mut impl Rng,
) -> Outcome<Vec<Incoming>> {
    let hours = i64::try_from((of - n) * 24 * 300 / of.max(1))?;
    let logged = now().checked_sub(SignedDuration::from_hours(24 + hours))?;
    let millis = logged.as_millisecond().unsigned_abs();
    let record = RecordId(uuid::Builder::from_unix_timestamp_millis(millis, &bytes(rng)).into_uuid());
    let facts = Facts {
        kind: Kind::Feedback,
        category: Some("land".into()),
        unit: "30904".into(),
        hamlet: Some("30904-vt".into()),
        channel: Channel::Dialogue,
        text: text(rng, 1024),
        place: Some(text(rng, 24)),
        urgent: true,
        collective: Some(rng.random_range(2..40)),
        session: Some(RecordId(Uuid::from_u128(u128::from(n / 20)))),
        petitioner: Some(EventId(Uuid::from_bytes(bytes(rng)))),
        at: logged,
        stamped: Some(logged),
        by: "cb-30904".into(),
        split_from: Some(RecordId(Uuid::from_u128(1))),
        source: None,
        sealed: None,
        erased: None,
    };
    let steps: [(usize, &str, Action, bool); 6] = [
        (1, "tn-30904", Action::Receive, false),
        (1, "tn-30904", Action::Classify { kind: Some(Kind::Proposal), category: Some("land".into()) }, false),
        (1, "tn-30904", Action::Refer { to: "kt-30904".into(), with: None, due: None, note: None }, false),
        (2, "xl-30904", Action::Accept, true),
        (2, "xl-30904", Action::Resolve { outcome: Ending::Settled, text: text(rng, 60) }, true),
        (1, "tn-30904", Action::Answer { means: AnswerMeans::Phone, text: None }, false),
    ];
    let mut document = Document::genesis(RecordKind::Petition);
    let actor = |a: &Author| ActorId::derive(&a.device.key, record, a.epoch);
    let mut out = Vec::with_capacity(7);
    // Without events of their own nine of ten are answered on the spot: what stays open is what a year leaves open.
    let on_the_spot = if events == 0 && n % 10 != 0 { spot_events(logged, rng) } else { Vec::new() };
    let written = document.write(actor(&authors[0]), |tx| {
        put_facts(tx, &facts)?;
        put_events(tx, &on_the_spot)
    })?;
    out.push(signed(tenant, &authors[0], record, written));
    let mut after: Option<EventId> = None;
    for (i, (who, by, action, as_body)) in steps.into_iter().take(events).enumerate() {
        let at = logged.checked_add(SignedDuration::from_mins(10 * (i as i64 + 1)))?;
        let mut event = event(action, by, at, after, rng);
        event.body.body = as_body.then(|| "kt-30904".into());
        let id = event.id;
        let author = &authors[who];
        let written = document.write(actor(author), |tx| put_event(tx, &event))?;
        out.push(signed(tenant, author, record, written));
        after = Some(id);
    }
    Ok(out)
}

fn event(action: Action, by: &str, at: Timestamp, after: Option<EventId>, rng: &mut impl Rng) -> Event {
    let millis = at.as_millisecond().unsigned_abs();
    Event {
        id: EventId(uuid::Builder::from_unix_timestamp_millis(millis, &bytes(rng)).into_uuid()),
        body: EventBody {
            action,
            at,
            by: by.into(),
            after: after.map(|a| vec![a]),
            body: None,
            on_behalf: None,
            paper: None,
            stamped: None,
            imported: None,
        },
    }
}

/// Resolved and answered in the change that logs it.
fn spot_events(at: Timestamp, rng: &mut impl Rng) -> Vec<Event> {
    let resolve = Action::Resolve { outcome: Ending::Explained, text: text(rng, 60) };
    let resolve = event(resolve, "cb-30904", at, None, rng);
    let answer = Action::Answer { means: AnswerMeans::InPerson, text: None };
    let answer = event(answer, "cb-30904", at, Some(resolve.id), rng);
    vec![resolve, answer]
}

fn signed(tenant: TenantId, author: &Author, record: RecordId, written: sync::document::Written) -> Incoming {
    let claim = ChangeClaim {
        tenant,
        device: author.device.id,
        record,
        epoch: author.epoch,
        seq: written.seq,
        hash: written.hash,
    };
    let signature = claim.sign(&author.key);
    let signed = SignedChange { record, epoch: author.epoch, bytes: written.bytes, signature, pseudonym: None };
    Incoming { device: author.device.clone(), signed }
}
