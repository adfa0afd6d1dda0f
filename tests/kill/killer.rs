//! Who starts the server and ends it in the middle of whatever it does.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::rngs::StdRng;

use crate::support::{Server, list};

/// After so many kills the database is looked at as they have left it.
const LOOKED_AT: u64 = 100;

/// A server's killer.
pub struct Killer<'a> {
    server: &'a Server,
    address: &'a str,
    pace: Duration,
    chance: StdRng,
    /// Servers killed.
    pub kills: u64,
    /// Those of them that had said that they listen.
    pub listening: u64,
}

/// Ends with its holder.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // By its own handle. It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'a> Killer<'a> {
    /// Of a server that does not run. `pace`: how long one sync takes when nothing else is done.
    pub fn new(server: &'a Server, address: &'a str, pace: Duration, chance: StdRng) -> Self {
        Self { server, address, pace, chance, kills: 0, listening: 0 }
    }

    /// The server runs for a while: for less than it needs to start, or into the middle of a sync. `begun` counts syncs.
    pub fn kill_once(&mut self, begun: &AtomicU64) {
        let into_a_sync = self.chance.random_ratio(3, 4);
        let most = match (into_a_sync, self.kills % 25) {
            // Long enough for whatever has been put off while none lived long.
            (true, 0) => 15,
            (true, 1..10) => 6,
            (true, _) => 2,
            (false, _) => 1,
        };
        let within = (self.pace * most).mul_f64(self.chance.random_range(0.0..1.0));
        let until = Instant::now() + Duration::from_secs(20);
        while !self.run_and_kill(into_a_sync, within, begun) {
            assert!(Instant::now() < until, "{} is not free again", self.address);
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kills += 1;
        if self.kills.is_multiple_of(LOOKED_AT) {
            let verified = self.server.run(&["verify"]);
            assert_eq!(list(&verified["wrong"]).len(), 0, "after {} kills: {verified}", self.kills);
        }
    }

    /// False when the port was not free.
    fn run_and_kill(&mut self, into_a_sync: bool, within: Duration, begun: &AtomicU64) -> bool {
        let mut command = self.server.command(&["serve", "--listen", self.address]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut process = Process(child);
        let mut out = BufReader::new(process.0.stdout.take().expect("piped"));
        let mut said = String::new();
        if into_a_sync {
            out.read_line(&mut said).expect("UTF-8");
            let (before, patience) = (begun.load(Ordering::Relaxed), Instant::now() + Duration::from_millis(500));
            while begun.load(Ordering::Relaxed) == before && Instant::now() < patience {
                std::thread::sleep(Duration::from_micros(200));
            }
        }
        std::thread::sleep(within);
        let _ = process.0.kill();
        let status = process.0.wait().expect("it has ended");
        out.read_to_string(&mut said).expect("UTF-8");
        let mut error = String::new();
        process.0.stderr.take().expect("piped").read_to_string(&mut error).expect("UTF-8");
        let ended_by_itself = status.code().is_some();
        if ended_by_itself && error.contains("cannot listen on") {
            return false;
        }
        assert!(!ended_by_itself, "after {} kills the server does not run: {error}", self.kills);
        assert!(error.is_empty(), "after {} kills the server complains: {error}", self.kills);
        self.listening += u64::from(said.starts_with("listening on "));
        true
    }
}

/// An address that no program takes by chance while nothing listens there: below the ports given to outgoing connections.
pub fn free_address() -> String {
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("small");
    let free = (first..32_000).find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok());
    format!("127.0.0.1:{}", free.expect("a free port"))
}
