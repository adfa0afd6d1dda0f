//! What comes from outside and is not as it should be: one clear line or one problem+json each; nothing is lost, and
//! nobody else notices.

#[path = "bad_input/changes.rs"]
mod changes;
#[path = "bad_input/commands.rs"]
mod commands;
#[path = "bad_input/databases.rs"]
mod databases;
#[path = "bad_input/enrolment.rs"]
mod enrolment;
#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/language.rs"]
mod language;
#[path = "bad_input/requests.rs"]
mod requests;
mod support;

use support::{Replica, Server, TWO_COMMUNES, list, text};

/// A server that somebody already works with: what Lan has logged and synced must be there whatever comes.
struct Office {
    server: Server,
    lan: Replica,
    kept: String,
}

impl Office {
    fn open() -> Self {
        let server = Server::start(TWO_COMMUNES);
        let lan = server.enroll("lan");
        let kept = lan.log("Đường vào ấp ngập nước mỗi khi triều lên", &["--unit", "30904"]);
        lan.sync();
        Self { server, lan, kept }
    }

    /// The server still serves, Lan still works, and what was logged is still there, here and on a new device.
    fn assert_unharmed(&self) {
        let next = self.lan.log("Sau mọi việc, máy vẫn ghi được", &["--unit", "30904"]);
        self.lan.sync();
        self.server.assert_well();
        let thu = self.server.enroll("thu");
        let petitions = thu.petitions();
        for id in [&self.kept, &next] {
            assert!(petitions.iter().any(|p| text(p, "id") == id), "{id} is lost");
        }
        assert_eq!(list(&self.lan.run(&["refused", "list"])).len(), 0);
    }
}
