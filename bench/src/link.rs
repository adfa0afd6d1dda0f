//! A slow link: a loopback proxy that delays and meters bytes, one connection at a time in each direction.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Starts a proxy before a server's address; gives the proxy's address. It ends with the process.
pub fn slow(target: &str, round_trip: Duration, bits_per_second: u64) -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let target = target.trim_start_matches("http://").to_owned();
    thread::spawn(move || {
        for incoming in listener.incoming().flatten() {
            let Ok(outgoing) = TcpStream::connect(&target) else { continue };
            let pairs = [(incoming.try_clone(), outgoing.try_clone()), (Ok(outgoing), Ok(incoming))];
            for (from, to) in pairs {
                if let (Ok(from), Ok(to)) = (from, to) {
                    thread::spawn(move || carry(from, to, round_trip / 2, bits_per_second));
                }
            }
        }
    });
    Ok(format!("http://{address}"))
}

/// Carries bytes one way: each piece arrives half a round trip after its last bit has left the meter.
fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration, bits_per_second: u64) {
    let (queue, pieces) = std::sync::mpsc::channel::<(Instant, Vec<u8>)>();
    let writer = thread::spawn(move || {
        for (due, piece) in pieces {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                return;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let mut buffer = vec![0; 4096];
    let mut free_at = Instant::now();
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 {
            break;
        }
        let start = free_at.max(Instant::now());
        free_at = start + Duration::from_secs_f64(n as f64 * 8.0 / bits_per_second as f64);
        if queue.send((free_at + delay, buffer[..n].to_vec())).is_err() {
            break;
        }
        thread::sleep(free_at.saturating_duration_since(Instant::now()));
    }
    drop(queue);
    let _ = writer.join();
}
