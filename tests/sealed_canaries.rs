//! What was said in a sealed petition, who said it, where, and to whom, is looked for in every dress wherever it must not
//! be; and the server's own keys are tried on it.

mod support;

use std::path::{Path, PathBuf};

use server::store;
use support::{
    Canary, Device, Json, Replica, Server, canaries, database, decrypted, now, number, text, with_entrusted,
};
use sync::id::EventId;
use sync::identity::IdentityClaim;
use sync::recovery::RecoveryKey;
use sync::wire::{Frame, IdentityAsk, SyncRequest};
use tempfile::TempDir;

const WORDS: &str = "Kế toán hợp tác xã sửa sổ thu thuỷ lợi phí";
const PLACE: &str = "trạm bơm Kênh Bốn Thước";
const NAME: &str = "Phạm Thị Cẩm Nhung";
const PHONE: &str = "0907654318";
const ADDRESS: &str = "bờ tây kênh Ba Hồ";
const SUMMARY: &str = "Tố cáo việc sửa sổ thu tiền";

fn wanted() -> Vec<Canary> {
    [WORDS, PLACE, NAME, PHONE, ADDRESS].map(|words| Canary::Text(words.to_owned())).into()
}

struct Day {
    server: Server,
    replicas: Vec<Replica>,
    out: TempDir,
    id: String,
}

impl Day {
    fn file(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    /// By name, in the order of enrolment.
    fn replica(&self, n: usize) -> &Replica {
        &self.replicas[n]
    }
}

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

const PEOPLE: [&str; 6] = ["lan", "gia", "thu", "kinh", "dang", "quan"];
const LAN: usize = 0;
const GIA: usize = 1;
const THU: usize = 2;
const KINH: usize = 3;

/// A denunciation's whole way, by network and by files, with everything that is printed of it for those who may not know.
fn a_day() -> Day {
    let out = TempDir::new().expect("a folder");
    let mut server = Server::init(&with_entrusted());
    server.serve_logging_to(&out.path().join("server.log"));
    let replicas = PEOPLE.map(|user| server.enroll(user));
    let mut day = Day { server, replicas: replicas.into(), out, id: String::new() };
    day.replicas.iter().for_each(|replica| drop(replica.sync()));
    let [lan, gia, thu, kinh, dang, quan] = day.replicas.as_slice() else { unreachable!() };
    let session = lan.run(&["session", "log", "--kind", "visit", "--unit", "30904"]);
    let session = text(&session, "id");
    let said = ["--text", WORDS, "--place", PLACE, "--name", NAME, "--phone", PHONE, "--address", ADDRESS];
    let place = ["petition", "log", "--sealed", "--kind", "denunciation", "--session", session, "--hamlet", "30904-vt"];
    let logged = lan.run(&[&place[..], &said[..]].concat());
    let id = text(&logged, "id").to_owned();
    // In the same breath she logs an ordinary one, which goes to the same body.
    let beside = lan.log("Nước máy yếu", &["--unit", "30904", "--hamlet", "30904-vt"]);
    let (request, reply) = (day.file("goi"), day.file("goi.reply"));
    lan.run(&["bundle", "request", letters(&request)]);
    day.server.run(&["bundle", "exchange", letters(&request), letters(&reply)]);
    lan.run(&["bundle", "apply", letters(&reply)]);
    lan.sync();
    gia.sync();
    gia.run(&["petition", "summary", &id, "--text", SUMMARY]);
    gia.petition("refer", &id, &["--to", "kt"]);
    gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
    gia.run(&["petition", "identify", &id, "--name", NAME, "--phone", PHONE]);
    gia.sync();
    thu.sync();
    thu.petition("refer", &beside, &["--to", "kt"]);
    [thu, kinh, dang, quan, lan].into_iter().for_each(|replica| drop(replica.sync()));
    kinh.petition("accept", &id, &[]);
    kinh.petition("resolve", &id, &["--outcome", "settled", "--text", "Đã xử lý"]);
    kinh.sync();
    gia.sync();
    std::fs::write(day.file("kinh.show"), kinh.show(&id).to_string()).expect("written");
    for (replica, name) in [(kinh, "kinh"), (thu, "thu"), (gia, "gia")] {
        replica.run(&["export", "petitions", "--out", letters(&day.file(&format!("{name}.csv")))]);
    }
    let month = now().strftime("%Y-%m").to_string();
    for (name, args) in [
        ("report", vec!["report", "monthly", "--month", &month]),
        ("audit", vec!["audit", "list"]),
        ("verify", vec!["verify"]),
        ("devices", vec!["device", "list"]),
    ] {
        std::fs::write(day.file(name), day.server.run(&args).to_string()).expect("written");
    }
    // As it comes over the wire to devices that ask for all of it and have no right: of Front staff, of another body.
    for (user, n) in [("minh", 7), ("van", 8)] {
        let device = Device::enroll(&day.server, user, n);
        let record = id.parse().expect("a UUID");
        let purpose = "answer".to_owned();
        let ask = IdentityAsk { record, purpose, note: None, id: Some(EventId::from_bytes([n; 16])) };
        let wants = SyncRequest {
            asks: Some(vec![ask]),
            words: Some(vec![record]),
            wants: Some(vec![record]),
            recover: Some(0),
            ..device.request()
        };
        let frames = device.send(&wants);
        let given = frames.iter().any(|f| {
            f.words.is_some()
                || f.relock.is_some()
                || f.entries
                    .iter()
                    .flatten()
                    .any(|e| matches!(e, sync::wire::Entry::Change { record: Some(of), .. } if *of == record))
        });
        assert!(!given, "{user} was given something of it");
        std::fs::write(day.file(&format!("{user}.frames")), frames.iter().flat_map(Frame::encode).collect::<Vec<u8>>())
            .expect("written");
    }
    day.id = id;
    day
}

#[test]
fn it_is_found_nowhere_but_with_those_who_are_entrusted() {
    let mut day = a_day();
    let gia = day.replica(GIA);
    // The search finds it where it is shown.
    let shown = TempDir::new().expect("a folder");
    std::fs::write(shown.path().join("said"), gia.show(&day.id).to_string()).expect("written");
    let found = canaries(&wanted(), &[shown.path()]);
    assert!([0, 1, 2, 3].iter().all(|n| found.iter().any(|hit| hit.canary == *n)), "{found:?}");

    let data = day.server.data();
    assert_eq!(canaries(&wanted(), &[&data, day.out.path()]), []);
    day.server.stop();
    assert_eq!(canaries(&wanted(), &[&data, day.out.path()]), []);
    for (n, replica) in day.replicas.iter().enumerate() {
        assert_eq!(canaries(&wanted(), &[replica.home()]), []);
        // Opened, only hers has the words, in the row that her list and her search are made of; who spoke is sealed there, too.
        let words = canaries(&wanted(), &[decrypted(replica.home()).path()]);
        let mut which: Vec<usize> = words.iter().map(|hit| hit.canary).collect();
        which.sort_unstable();
        which.dedup();
        assert_eq!(which, if n == GIA { vec![0, 1] } else { vec![] }, "{}", PEOPLE[n]);
    }
}

/// Whose id it was that logged it stands nowhere beside it: not at the server, not with those who hold it.
#[test]
fn who_logged_it_stands_nowhere_beside_it() {
    let day = a_day();
    let lan: Json = day.replica(LAN).run(&["status"]);
    let lan: uuid::Uuid = text(&lan, "device").parse().expect("a UUID");
    let conn = store::open_read_only(&day.server.data()).expect("the database");
    let record: uuid::Uuid = day.id.parse().expect("a UUID");
    let writers: Vec<(Vec<u8>, String)> = conn
        .prepare(
            "SELECT d.id, d.user FROM change c JOIN record r ON r.idx = c.record JOIN device d ON d.idx = c.device
             WHERE r.id = ?1 UNION SELECT d.id, d.user FROM identity v JOIN record r ON r.idx = v.record
             JOIN device d ON d.idx = v.device WHERE r.id = ?1",
        )
        .and_then(|mut s| s.query_map([record.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .expect("rows");
    let mut users: Vec<&str> = writers.iter().map(|(_, user)| user.as_str()).collect();
    users.sort_unstable();
    assert_eq!(users, ["", "gia", "kinh"], "a pseudonym logged it");
    assert!(writers.iter().all(|(id, _)| id != lan.as_bytes()));
    // Its row in the table of devices, and the change itself, name no key of hers.
    let snapshot: Vec<u8> =
        conn.query_row("SELECT snapshot FROM record WHERE id = ?1", [record.as_bytes()], |r| r.get(0)).expect("a row");
    for bytes in [lan.as_bytes().as_slice(), b"cb-30904", b"30904-vt"] {
        assert!(!snapshot.windows(bytes.len()).any(|w| w == bytes), "the document tells who or where");
    }
    // Nor can it be told from what else she has written: by the life of her database, by the hour, by her last contact.
    let one = |sql: &str| -> i64 { conn.query_row(sql, [record.as_bytes()], |r| r.get(0)).expect("a count") };
    let of = "SELECT c.epoch FROM change c JOIN record r ON r.idx = c.record JOIN device d ON d.idx = c.device
              WHERE r.id = ?1 AND d.user = ''";
    assert_eq!(one(&format!("SELECT count(*) FROM change WHERE epoch IN ({of})")), 1, "a life of its own");
    let lan_wrote =
        "SELECT count(*) FROM change c JOIN device d ON d.idx = c.device WHERE d.user = 'lan' AND ?1 IS NOT NULL";
    assert!(one(lan_wrote) >= 2, "she has written beside it");
    let today =
        now().to_zoned(jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone")).start_of_day().expect("a day");
    let came = one(
        "SELECT max(c.received_at) FROM change c JOIN record r ON r.idx = c.record JOIN device d ON d.idx = c.device
         WHERE r.id = ?1 AND d.user = ''",
    );
    assert_eq!(came, today.timestamp().as_millisecond());
    let told = one("SELECT count(*) FROM identity v JOIN record r ON r.idx = v.record JOIN device d ON d.idx = v.device
                    WHERE r.id = ?1 AND d.user = '' AND (v.received_at % 86400000 <> 61200000 OR v.at % 86400000 <> 61200000)");
    assert_eq!(told, 0, "versions say the day, which begins at 17:00 UTC");
    let contacts = one("SELECT count(*) FROM device d, change c JOIN record r ON r.idx = c.record
         WHERE r.id = ?1 AND d.user = 'lan' AND (d.open_position = c.position OR d.last_contact = c.received_at)");
    assert_eq!(contacts, 0);
    // With the entrusted her device is not known; the body knows it from the other petition, Front staff too.
    let known = |n: usize| -> i64 {
        let conn = database(day.replica(n).home());
        conn.query_row("SELECT count(*) FROM device WHERE device = ?1", [lan.as_bytes()], |r| r.get(0))
            .expect("a count")
    };
    assert_eq!([GIA, KINH, THU].map(known), [0, 1, 1]);
    // Nothing that she keeps of it proves that it was hers.
    let hers = database(day.replica(LAN).home());
    let left = |table: &str, column: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?1");
        hers.query_row(&sql, [record.as_bytes()], |r| r.get(0)).expect("a count")
    };
    let tables = [
        ("record", "id"),
        ("petition", "record"),
        ("outbox", "record"),
        ("departed", "record"),
        ("own_change", "record"),
    ];
    let more = [("pseudonym", "record"), ("identity", "record"), ("want", "record"), ("offer", "record")];
    for (table, column) in tables.into_iter().chain(more) {
        assert_eq!(left(table, column), 0, "{table}");
    }
    let receipts: Vec<Vec<u8>> = hers
        .prepare("SELECT items FROM receipt")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("receipts");
    assert!(!receipts.is_empty());
    assert!(!receipts.iter().any(|items| items.windows(16).any(|w| w == record.as_bytes())), "a receipt names it");
}

#[test]
fn no_key_of_the_servers_opens_it() {
    let day = a_day();
    let data = day.server.data();
    let mut keys: Vec<[u8; 32]> = Vec::new();
    for (file, bytes) in support::files(&data.join("keys")) {
        assert!(bytes.len() >= 32, "{}", file.display());
        // Every window of 32 bytes of every key file, as it lies and as hex letters say it.
        keys.extend(bytes.windows(32).map(|w| <[u8; 32]>::try_from(w).expect("32 bytes")));
        let hex: String = String::from_utf8_lossy(&bytes).chars().filter(char::is_ascii_hexdigit).collect();
        let decoded = data_encoding::HEXLOWER_PERMISSIVE.decode(&hex.as_bytes()[..hex.len() / 64 * 64]);
        keys.extend(decoded.unwrap_or_default().chunks_exact(32).map(|w| <[u8; 32]>::try_from(w).expect("32 bytes")));
    }
    let conn = store::open_read_only(&data).expect("the database");
    let tenant = store::read_tenant(&conn).expect("a tenant").id;
    let locks: Vec<([u8; 16], i64)> = conn
        .prepare("SELECT version, device FROM identity_lock")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .expect("rows");
    // The words, who spoke, and who spoke as it was put right; each for gia's device and for the recovery key.
    assert_eq!(locks.len(), 6);
    let receiving: [u8; 32] = {
        let value: Vec<u8> = database(day.replica(GIA).home())
            .query_row("SELECT value FROM meta WHERE key = 'receiving_key'", [], |r| r.get(0))
            .expect("a key");
        value.try_into().expect("32 bytes")
    };
    let recovery = RecoveryKey::parse(day.server.recovery_key()).expect("a key");
    for (version, device) in locks {
        let stored = store::version(&conn, EventId::from_bytes(version)).expect("read").expect("there");
        assert!(stored.locked.is_empty(), "nothing is locked for the tenant's key");
        let author = store::device_by_index(&conn, stored.device).expect("an author");
        let claim = IdentityClaim { tenant, device: author.id, version: &stored.version };
        let locked = store::lock_for(&conn, stored.version.version, device).expect("read").expect("there");
        let opened = |key: &[u8; 32]| claim.unlock(&locked, |p, b, l| sync::sealed::open(key, p, b, l)).is_some();
        assert!(!keys.iter().any(opened), "a key of the server's opens it");
        // Those it is for do.
        match device {
            store::RECOVERY => assert!(claim.unlock(&locked, |p, b, l| recovery.open(p, b, l)).is_some()),
            _ => assert!(opened(&receiving)),
        }
    }
    assert!(number(&day.server.run(&["audit", "verify"]), "lines") > 0);
}
