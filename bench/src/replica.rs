//! The table of targets: first sync, edits, nothing new, one push, opening a replica.

use std::path::Path;
use std::time::{Duration, Instant};

use client_core::command::{Command, NewEvent};
use client_core::replica::Replica;
use client_core::syncer::{self, SyncReport, enroll};
use client_core::transport::HttpTransport;
use client_core::vault::Pin;
use client_core::view::{Page, PetitionFilter, petitions};
use rand::Rng;
use rand::rngs::StdRng;
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, Channel, Facts, Kind};

use crate::corpus::{seeded, text};
use crate::figures::{Figures, median_and_p99};
use crate::link;
use crate::server::Server;
use crate::world::{World, now};
use crate::{Options, Outcome};

/// Edits in the figure of edits.
const EDITS: u32 = 200;

/// Measures everything of the table but what needs a browser.
pub fn measure(options: &Options, figures: &mut Figures) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let world = World::make(&folder.path().join("server"), options.petitions, 6)?;
    let admitted = format!("{:.0} changes/s, groups of 1,000", world.admitted_per_second);
    figures.add("admission with the whole gate, fsync on", admitted, "≥ 3,000 changes/s");
    let server = Server::start(&options.server, &world.data)?;
    let mut rng = seeded(2);
    let n = options.petitions as f64;

    let mut staff = join(&world, &server.url, "hoa", &folder.path().join("staff"), &mut rng)?;
    let start = Instant::now();
    let first = sync(&mut staff, &server.url, &mut rng)?;
    let seconds = start.elapsed().as_secs_f64();
    figures.add(
        &format!("first sync of {} petitions, bytes down", options.petitions),
        format!("{:.0} B a petition", first.bytes_down as f64 / n),
        "≤ 1,000 B a petition; stretch 860",
    );
    figures.add(
        "… requests; seconds on loopback, both ends",
        format!("{}; {seconds:.2} s", first.requests),
        "1; ≤ 3 s",
    );

    edits(&world, &server, &mut staff, folder.path(), &mut rng, figures)?;
    one_push(&server, &mut staff, &mut rng, figures)?;
    drop(staff);
    opening(&folder.path().join("staff"), &mut rng, figures)?;
    unlocking(&folder.path().join("staff"), &mut rng, figures)?;
    slow_link(&world, &server, folder.path(), &mut rng, figures)?;
    if let Some(memory) = server.memory() {
        let petitions = options.petitions;
        let figure = format!("{memory:.0} MiB after all of the above, {petitions} petitions");
        figures.add("server memory", figure, "≤ 300 MB with 340,000 petitions and 1,000 live connections");
    }
    Ok(())
}

fn join(world: &World, url: &str, user: &str, home: &Path, rng: &mut StdRng) -> Outcome<Replica> {
    let code = world.code(user)?;
    let mut chance = |bytes: &mut [u8]| rng.fill_bytes(bytes);
    Ok(enroll(home, url, &code, None, now(), &mut HttpTransport::new(url), &mut chance)?)
}

fn sync(replica: &mut Replica, url: &str, rng: &mut StdRng) -> Outcome<SyncReport> {
    let mut chance = |bytes: &mut [u8]| rng.fill_bytes(bytes);
    Ok(syncer::sync(replica, &mut HttpTransport::new(url), &now, &mut chance)?)
}

fn event_id(rng: &mut StdRng) -> EventId {
    let mut random = [0; 10];
    rng.fill_bytes(&mut random);
    EventId(uuid::Builder::from_unix_timestamp_millis(now().as_millisecond().unsigned_abs(), &random).into_uuid())
}

/// 200 events on 200 petitions go up from one replica and down to another.
fn edits(
    world: &World,
    server: &Server,
    staff: &mut Replica,
    folder: &Path,
    rng: &mut StdRng,
    figures: &mut Figures,
) -> Outcome<()> {
    let mut other = join(world, &server.url, "hoa", &folder.join("other"), rng)?;
    sync(&mut other, &server.url, rng)?;
    let page = Page { limit: Some(EDITS), ..Page::default() };
    let rows = petitions(staff, &PetitionFilter::default(), page, now())?;
    for row in &rows {
        let action = Action::Comment { text: text(rng, 40) };
        let event = NewEvent::new(event_id(rng), action, now(), "tn-30904".into());
        staff.execute(Command::PetitionEvent { record: row.id, event }, now())?;
    }
    let up = sync(staff, &server.url, rng)?;
    let down = sync(&mut other, &server.url, rng)?;
    let each = |bytes: u64| bytes as f64 / rows.len() as f64;
    figures.add(
        "200 edits in the corpus",
        format!(
            "{} request; {:.0} B an edit down, {:.0} B up",
            down.requests.max(up.requests),
            each(down.bytes_down),
            each(up.bytes_up)
        ),
        "1 request; ≤ 200 B down, ≤ 270 B up",
    );
    let nothing = sync(&mut other, &server.url, rng)?;
    figures.add(
        "nothing new, bodies of both directions",
        format!("{} request, {} B", nothing.requests, nothing.bytes_up + nothing.bytes_down),
        "1 request, ≤ 400 B",
    );
    Ok(())
}

/// One event at a time, acknowledged before the next is written: the whole round of a sync on an idle server.
fn one_push(server: &Server, staff: &mut Replica, rng: &mut StdRng, figures: &mut Figures) -> Outcome<()> {
    let rows = petitions(staff, &PetitionFilter::default(), Page { limit: Some(200), ..Page::default() }, now())?;
    let mut transport = HttpTransport::new(&server.url);
    let mut times = Vec::new();
    for row in rows {
        let event = NewEvent::new(event_id(rng), Action::Comment { text: text(rng, 40) }, now(), "tn-30904".into());
        staff.execute(Command::PetitionEvent { record: row.id, event }, now())?;
        let mut chance = |bytes: &mut [u8]| rng.fill_bytes(bytes);
        let start = Instant::now();
        syncer::sync(staff, &mut transport, &now, &mut chance)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let (median, p99) = median_and_p99(times);
    figures.add(
        "one push acknowledged on an idle server (the replica's whole sync)",
        format!("median {median:.1} ms, p99 {p99:.1} ms of 200"),
        "p99 ≤ 15 ms",
    );
    Ok(())
}

/// Opening a replica that holds the corpus, its first page, and one petition logged durably.
fn opening(home: &Path, rng: &mut StdRng, figures: &mut Figures) -> Outcome<()> {
    let mut open = Vec::new();
    let mut first_page = Vec::new();
    let mut log = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        let mut replica = Replica::open(home, None, now(), &mut |bytes| rng.fill_bytes(bytes))?;
        open.push(start.elapsed().as_secs_f64() * 1000.0);
        let start = Instant::now();
        let rows = petitions(&replica, &PetitionFilter::default(), Page { limit: Some(50), ..Page::default() }, now())?;
        first_page.push(start.elapsed().as_secs_f64() * 1000.0);
        if rows.len() != 50 {
            return Err("the replica does not hold the corpus".into());
        }
        let start = Instant::now();
        log_one(&mut replica, rng)?;
        log.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let middle = |times| median_and_p99(times).0;
    figures.add(
        "encrypted replica with the corpus: open; first page; log one durably",
        format!("{:.1} ms; {:.1} ms; {:.1} ms (medians of 21)", middle(open), middle(first_page), middle(log)),
        "≤ 60 ms; ≤ 10 ms; ≤ 10 ms",
    );
    Ok(())
}

/// The same with a PIN: what it costs to try one is on purpose, and a person pays it once.
fn unlocking(home: &Path, rng: &mut StdRng, figures: &mut Figures) -> Outcome<()> {
    let mut chance = |bytes: &mut [u8]| rng.fill_bytes(bytes);
    let pin = Pin::chosen("cua song 1975")?;
    Replica::open(home, None, now(), &mut chance)?.set_pin(Some(&pin), &mut chance)?;
    let mut open = Vec::new();
    for _ in 0..11 {
        let start = Instant::now();
        Replica::open(home, Some(&pin), now(), &mut chance)?;
        open.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let open = format!("{:.0} ms (median of 11)", median_and_p99(open).0);
    figures.add("… open with a PIN (Argon2id, 64 MiB, 3 passes)", open, "≤ 1 s");
    Ok(())
}

fn log_one(replica: &mut Replica, rng: &mut StdRng) -> Outcome<()> {
    let facts = Facts::new(Kind::Feedback, "30904", Channel::Letter, text(rng, 1024), now(), "tn-30904");
    let record = RecordId(event_id(rng).0);
    replica.execute(Command::LogPetition { record, facts, events: Vec::new() }, now())?;
    Ok(())
}

/// A first sync at 300 ms round trip and 1 Mbit/s, beside what the link alone would take.
fn slow_link(world: &World, server: &Server, folder: &Path, rng: &mut StdRng, figures: &mut Figures) -> Outcome<()> {
    const BITS: u64 = 1_000_000;
    let round_trip = Duration::from_millis(300);
    let address = link::slow(&server.url, round_trip, BITS)?;
    let mut replica = join(world, &server.url, "hoa", &folder.join("slow"), rng)?;
    let start = Instant::now();
    let report = sync(&mut replica, &address, rng)?;
    let seconds = start.elapsed().as_secs_f64();
    let link_alone = report.bytes_down as f64 * 8.0 / BITS as f64;
    let over = (seconds - 2.0 * round_trip.as_secs_f64()) / link_alone;
    figures.add(
        "first sync at 300 ms round trip and 1 Mbit/s",
        format!("{seconds:.1} s = {over:.2} × bytes ÷ bandwidth + 2 round trips"),
        "≤ 1.15 × bytes ÷ bandwidth + 2 round trips",
    );
    Ok(())
}
