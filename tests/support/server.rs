//! A server: a data folder of its own, and a process on a free port while it runs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Json, Program, Replica, assert_one_line, text};

/// A server. Its process ends with it.
pub struct Server {
    folder: TempDir,
    tenant: String,
    first_code: String,
    recovery_key: String,
    running: Option<Running>,
}

struct Running {
    child: Child,
    url: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // By its own handle: nothing else is touched. It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a refused request is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// HTTP's number.
    pub status: u16,
    /// The last part of `type`.
    pub kind: String,
    /// The whole.
    pub json: Json,
}

impl Problem {
    /// Reads an answer that must be problem+json.
    pub fn read(status: u16, media_type: &str, body: &[u8]) -> Self {
        let said = String::from_utf8_lossy(body);
        assert_eq!(media_type, "application/problem+json", "{status}: {said}");
        let json: Json = serde_json::from_slice(body).unwrap_or_else(|e| panic!("no JSON ({e}): {said}"));
        assert_eq!(json["status"].as_u64(), Some(status.into()), "{json}");
        assert!(!text(&json, "title").is_empty(), "{json}");
        assert_one_line(text(&json, "detail"));
        let kind = text(&json, "type").strip_prefix("urn:langnghe:problem/");
        let kind = kind.unwrap_or_else(|| panic!("no stable type: {json}")).to_owned();
        Self { status, kind, json }
    }
}

impl Server {
    /// A new database with a directory, served.
    pub fn start(directory: &str) -> Self {
        let mut server = Self::init(directory);
        server.serve();
        server
    }

    /// A new database with a directory, not served yet.
    pub fn init(directory: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("directory.toml");
        std::fs::write(&file, directory).expect("a directory file");
        let mut server = Self {
            folder,
            tenant: String::new(),
            first_code: String::new(),
            recovery_key: String::new(),
            running: None,
        };
        let file = file.to_str().expect("a path of letters");
        let made = server.run(&["init", "--tenant", "Thử nghiệm", "--directory", file]);
        server.tenant = text(&made, "tenant").to_owned();
        server.first_code = text(&made, "code").to_owned();
        server.recovery_key = text(&made, "recovery_key").to_owned();
        server
    }

    /// Serves, on a free port.
    pub fn serve(&mut self) {
        if let Err(line) = self.try_serve(self.command(&["serve", "--listen", "127.0.0.1:0"])) {
            panic!("the server did not start: {line:?}");
        }
    }

    /// Serves, and says everything it can say into a file.
    pub fn serve_logging_to(&mut self, file: &Path) {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("LANGNGHE_LOG", "trace").stderr(std::fs::File::create(file).expect("a file"));
        self.try_serve(command).expect("the server starts");
    }

    /// Serves at an address that it had before; waits while the port is not free again.
    pub fn serve_at(&mut self, address: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while let Err(line) = self.try_serve(self.command(&["serve", "--listen", address])) {
            assert!(Instant::now() < until, "the server does not start at {address}: {line:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Serves with files that may grow to so many kilobytes; beyond, writing fails as on a full disk.
    #[cfg(target_os = "linux")]
    pub fn serve_with_room_for(&mut self, kilobytes: u32) {
        let serve = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut command = Command::new("sh");
        // In blocks of 512 bytes; the soft limit alone, so that it can be raised again. The signal would end the process.
        let script = format!("trap '' XFSZ; ulimit -S -f {}; exec \"$@\"", kilobytes * 2);
        command.arg("-c").arg(script).arg("sh").arg(serve.get_program()).args(serve.get_args()).stdin(Stdio::null());
        self.try_serve(command).expect("the server starts");
    }

    /// The process that serves.
    pub fn process(&self) -> u32 {
        self.running.as_ref().expect("the server runs").child.id()
    }

    /// Its first line where it is not the one it serves with.
    fn try_serve(&mut self, mut command: Command) -> Result<(), String> {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let out = child.stdout.take().expect("piped");
        // From here on the process ends with the test, whatever happens.
        let running = self.running.insert(Running { child, url: String::new() });
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("the server's first line");
        match line.trim_end().strip_prefix("listening on ") {
            Some(url) => running.url = url.to_owned(),
            None => {
                self.running = None;
                return Err(line);
            }
        }
        Ok(())
    }

    /// Ends the process, as a power cut would.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.running.as_ref().expect("the server runs").url
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.url().strip_prefix("http://").expect("http")
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its database.
    pub fn database(&self) -> PathBuf {
        self.data().join("langnghe.db")
    }

    /// The tenant's id.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The code that `init` printed.
    pub fn first_code(&self) -> &str {
        &self.first_code
    }

    /// The recovery key that `init` printed.
    pub fn recovery_key(&self) -> &str {
        &self.recovery_key
    }

    /// A folder for files of the test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A new enrolment code.
    pub fn code(&self, user: &str) -> String {
        let issued = self.run(&["code", "--user", user]);
        assert_eq!(text(&issued, "user"), user);
        text(&issued, "code").to_owned()
    }

    /// A new replica of a user.
    pub fn enroll(&self, user: &str) -> Replica {
        self.enroll_as(user, Replica::new(user))
    }

    /// The same, in a folder that is not enrolled yet.
    pub fn enroll_as(&self, user: &str, replica: Replica) -> Replica {
        let enrolled = replica.run(&["enroll", self.url(), &self.code(user)]);
        assert_eq!(text(&enrolled, "user"), user);
        assert_eq!(text(&enrolled, "tenant"), self.tenant);
        replica
    }

    /// Runs `langnghe-server` on its data folder; what it prints.
    pub fn run(&self, args: &[&str]) -> Json {
        let out = self.output(args);
        let (said, error) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "langnghe-server {args:?}: {error}");
        serde_json::from_str(&said)
            .unwrap_or_else(|e| panic!("langnghe-server {args:?}: not one JSON value ({e}): {said}"))
    }

    /// Runs what must fail; its one line.
    pub fn fails(&self, args: &[&str]) -> String {
        let out = self.output(args);
        let error = String::from_utf8(out.stderr).expect("UTF-8");
        assert_eq!(out.status.code(), Some(1), "langnghe-server {args:?}: {error}");
        assert_one_line(&error);
        error
    }

    /// `langnghe-server --json ARGS --data …`, not started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Program::Server.command();
        command.arg("--json").args(args).arg("--data").arg(self.data()).stdin(Stdio::null());
        command
    }

    fn output(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("langnghe-server starts")
    }

    /// Still answers, and every record still reads as its accepted changes say.
    pub fn assert_well(&self) {
        let ready = ureq::get(format!("{}/readyz", self.url())).call().expect("the server answers");
        assert_eq!(ready.status().as_u16(), 200);
        let verified = self.run(&["verify"]);
        assert_eq!(super::list(&verified["wrong"]).len(), 0, "{verified}");
    }
}
