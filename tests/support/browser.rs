//! A browser at a server: scenarios are scripts under `web/e2e`, which ask this side for what only the server's owner can do.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::server::Server;
use super::text;

/// Where Debian puts it; `LANGNGHE_CHROMIUM` says otherwise.
const USUAL: &str = "/usr/bin/chromium";

fn chromium() -> PathBuf {
    let path = std::env::var_os("LANGNGHE_CHROMIUM").map_or_else(|| USUAL.into(), PathBuf::from);
    assert!(
        path.exists(),
        "no Chromium at {}: `cargo xtask test` installs one, or names what to install",
        path.display()
    );
    path
}

/// Plays `web/e2e/<name>.mjs` to its end. It may stop and start the server, at the same address, and ask for codes and for what
/// the server's command line says.
pub fn play(name: &str, server: &mut Server) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(root.join("web/node_modules").exists(), "the pages' packages are missing: `cargo xtask web` installs them");
    let profile = TempDir::new().expect("a folder for the browser");
    let address = server.address().to_owned();
    let script = root.join("web/e2e").join(format!("{name}.mjs"));
    let mut node = Command::new("node")
        .arg(script)
        .env("LANGNGHE_URL", server.url())
        .env("LANGNGHE_PROFILE", profile.path())
        .env("LANGNGHE_CHROMIUM", chromium())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let mut answers = node.stdin.take().expect("a pipe");
    for line in BufReader::new(node.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        let Some(asked) = line.strip_prefix("@@ ") else {
            println!("{line}");
            continue;
        };
        let asked: Json = serde_json::from_str(asked).expect("JSON");
        let given = done(&asked, server, &address);
        writeln!(answers, "{given}").expect("node reads");
    }
    ended(node, name);
}

fn done(asked: &Json, server: &mut Server, address: &str) -> Json {
    match text(asked, "do") {
        "code" => json!(server.code(text(asked, "user"))),
        "stop" => {
            server.stop();
            Json::Null
        }
        "start" => {
            server.serve_at(address);
            Json::Null
        }
        other => panic!("nothing is known of `{other}`"),
    }
}

fn ended(mut node: Child, name: &str) {
    let status = node.wait().expect("node ends");
    assert!(status.success(), "{name}: {status}; what went wrong is said above");
}
