//! A replica on the command line: a folder and a person.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::canary::files;
use super::{Json, Program, assert_one_line, assert_vietnamese, decrypted, list, text};

/// One device's replica.
pub struct Replica {
    home: TempDir,
    user: String,
    /// How far its clock is moved, in seconds.
    clock: std::cell::Cell<i64>,
    pin: Option<String>,
}

impl Replica {
    /// A folder for a device that is not enrolled yet.
    pub fn new(user: &str) -> Self {
        let clock = std::cell::Cell::new(0);
        Self { home: TempDir::new().expect("a folder"), user: user.to_owned(), clock, pin: None }
    }

    /// The same, whose commands are given this PIN from here on.
    pub fn with_pin(mut self, pin: &str) -> Self {
        self.pin = Some(pin.to_owned());
        self
    }

    /// Its folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Moves its clock to so many days from the true time.
    pub fn set_clock(&self, days: i64) {
        self.clock.set(days * 86_400);
    }

    /// `langnghe --home … --json ARGS`, not started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Program::Replica.command();
        command.env("LANGNGHE_TEST_CLOCK", self.clock.get().to_string());
        command.arg("--home").arg(self.home()).arg("--json").args(args);
        if let Some(pin) = &self.pin {
            command.env("LANGNGHE_PIN", pin);
        }
        command
    }

    /// Runs a command that must succeed; the one JSON value it prints.
    pub fn run(&self, args: &[&str]) -> Json {
        self.run_with(args, "")
    }

    /// The same, with something to read on standard input.
    pub fn run_with(&self, args: &[&str], input: &str) -> Json {
        let out = self.output(args, input);
        let (said, error) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "{}: langnghe {args:?}: {error}", self.user);
        let json = serde_json::from_str(&said);
        json.unwrap_or_else(|e| panic!("{}: langnghe {args:?}: not one JSON value ({e}): {said}", self.user))
    }

    /// Runs a command that must fail; its exit code and what it says on standard error.
    pub fn fails(&self, args: &[&str]) -> (i32, String) {
        self.fails_with(args, "")
    }

    /// The same, with something to read on standard input.
    pub fn fails_with(&self, args: &[&str], input: &str) -> (i32, String) {
        let out = self.output(args, input);
        let error = String::from_utf8(out.stderr).expect("UTF-8");
        assert!(!out.status.success(), "{}: langnghe {args:?} succeeded", self.user);
        // With --json standard output is one JSON value also then: the same line.
        let said: Json =
            serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("langnghe {args:?}: no JSON ({e})"));
        assert!(error.contains(text(&said, "error")), "{}: langnghe {args:?}: {said} and {error}", self.user);
        (out.status.code().unwrap_or(-1), error)
    }

    /// Runs a command that must be refused: exit code 1 and one line, which is given.
    pub fn refused(&self, args: &[&str]) -> String {
        self.refused_with(args, "")
    }

    /// The same, with something to read on standard input.
    pub fn refused_with(&self, args: &[&str], input: &str) -> String {
        let (code, error) = self.fails_with(args, input);
        assert_eq!(code, 1, "{}: langnghe {args:?}: {error}", self.user);
        assert_one_line(&error);
        assert_vietnamese(&error);
        error
    }

    fn output(&self, args: &[&str], input: &str) -> Output {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("langnghe starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.as_bytes().to_vec();
        // A program that does not read its input must not stop the test.
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let out = child.wait_with_output().expect("langnghe ends");
        let _ = writer.join();
        out
    }

    /// Syncs; nothing is refused and nothing stays behind.
    pub fn sync(&self) -> Json {
        let report = self.run(&["sync"]);
        let rest = (report["refused"].as_u64(), report["pending"].as_u64());
        assert_eq!(rest, (Some(0), Some(0)), "{}: {report}", self.user);
        report
    }

    /// Logs a petition; its id.
    pub fn log(&self, text_of_it: &str, args: &[&str]) -> String {
        let all = [&["petition", "log", "--text", text_of_it][..], args].concat();
        let logged = self.run(&all);
        assert!(!text(&logged, "code").is_empty());
        text(&logged, "id").to_owned()
    }

    /// An event on a petition.
    pub fn petition(&self, event: &str, id: &str, args: &[&str]) -> Json {
        let done = self.run(&[&["petition", event, id][..], args].concat());
        assert!(done["event"].is_string(), "petition {event}: {done}");
        done
    }

    /// A petition.
    pub fn show(&self, id: &str) -> Json {
        self.run(&["petition", "show", id])
    }

    /// Its status.
    pub fn status_of(&self, id: &str) -> String {
        text(&self.show(id), "status").to_owned()
    }

    /// Every petition it holds, oldest first by id.
    pub fn petitions(&self) -> Vec<Json> {
        let listed = self.run(&["petition", "list", "--limit", "1000"]);
        let mut petitions = list(&listed).to_vec();
        petitions.sort_by(|a, b| text(a, "id").cmp(text(b, "id")));
        petitions
    }

    /// The bytes of what it holds, as whoever has its key reads them: the database decrypted, and every other file.
    pub fn raw_bytes(&self) -> Vec<u8> {
        let plain = decrypted(self.home());
        files(self.home()).into_iter().chain(files(plain.path())).flat_map(|(_, bytes)| bytes).collect()
    }

    /// Whether it holds these letters.
    pub fn has_bytes(&self, letters: &str) -> bool {
        let bytes = self.raw_bytes();
        bytes.windows(letters.len()).any(|window| window == letters.as_bytes())
    }
}
