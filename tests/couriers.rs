//! Sync without a network: files carried by hand.

mod support;

use std::path::{Path, PathBuf};

use support::{Json, Replica, Server, TWO_COMMUNES, list, number, text};

/// A folder for files on their way.
struct Bag(tempfile::TempDir);

impl Bag {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn log(replica: &Replica, said: &str) -> String {
    replica.log(said, &["--unit", "30904", "--channel", "letter"])
}

/// A round by hand: asked, answered where the server is, taken in.
fn round(server: &Server, replica: &Replica, bag: &Bag, name: &str) -> Json {
    let (request, reply) = (bag.file(name), bag.file(&format!("{name}.reply")));
    replica.run(&["bundle", "request", path(&request)]);
    let answered = server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    assert!(number(&answered, "bytes") > 0);
    replica.run(&["bundle", "apply", path(&reply)])
}

fn texts(replica: &Replica) -> Vec<(String, String)> {
    let pair = |p: &Json| (text(p, "text").to_owned(), text(p, "status").to_owned());
    let mut texts: Vec<_> = replica.petitions().iter().map(pair).collect();
    texts.sort();
    texts
}

fn report(server: &Server) -> Json {
    let month = support::now().strftime("%Y-%m").to_string();
    let mut report = server.run(&["report", "monthly", "--month", &month]);
    report["as_of"] = Json::Null;
    report["oldest"] = Json::Null;
    report
}

/// The day of one commune: an officer logs, Front staff refer, a body resolves, the officer answers. `sync` is how each of
/// them reaches the server.
fn day(server: &Server, sync: &dyn Fn(&Replica)) -> (Vec<(String, String)>, Json) {
    let [lan, thu, kinh] = ["lan", "thu", "kinh"].map(|user| server.enroll(user));
    let ids: Vec<String> = (1..=4).map(|n| log(&lan, &format!("Đường ấp hỏng, đoạn {n}"))).collect();
    sync(&lan);
    sync(&thu);
    for id in &ids {
        thu.petition("classify", id, &["--kind", "feedback", "--category", "roads"]);
    }
    thu.petition("refer", &ids[0], &["--to", "kt"]);
    thu.petition("refer", &ids[1], &["--to", "kt"]);
    sync(&thu);
    sync(&kinh);
    assert_eq!(kinh.petitions().len(), 2, "what lies with the body and nothing else");
    kinh.petition("accept", &ids[0], &[]);
    kinh.petition("resolve", &ids[0], &["--outcome", "settled", "--text", "Đã san lấp"]);
    kinh.petition("return", &ids[1], &["--reason", "không thuộc thẩm quyền"]);
    sync(&kinh);
    sync(&thu);
    thu.petition("answer", &ids[0], &["--by", "phone"]);
    sync(&thu);
    [&lan, &kinh, &thu].into_iter().for_each(sync);
    assert_eq!(kinh.petitions().len(), 1, "what was returned has left");
    assert_eq!(texts(&lan), texts(&thu));
    server.assert_well();
    (texts(&thu), report(server))
}

#[test]
fn a_day_by_files_alone_is_the_same_as_by_network() {
    let by_network = {
        let server = Server::start(TWO_COMMUNES);
        day(&server, &|replica| {
            replica.sync();
        })
    };
    let server = Server::start(TWO_COMMUNES);
    let bag = Bag::new();
    let rounds = std::cell::Cell::new(0);
    let by_files = day(&server, &|replica| {
        rounds.set(rounds.get() + 1);
        let taken = round(&server, replica, &bag, &format!("goi-{}", rounds.get()));
        assert_eq!((number(&taken, "refused"), number(&taken, "pending")), (0, 0));
    });
    assert_eq!(by_files, by_network);
    assert_eq!(by_files.0.iter().filter(|(_, status)| status == "answered").count(), 1);
}

#[test]
fn a_bundle_carried_twice_late_or_to_the_wrong_place_harms_nothing() {
    let server = Server::start(TWO_COMMUNES);
    let bag = Bag::new();
    let lan = server.enroll("lan");
    let thu = server.enroll("thu");
    log(&lan, "một");
    let (request, reply, late) = (bag.file("a"), bag.file("a.reply"), bag.file("late.reply"));
    lan.run(&["bundle", "request", path(&request)]);
    // She goes on working while the file is on its way.
    log(&lan, "hai");
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    server.run(&["bundle", "exchange", path(&request), path(&late)]);
    let taken = lan.run(&["bundle", "apply", path(&reply)]);
    assert_eq!((number(&taken, "pushed"), number(&taken, "pending")), (1, 1), "the later one waits for the next");
    for again in [&reply, &late] {
        let line = lan.refused(&["bundle", "apply", path(again)]);
        assert!(line.contains("không chờ gói trả lời này"), "{line}");
    }
    assert!(thu.refused(&["bundle", "apply", path(&reply)]).contains("máy khác"));
    assert!(lan.refused(&["bundle", "apply", path(&request)]).contains("chưa phải gói trả lời"));
    assert!(lan.refused(&["bundle", "carry", path(&reply)]).contains("gói trả lời"));
    assert!(server.fails(&["bundle", "exchange", path(&reply), path(&bag.file("x"))]).contains("reply"));

    // A reply that comes after the device has synced otherwise.
    let (request, reply) = (bag.file("b"), bag.file("b.reply"));
    lan.run(&["bundle", "request", path(&request)]);
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    thu.sync();
    log(&thu, "ba");
    thu.sync();
    lan.sync();
    assert!(lan.refused(&["bundle", "apply", path(&reply)]).contains("đã cũ"));
    thu.sync();
    assert_eq!(texts(&lan), texts(&thu));
    assert_eq!(texts(&lan).len(), 3);
    server.assert_well();
}

#[test]
fn whoever_finds_or_changes_a_bundle_gains_nothing() {
    let server = Server::start(TWO_COMMUNES);
    let bag = Bag::new();
    let lan = server.enroll("lan");
    let secret = "Lời không ai được đọc";
    log(&lan, secret);
    let (request, reply) = (bag.file("a"), bag.file("a.reply"));
    lan.run(&["bundle", "request", path(&request)]);
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    let made = std::fs::read(&request).expect("a file");
    let answered = std::fs::read(&reply).expect("a file");
    for bytes in [&made, &answered] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()));
        assert!(zstd::decode_all(bytes.as_slice()).is_err());
    }
    let (changed, out) = (bag.file("changed"), bag.file("out"));
    for at in (0..made.len()).step_by(11) {
        let mut other = made.clone();
        other[at] ^= 0x20;
        std::fs::write(&changed, &other).expect("a file");
        server.fails(&["bundle", "exchange", path(&changed), path(&out)]);
    }
    for at in (0..answered.len()).step_by(37) {
        let mut other = answered.clone();
        other[at] ^= 0x20;
        std::fs::write(&changed, &other).expect("a file");
        lan.refused(&["bundle", "apply", path(&changed)]);
    }
    std::fs::write(&changed, &answered[..answered.len() - 1]).expect("a file");
    assert!(lan.refused(&["bundle", "apply", path(&changed)]).contains("chép chưa đủ"));
    // All of that has not touched what the true reply does.
    assert_eq!(number(&lan.run(&["bundle", "apply", path(&reply)]), "pending"), 0);
    // Another tenant's server and another tenant's device.
    let elsewhere = Server::start(TWO_COMMUNES);
    assert!(elsewhere.fails(&["bundle", "exchange", path(&request), path(&out)]).contains("another tenant"));
    let stranger = elsewhere.enroll("lan");
    assert!(stranger.refused(&["bundle", "carry", path(&request)]).contains("đơn vị khác"));
    // A device that is let in no more.
    let device = text(&lan.run(&["status"]), "device").to_owned();
    let last = bag.file("last");
    log(&lan, "sau cùng");
    lan.run(&["bundle", "request", path(&last)]);
    server.run(&["device", "revoke", &device]);
    assert!(server.fails(&["bundle", "exchange", path(&last), path(&out)]).contains("revoked"));
}

#[test]
fn a_neighbour_with_a_network_carries_it() {
    let mut server = Server::start(TWO_COMMUNES);
    let bag = Bag::new();
    let hung = server.enroll("hung");
    let neighbour = server.enroll("xa");
    hung.run(&[
        "petition",
        "log",
        "--unit",
        "30904",
        "--hamlet",
        "30904-vt",
        "--channel",
        "letter",
        "--text",
        "Kênh cạn",
    ]);
    let (request, reply) = (bag.file("a"), bag.file("a.reply"));
    hung.run(&["bundle", "request", path(&request)]);
    server.stop();
    let waits = neighbour.run(&["bundle", "carry", path(&request)]);
    assert_eq!(waits["answered"], false, "{waits}");
    assert!(!reply.exists());
    // What is carried is not the carrier's: it can neither be seen nor found in the bytes of the folder.
    assert_eq!(neighbour.petitions().len(), 0);
    assert!(!neighbour.has_bytes("Kênh cạn"));
    server.serve();
    let neighbour = moved(&server, neighbour);
    let handed = neighbour.run(&["bundle", "carry", path(&request)]);
    assert_eq!(handed["answered"], true, "{handed}");
    assert!(!neighbour.has_bytes("Kênh cạn"));
    let taken = hung.run(&["bundle", "apply", path(&reply)]);
    assert_eq!((number(&taken, "pushed"), number(&taken, "pending")), (1, 0));
    let thu = server.enroll("thu");
    assert_eq!(list(&thu.run(&["petition", "list"])).len(), 1);
    server.assert_well();
}

/// The server has come back on another port.
fn moved(server: &Server, replica: Replica) -> Replica {
    let database = support::database(replica.home());
    database.execute("UPDATE meta SET value = ?1 WHERE key = 'url'", [server.url()]).expect("written");
    replica
}
