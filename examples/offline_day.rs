//! A day without a network: a server, two officers' replicas, one session that both write down. Everything lives in a
//! temporary folder: `cargo run --example offline_day`.

#![expect(clippy::disallowed_methods, reason = "an example is an edge: clock and chance come in here")]
use client_core::{command::Command, replica::Replica, syncer, transport::HttpTransport, view};
use jiff::Timestamp;
use std::{error::Error, path::Path, path::PathBuf};
use sync::id::{EventId, RecordId};
use sync::model::petition::{Channel, Facts, Kind};
use sync::model::session::SessionFacts;
use uuid::Uuid;

const DIRECTORY: &str = r#"
office = [{ code = "mttq", name = "Ủy ban MTTQ Việt Nam xã" }]
unit = [{ code = "xa", name = "Xã minh hoạ", kind = "commune", office = "mttq" }]
post = [{ code = "cb", name = "Cán bộ Mặt trận xã", role = "officer", unit = "xa" },
        { code = "qt", name = "Quản trị danh mục", role = "directory_admin" }]
user = [{ code = "minh", name = "Cán bộ 1", posts = ["cb", "qt"] }, { code = "lan", name = "Cán bộ 2", posts = ["cb"] }]
"#;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn chance(buffer: &mut [u8]) {
    rand::fill(buffer);
}

fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    server::admin::initialise(&data, "Xã minh hoạ", Some(DIRECTORY), Timestamp::now())?;
    let url = start_server(data.clone())?;
    let mut minh = enrol(folder.path(), &data, &url, "minh")?;
    let mut lan = enrol(folder.path(), &data, &url, "lan")?;

    // In the morning, still in the office: a session is opened, and both have it.
    let session = RecordId(Uuid::now_v7());
    let facts = SessionFacts {
        kind: Channel::Dialogue,
        unit: "xa".into(),
        at: Timestamp::now(),
        stamped: None,
        title: Some("Đối thoại với nhân dân".to_owned()),
        chair: None,
        present: Some(64),
        by: "cb".into(),
    };
    minh.execute(Command::OpenSession { record: session, facts }, Timestamp::now())?;
    meet(&url, [&mut minh, &mut lan])?;

    // In the hamlet there is no signal: nothing below asks for one.
    write_down(&mut minh, session, "Bà con hỏi về con lộ ven kênh.", "Lộ ven kênh ngập khi triều lên.")?;
    write_down(&mut lan, session, "Một hộ hỏi thủ tục tách thửa.", "Hồ sơ tách thửa quá hẹn một tháng.")?;

    // Back again, in whichever order; whoever came first looks once more.
    meet(&url, [&mut lan, &mut minh])?;
    meet(&url, [&mut lan])?;
    let (by_minh, by_lan) = (seen(&minh, session)?, seen(&lan, session)?);
    println!("--- minh\n{by_minh}\n--- lan\n{by_lan}");
    assert_eq!(by_minh, by_lan, "the same changes make the same record");
    Ok(())
}

/// Serves from a thread, on any free port, until the program ends.
fn start_server(data: PathBuf) -> Outcome<String> {
    let (told, address) = std::sync::mpsc::channel();
    let runtime = tokio::runtime::Runtime::new()?;
    std::thread::spawn(move || {
        let listening = move |address| told.send(address).unwrap_or_default();
        let served = server::http::serve(&data, ([127, 0, 0, 1], 0).into(), Timestamp::now, listening);
        runtime.block_on(served).unwrap_or_else(|error| eprintln!("{error}"));
    });
    Ok(format!("http://{}", address.recv()?))
}

fn enrol(folder: &Path, data: &Path, url: &str, user: &str) -> Outcome<Replica> {
    let mut ledger = server::ingest::Ledger::new(server::store::open(data)?)?;
    let issued = server::admin::issue_code(&mut ledger, user, Timestamp::now())?;
    let (home, mut link) = (folder.join(user), HttpTransport::new(url));
    // Without a PIN: the database is encrypted all the same, its key lies beside it.
    let mut replica = syncer::enroll(&home, url, &issued.code, None, Timestamp::now(), &mut link, &mut chance)?;
    meet(url, [&mut replica])?;
    Ok(replica)
}

fn meet<'a>(url: &str, replicas: impl IntoIterator<Item = &'a mut Replica>) -> Outcome<()> {
    for replica in replicas {
        syncer::sync(replica, &mut HttpTransport::new(url), &Timestamp::now, &mut chance)?;
    }
    Ok(())
}

/// What one officer notes: a paragraph of the minutes, and a petition.
fn write_down(replica: &mut Replica, session: RecordId, paragraph: &str, words: &str) -> Outcome<()> {
    let name = Some(EventId(Uuid::now_v7()));
    let minutes = Command::AppendMinutes { record: session, text: paragraph.to_owned(), paragraph: name };
    replica.execute(minutes, Timestamp::now())?;
    let facts = Facts {
        session: Some(session),
        ..Facts::new(Kind::Feedback, "xa", Channel::Dialogue, words, Timestamp::now(), "cb")
    };
    let log = Command::LogPetition { record: RecordId(Uuid::now_v7()), facts, events: Vec::new() };
    replica.execute(log, Timestamp::now())?;
    Ok(())
}

fn seen(replica: &Replica, session: RecordId) -> Outcome<String> {
    let session = view::session(replica, session, Timestamp::now())?;
    let petitions: String = session.petitions.iter().map(|p| format!("\n  {} {}", p.code, p.text)).collect();
    Ok(session.minutes + &petitions)
}
