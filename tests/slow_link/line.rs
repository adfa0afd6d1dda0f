//! A thin line to the server: so many bytes a second, so long on the way, and cut where a test says.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How good a line is.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    /// Each way; none for as many as the machine carries.
    pub bytes_a_second: Option<u32>,
    /// From one end to the other.
    pub delay: Duration,
}

impl Quality {
    /// As if there were no line.
    pub const PERFECT: Quality = Quality { bytes_a_second: None, delay: Duration::ZERO };
    /// 256 kbit/s and 600 ms there and back: a village's mobile network on a bad day.
    pub const VILLAGE: Quality = Quality { bytes_a_second: Some(256 * 1000 / 8), delay: Duration::from_millis(300) };
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the server.
    Up,
    /// To the device.
    Down,
}

/// Where the line is cut.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// Bytes of this way are counted.
    pub way: Way,
    /// After so many of them since the cut before.
    pub after: u64,
    /// The line stays down until it is [`Line::mend`]ed; else the next connection is carried.
    pub stays: bool,
}

/// The line. It ends with its holder.
pub struct Line {
    state: Arc<State>,
    address: String,
    accepting: Option<JoinHandle<()>>,
}

struct State {
    server: String,
    quality: Quality,
    cuts: Mutex<VecDeque<Cut>>,
    /// Since the last cut, up and down.
    passed: Mutex<[u64; 2]>,
    up: AtomicU64,
    down: AtomicU64,
    is_down: AtomicBool,
    over: AtomicBool,
}

impl Line {
    /// To the server at `address`.
    pub fn to(address: &str, quality: Quality) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let at = listener.local_addr().expect("a port").to_string();
        let state = Arc::new(State {
            server: address.to_owned(),
            quality,
            cuts: Mutex::default(),
            passed: Mutex::default(),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            is_down: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let shared = state.clone();
        let accepting = std::thread::spawn(move || accept(&listener, &shared));
        Self { state, address: at, accepting: Some(accepting) }
    }

    /// The server's address as seen through it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts to come, one after the other.
    pub fn cut(&self, cuts: impl IntoIterator<Item = Cut>) {
        *self.state.passed.lock().expect("no panic") = [0; 2];
        self.state.cuts.lock().expect("no panic").extend(cuts);
    }

    /// Cuts that have not come yet.
    pub fn cuts_left(&self) -> usize {
        self.state.cuts.lock().expect("no panic").len()
    }

    /// It carries again.
    pub fn mend(&self) {
        self.state.is_down.store(false, Ordering::SeqCst);
    }

    /// Bytes carried so far.
    pub fn carried(&self, way: Way) -> u64 {
        match way {
            Way::Up => self.state.up.load(Ordering::SeqCst),
            Way::Down => self.state.down.load(Ordering::SeqCst),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        // Wakes who waits for a connection.
        drop(TcpStream::connect(&self.address));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for device in listener.incoming() {
        if state.over.load(Ordering::SeqCst) {
            return;
        }
        let Ok(device) = device else { continue };
        if state.is_down.load(Ordering::SeqCst) {
            continue;
        }
        let Ok(server) = TcpStream::connect(&state.server) else { continue };
        let _ = (device.set_nodelay(true), server.set_nodelay(true));
        let ends = || (device.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
        // The handshake goes there and back before the first byte.
        let open = Instant::now() + state.quality.delay * 2;
        let ((from, to), (from_up, to_up)) = (ends(), ends());
        carry(Way::Up, from, to, open, state);
        carry(Way::Down, to_up, from_up, open, state);
    }
}

/// What is on the line at most: more waits at its sender's.
const PIECES: usize = 32;
const PIECE_BYTES: usize = 1024;

/// Starts carrying one way of a connection.
fn carry(way: Way, from: TcpStream, to: TcpStream, open: Instant, state: &Arc<State>) {
    let (put, take) = sync_channel(PIECES);
    let ends = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
    let quality = state.quality;
    std::thread::spawn(move || take_in(from, quality, open, &put));
    let state = state.clone();
    std::thread::spawn(move || give_out(way, to, &take, &state, &ends));
}

/// Reads at one end; each piece is due at the other when the line has had time for it and it has come all the way.
fn take_in(mut from: TcpStream, quality: Quality, open: Instant, put: &SyncSender<(Instant, Vec<u8>)>) {
    let mut free_at = open;
    let mut piece = [0; PIECE_BYTES];
    while let Ok(n @ 1..) = from.read(&mut piece) {
        let takes = quality.bytes_a_second.map_or(Duration::ZERO, |rate| Duration::from_secs(n as u64) / rate);
        free_at = free_at.max(Instant::now()) + takes;
        if put.send((free_at + quality.delay, piece[..n].to_vec())).is_err() {
            return;
        }
    }
}

/// Writes at the other end, and cuts.
fn give_out(
    way: Way,
    mut to: TcpStream,
    take: &Receiver<(Instant, Vec<u8>)>,
    state: &State,
    ends: &(TcpStream, TcpStream),
) {
    while let Ok((due, piece)) = take.recv() {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let (n, cut) = state.may_pass(way, piece.len());
        let written = to.write_all(&piece[..n]).is_ok();
        if cut || !written {
            let _ = (ends.0.shutdown(Shutdown::Both), ends.1.shutdown(Shutdown::Both));
            return;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

impl State {
    /// How many of the next bytes still pass, and whether the line is cut behind them.
    fn may_pass(&self, way: Way, bytes: usize) -> (usize, bool) {
        let mut cuts = self.cuts.lock().expect("no panic");
        let mut passed = self.passed.lock().expect("no panic");
        let total = if way == Way::Up { &self.up } else { &self.down };
        let here = &mut passed[way as usize];
        let due = cuts.front().filter(|c| c.way == way && c.after <= *here + bytes as u64).copied();
        let n = due.map_or(bytes, |cut| cut.after.saturating_sub(*here) as usize);
        *here += n as u64;
        total.fetch_add(n as u64, Ordering::SeqCst);
        if let Some(cut) = due {
            cuts.pop_front();
            *passed = [0; 2];
            self.is_down.store(cut.stays, Ordering::SeqCst);
        }
        (n, due.is_some())
    }
}
