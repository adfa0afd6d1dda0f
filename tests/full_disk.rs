//! The server's disk is full: it only reads, says so, loses nothing, and goes on by itself when there is room again.
#![cfg(target_os = "linux")]

mod support;

use std::process::Command;

use support::{Replica, Server, TWO_COMMUNES, text};

fn ready(server: &Server) -> (u16, String) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut answer = agent.get(format!("{}/readyz", server.url())).call().expect("the server answers");
    (answer.status().as_u16(), answer.body_mut().read_to_string().expect("text"))
}

fn texts(replica: &Replica) -> Vec<usize> {
    replica.petitions().iter().map(|p| text(p, "text").len()).collect()
}

#[test]
fn a_full_disk_stops_the_writing_and_nothing_else() {
    let mut server = Server::init(TWO_COMMUNES);
    // Files may grow to 1.5 MB: what the kernel says then is what it says of a disk that cannot be written.
    server.serve_with_room_for(1500);
    let lan = server.enroll("lan");
    let thu = server.enroll("thu");
    lan.run(&["petition", "log", "--unit", "30904", "--channel", "letter", "--text", "trước khi đầy"]);
    lan.sync();

    // Words that do not compress, until there is no room for more.
    let mut seed = 1u64;
    let mut letters = || {
        let mut draw = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + u8::try_from((seed >> 33) % 26).expect("a letter"))
        };
        (0..60_000).map(|_| draw()).collect::<String>()
    };
    let mut logged = 1;
    let line = loop {
        assert!(logged < 60, "the disk does not fill");
        lan.run_with(&["petition", "log", "--unit", "30904", "--channel", "letter", "--text", "-"], &letters());
        logged += 1;
        let out = lan.command(&["sync"]).output().expect("langnghe ends");
        if !out.status.success() {
            break String::from_utf8(out.stderr).expect("UTF-8");
        }
    };
    assert!(line.contains("máy chủ hết chỗ ghi"), "{line}");
    assert_eq!(ready(&server).0, 503, "{:?}", ready(&server));
    assert!(ready(&server).1.contains("read-only"), "{:?}", ready(&server));
    // Who only reads is answered; who writes keeps what is written, and reads too.
    thu.sync();
    assert_eq!(thu.petitions().len(), logged - 1);
    let id = text(&thu.petitions()[0], "id").to_owned();
    thu.run_with(&["petition", "comment", &id, "--text", "-"], &letters());
    assert!(thu.refused(&["sync"]).contains("máy chủ hết chỗ ghi"));
    assert_eq!(thu.run(&["status"])["pending"], 1);

    let room = Command::new("prlimit").args(["--pid", &server.process().to_string(), "--fsize=unlimited"]).status();
    assert!(room.expect("prlimit, of util-linux").success());
    lan.sync();
    assert_eq!(ready(&server), (200, "ok".to_owned()));
    thu.sync();
    lan.sync();
    assert_eq!(texts(&lan), texts(&thu));
    assert_eq!(lan.petitions().len(), logged);
    server.assert_well();
}
