//! Who spoke is looked for, in every dress, wherever it must not be.

mod support;

use std::path::{Path, PathBuf};

use support::{Canary, Device, Replica, Server, TWO_COMMUNES, canaries, decrypted, now, number, text};
use sync::id::EventId;
use sync::wire::{Frame, IdentityAsk, SyncRequest};
use tempfile::TempDir;

const NAME: &str = "Đoàn Thị Hương Giang";
const PHONE: &str = "0987654321";
const ADDRESS: &str = "hẻm 12 tổ 4 ấp Vĩnh Thới";
/// What it became later.
const NEW_NAME: &str = "Đoàn Thị Hương Trà";

fn wanted() -> Vec<Canary> {
    [NAME, PHONE, ADDRESS, NEW_NAME].map(|words| Canary::Text(words.to_owned())).into()
}

/// Everything that comes out of a day, as files.
struct Day {
    server: Server,
    replicas: Vec<Replica>,
    out: TempDir,
}

impl Day {
    fn file(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }
}

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// A petition with who raised it, its whole way, by network and by files, with everything that is printed of it for those
/// who may not know.
fn a_day() -> Day {
    let out = TempDir::new().expect("a folder");
    let mut server = Server::init(TWO_COMMUNES);
    server.serve_logging_to(&out.path().join("server.log"));
    let replicas = ["lan", "thu", "kinh", "dang", "quan"].map(|user| server.enroll(user));
    let day = Day { server, replicas: replicas.into(), out };
    let [lan, thu, kinh, dang, quan] = day.replicas.as_slice() else { unreachable!() };
    let person = ["--name", NAME, "--phone", PHONE, "--address", ADDRESS];
    let id = lan.log("Nước máy yếu buổi chiều", &[&["--unit", "30904"], &person[..]].concat());
    lan.sync();
    thu.sync();
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.run(&["petition", "identity", &id, "--purpose", "clarify"]);
    thu.run(&["petition", "identify", &id, "--name", NEW_NAME, "--phone", PHONE]);
    let (request, reply) = (day.file("goi"), day.file("goi.reply"));
    thu.run(&["bundle", "request", letters(&request)]);
    day.server.run(&["bundle", "exchange", letters(&request), letters(&reply)]);
    thu.run(&["bundle", "apply", letters(&reply)]);
    [kinh, dang, quan, lan].into_iter().for_each(|replica| drop(replica.sync()));
    kinh.petition("accept", &id, &[]);
    kinh.petition("resolve", &id, &["--outcome", "settled", "--text", "Đã tăng áp"]);
    kinh.sync();
    for (replica, name) in [(kinh, "kinh"), (dang, "dang")] {
        replica.refused(&["petition", "identity", &id, "--purpose", "answer"]);
        std::fs::write(day.file(&format!("{name}.show")), replica.show(&id).to_string()).expect("written");
        replica.run(&["export", "petitions", "--out", letters(&day.file(&format!("{name}.csv")))]);
    }
    lan.run(&["export", "petitions", "--out", letters(&day.file("lan.csv"))]);
    let month = now().strftime("%Y-%m").to_string();
    for (name, args) in [
        ("report", vec!["report", "monthly", "--month", &month]),
        ("audit", vec!["audit", "list"]),
        ("verify", vec!["verify"]),
        ("rebuild", vec!["device", "list"]),
    ] {
        std::fs::write(day.file(name), day.server.run(&args).to_string()).expect("written");
    }
    // As it comes over the wire to a device that asks and has no right to know.
    let device = Device::enroll(&day.server, "van", 7);
    let record = text(&lan.show(&id), "id").parse().expect("a UUID");
    let ask = IdentityAsk { record, purpose: "answer".to_owned(), note: None, id: Some(EventId::from_bytes([7; 16])) };
    let frames = device.send(&SyncRequest { asks: Some(vec![ask]), ..device.request() });
    std::fs::write(day.file("frames"), frames.iter().flat_map(Frame::encode).collect::<Vec<u8>>()).expect("written");
    assert_eq!(number(&lan.run(&["status"]), "pending"), 0);
    day
}

#[test]
fn who_spoke_is_found_nowhere_but_with_those_who_may_know() {
    let mut day = a_day();
    let lan = &day.replicas[0];
    let id = text(&lan.petitions()[0], "id").to_owned();
    // The search finds it where it is shown.
    let shown = TempDir::new().expect("a folder");
    let told = lan.run(&["petition", "identity", &id, "--purpose", "handle"]);
    std::fs::write(shown.path().join("shown"), told.to_string()).expect("written");
    let found = canaries(&wanted(), &[shown.path()]);
    assert!([0, 1, 2].iter().all(|n| found.iter().any(|hit| hit.canary == *n)), "{found:?}");

    // While it runs, with its log beside its database, and as it lies afterwards: keys, journal, everything.
    let data = day.server.data();
    assert_eq!(canaries(&wanted(), &[&data, day.out.path()]), []);
    day.server.stop();
    assert_eq!(canaries(&wanted(), &[&data, day.out.path()]), []);
    // The devices' folders, and even their databases opened, for a version is sealed there as well.
    for replica in &day.replicas {
        assert_eq!(canaries(&wanted(), &[replica.home()]), []);
        assert_eq!(canaries(&wanted(), &[decrypted(replica.home()).path()]), []);
    }
}
