//! Sealed petitions on ways on which they might be lost, shut away, or laid open.

mod support;

use minicbor::bytes::ByteVec;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rusqlite::Connection;
use server::store;
use support::{Device, Json, Replica, Server, list, number, text, with_entrusted};
use sync::id::EventId;
use sync::wire::{IdentityAck, Lock, PushedIdentity, SignedVersion, SyncRequest};

const WORDS: &str = "Cán bộ địa chính đòi tiền mới đo đất";

fn denounce(replica: &Replica) -> String {
    let args =
        ["petition", "log", "--sealed", "--unit", "30904", "--text", WORDS, "--name", "Bà Sáu", "--phone", "0901"];
    text(&replica.run(&args), "id").to_owned()
}

fn administer(server: &Server, administrator: &Replica, toml: &str) {
    let file = server.folder().join("more.toml");
    std::fs::write(&file, toml).expect("a file");
    administrator.run(&["directory", "apply", file.to_str().expect("letters")]);
    administrator.sync();
}

fn reads(replica: &Replica, id: &str) -> bool {
    let shown = replica.show(id);
    shown["wordless"] == Json::Bool(false) && text(&shown, "text") == WORDS
}

fn assert_arrived(replica: &Replica, id: &str) {
    replica.sync();
    assert!(reads(replica, id), "{}", replica.show(id));
    let told = replica.run(&["petition", "identity", id, "--purpose", "verify"]);
    assert_eq!(text(&told, "name"), "Bà Sáu");
}

#[test]
fn a_nearer_office_that_gets_somebody_meanwhile_keeps_no_words_from_the_one_it_was_logged_for() {
    let near = [r#"posts = ["gk"]"#, r#"posts = ["gk-2"]"#];
    let directory = near.iter().fold(with_entrusted(), |d, posts| d.replace(posts, "posts = []"));
    let server = Server::start(&directory);
    let [lan, quan] = ["lan", "quan"].map(|user| server.enroll(user));
    [&lan, &quan].into_iter().for_each(|p| drop(p.sync()));
    // Nobody in the commune: the province is entrusted, whose device nobody knows yet.
    let id = denounce(&lan);
    let tinh = server.enroll("tinh");
    administer(&server, &quan, "[[user]]\ncode = \"gia\"\nposts = [\"gk\"]\n");
    let gia = server.enroll("gia");
    assert_eq!(number(&lan.sync(), "pending"), 0);
    assert_arrived(&tinh, &id);
    gia.sync();
    assert_eq!(gia.petitions(), Vec::<Json>::new(), "it was not logged for the commune's");
}

#[test]
fn an_officer_whose_post_has_moved_meanwhile_still_brings_what_was_told() {
    let server = Server::start(&with_entrusted());
    let [lan, quan] = ["lan", "quan"].map(|user| server.enroll(user));
    [&lan, &quan].into_iter().for_each(|p| drop(p.sync()));
    let id = denounce(&lan);
    let gia = server.enroll("gia");
    administer(&server, &quan, "[[user]]\ncode = \"lan\"\nposts = [\"cb-30910\"]\n");
    assert_eq!(number(&lan.sync(), "pending"), 0);
    assert_arrived(&gia, &id);
}

#[test]
fn among_much_other_work_it_arrives_like_everything_else() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = denounce(&lan);
    let long = support::speech(&mut StdRng::seed_from_u64(5), 60_000);
    for _ in 0..4 {
        lan.log(&long, &["--unit", "30904"]);
    }
    let sent = lan.sync();
    assert!(number(&sent, "requests") > 2, "{sent}");
    assert_eq!((number(&sent, "pushed"), number(&sent, "sealed")), (5, 1));
    assert_arrived(&gia, &id);
}

#[test]
fn an_office_that_was_merged_meanwhile_is_meant_by_what_took_its_place() {
    let server = Server::start(&with_entrusted());
    let [lan, quan] = ["lan", "quan"].map(|user| server.enroll(user));
    [&lan, &quan].into_iter().for_each(|p| drop(p.sync()));
    let id = denounce(&lan);
    let merged = "[[office]]\ncode = \"mttq-moi\"\nname = \"Ủy ban MTTQ Việt Nam xã mới\"\nparent = \"mttq-91\"\n\
                  [[office]]\ncode = \"mttq-30904\"\nvalid_to = \"2026-01-31\"\nsuccessors = [\"mttq-moi\"]\n\
                  [[post]]\ncode = \"gk-moi\"\nrole = \"sealed_handler\"\noffice = \"mttq-moi\"\n\
                  [[user]]\ncode = \"gia\"\nposts = [\"gk-moi\"]\n";
    administer(&server, &quan, merged);
    let gia = server.enroll("gia");
    let sent = lan.sync();
    assert_eq!((number(&sent, "refused"), number(&sent, "pending"), number(&sent, "sealed")), (0, 0, 1));
    assert_arrived(&gia, &id);
}

#[test]
fn what_was_refused_is_read_by_its_author_and_goes_when_it_can() {
    let server = Server::start(&with_entrusted());
    let [gia, lan, quan] = ["gia", "lan", "quan"].map(|user| server.enroll(user));
    [&gia, &lan, &quan].into_iter().for_each(|p| drop(p.sync()));
    let id = denounce(&lan);
    administer(&server, &quan, "[[unit]]\ncode = \"30904\"\nkind = \"hamlet\"\nparent = \"30910\"\n");
    let report = lan.run(&["sync"]);
    assert_eq!(number(&report, "refused"), 1, "{report}");
    let refused = lan.run(&["refused", "list"]);
    assert_eq!(text(&refused[0]["says"], "text"), WORDS);
    administer(&server, &quan, "[[unit]]\ncode = \"30904\"\nkind = \"commune\"\nparent = \"\"\n");
    lan.run(&["sync"]);
    lan.run(&["refused", "retry", text(&refused[0], "id")]);
    assert_eq!(number(&lan.sync(), "pending"), 0);
    assert_arrived(&gia, &id);
}

#[test]
fn whoever_puts_a_person_right_has_looked_first_and_loses_nothing_that_was_known() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = denounce(&lan);
    lan.sync();
    gia.sync();
    let line = gia.refused(&["petition", "identify", &id, "--name", "Bà Sáu Liên"]);
    assert!(line.contains("petition identity"), "{line}");
    gia.run(&["petition", "identity", &id, "--purpose", "correct"]);
    gia.run(&["petition", "identify", &id, "--name", "Bà Sáu Liên"]);
    gia.sync();
    let told = gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!((text(&told, "name"), text(&told["origin"], "user")), ("Bà Sáu Liên", "lan"));
}

/// Everything that the server keeps of a petition's sealed versions.
fn versions(server: &Server) -> Vec<(SignedVersion, Vec<u8>)> {
    let conn = store::open_read_only(&server.data()).expect("the database");
    let ids: Vec<[u8; 16]> = conn
        .prepare("SELECT version FROM identity ORDER BY version")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("rows");
    let read = |id: [u8; 16]| {
        let stored = store::version(&conn, EventId::from_bytes(id)).expect("read").expect("there");
        let author = store::device_by_index(&conn, stored.device).expect("an author");
        (SignedVersion::new(&stored.version, author.id, stored.signature), stored.locked)
    };
    ids.into_iter().map(read).collect()
}

fn tenant_key(server: &Server) -> [u8; 32] {
    let key = std::fs::read_to_string(server.data().join("keys/tenant.pub")).expect("a key");
    data_encoding::HEXLOWER.decode(key.trim().as_bytes()).expect("hex").try_into().expect("32 bytes")
}

#[test]
fn who_has_a_version_can_neither_lay_it_open_nor_shut_others_out_of_it() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = denounce(&lan);
    lan.sync();
    gia.sync();
    let nga = server.enroll("nga");
    let nga_id = text(&nga.run(&["status"]), "device").parse().expect("a UUID");
    // An officer's device that has got hold of both versions brings them again: as ordinary ones, locked for the tenant with
    // some key; and with locks for her that are none.
    let device = Device::enroll(&server, "hung", 9);
    let known = versions(&server);
    assert_eq!(known.len(), 2);
    for (signed, _) in &known {
        let version = signed.version();
        let claim = sync::identity::IdentityClaim {
            tenant: server.tenant().parse().expect("a UUID"),
            device: signed.device,
            version: &version,
        };
        let some = sync::identity::DataKey([7; 32]);
        let open = claim.lock(&some, &tenant_key(&server), [8; 32]).expect("locked");
        let laid_open = PushedIdentity { signed: signed.clone(), locked: ByteVec::from(open), locks: None };
        let junk = Lock { to: Some(nga_id), locked: ByteVec::from(vec![9; 80]) };
        let shut =
            PushedIdentity { signed: signed.clone(), locked: ByteVec::from(Vec::new()), locks: Some(vec![junk]) };
        let request = SyncRequest { identities: Some(vec![laid_open, shut]), ..device.request() };
        let frames = device.send(&request);
        let acks = frames.last().and_then(|f| f.identity_acks.clone()).expect("answers");
        assert!(matches!(acks[0], IdentityAck::Refused(_)), "{acks:?}");
    }
    assert!(versions(&server).iter().all(|(_, locked)| locked.is_empty()), "still sealed");
    gia.sync();
    assert_arrived(&nga, &id);
}

#[test]
fn a_lock_that_does_not_open_is_told_of_and_made_anew() {
    let server = Server::start(&with_entrusted());
    let [gia, lan, nga] = ["gia", "lan", "nga"].map(|user| server.enroll(user));
    lan.sync();
    let id = denounce(&lan);
    lan.sync();
    // Somebody has locked it for her badly.
    let conn = Connection::open(server.database()).expect("the database");
    let nga_id: uuid::Uuid = text(&nga.run(&["status"]), "device").parse().expect("a UUID");
    let spoilt = conn
        .execute(
            "UPDATE identity_lock SET locked = zeroblob(80) WHERE device = (SELECT idx FROM device WHERE id = ?1)",
            [nga_id.as_bytes()],
        )
        .expect("spoilt");
    assert_eq!(spoilt, 2);
    drop(conn);
    nga.run(&["sync"]);
    assert!(!reads(&nga, &id));
    nga.fails(&["petition", "identity", &id, "--purpose", "verify"]);
    gia.sync();
    gia.sync();
    assert_arrived(&nga, &id);
}

#[test]
fn whom_two_petitions_name_is_not_forgotten_for_one() {
    let server = Server::start(&with_entrusted());
    let lan = server.enroll("lan");
    lan.sync();
    let (first, second) = (denounce(&lan), denounce(&lan));
    lan.sync();
    // As no honest program writes it: both stand for one person.
    let conn = Connection::open(server.database()).expect("the database");
    conn.execute(
        "UPDATE identity SET identity = (SELECT identity FROM identity v JOIN record r ON r.idx = v.record
           WHERE r.id = ?1 AND v.identity <> r.id) WHERE record = (SELECT idx FROM record WHERE id = ?2)",
        [&first, &second].map(|id| id.parse::<uuid::Uuid>().expect("a UUID").into_bytes().to_vec()),
    )
    .expect("written");
    drop(conn);
    let line = server.fails(&["erase", "--identity", &first]);
    assert!(line.contains("several petitions") && line.contains(&second), "{line}");
    assert_eq!(list(&server.run(&["audit", "list", "--what", "identity-erased"])).len(), 0, "nothing was forgotten");
}
