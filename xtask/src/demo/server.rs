//! The server as a child of the demo: it ends when the demo ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::error::DemoError;
use super::folder::Folder;
use super::program::Programs;
use crate::run;

/// How long it may take to let go of its connections.
const PATIENCE: Duration = Duration::from_secs(5);

/// The running server.
pub struct Server {
    url: String,
    handle: Handle,
}

/// What is needed to stop it, from whatever thread.
#[derive(Clone)]
pub struct Handle(Arc<Mutex<Child>>);

impl Server {
    /// Starts it; port 0 takes any free one.
    pub fn start(programs: &Programs, folder: &Folder, port: u16) -> Result<Self, DemoError> {
        let mut serve = programs.server(["serve", "--data"]);
        serve.arg(folder.server()).args(["--listen", &format!("127.0.0.1:{port}")]);
        serve.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = serve.spawn().map_err(|source| {
            let line = "langnghe-server serve".to_owned();
            run::RunError::Start { line, source }
        })?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            let mut out = BufReader::new(out);
            // Nothing more is printed there; a read that fails is a server that did not start.
            let _ = out.read_line(&mut line);
        }
        let handle = Handle(Arc::new(Mutex::new(child)));
        match line.trim().strip_prefix("listening on ") {
            Some(url) => Ok(Self { url: url.to_owned(), handle }),
            None => {
                handle.stop();
                Err(DemoError::NoServer)
            }
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default()
    }

    /// To stop it from another thread.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Waits for as long as it runs; it has no reason to end by itself.
    pub fn wait(&self) -> Result<(), DemoError> {
        loop {
            thread::sleep(Duration::from_millis(300));
            if let Some(how) = self.handle.ended() {
                return Err(DemoError::Ended(how));
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.handle.stop();
    }
}

impl Handle {
    /// Asks it to end, and makes it end when it does not.
    pub fn stop(&self) {
        let id = self.0.lock().unwrap_or_else(PoisonError::into_inner).id();
        if self.ended().is_none() {
            let mut ask = Command::new("kill");
            ask.args(["-TERM", &id.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
            // Where there is no `kill`, it is ended below.
            let _ = ask.status();
        }
        let began = Instant::now();
        while self.ended().is_none() && began.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(50));
        }
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }

    fn ended(&self) -> Option<String> {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        child.try_wait().ok().flatten().map(|status| status.to_string())
    }
}
