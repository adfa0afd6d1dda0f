//! A province's year on one server: memory with many live connections, and the month's report.

use std::net::TcpStream;
use std::time::Instant;

use server::admin::{ReportFormat, ReportRequest, monthly_report};
use server::ingest::{Ledger, rebuild};
use server::store;
use sync::signed::RequestClaim;
use tungstenite::client::IntoClientRequest;
use tungstenite::{WebSocket, client};

use crate::figures::{Figures, median_and_p99};
use crate::server::Server;
use crate::world::{Author, World, now};
use crate::{Options, Outcome};

/// Devices that listen at once. A process that may not open so many files says how many there were.
const LISTENERS: usize = 1000;

/// Petitions here are one change each, nine of ten answered on the spot: what the figures depend on is their number.
pub fn measure(options: &Options, figures: &mut Figures) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let world = World::make(&folder.path().join("server"), options.scale, 0)?;
    let devices = world.devices(LISTENERS)?;
    report(&world, options.scale, figures)?;
    rebuilt(&world, options.scale, figures)?;
    let server = Server::start(&options.server, &world.data)?;
    let mut open = Vec::with_capacity(LISTENERS);
    for device in &devices {
        match listen(&server.url, device) {
            Ok(socket) => open.push(socket),
            Err(error) if open.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    let memory = server.memory().ok_or("this system does not tell a process's memory")?;
    figures.add(
        &format!("server memory, {} petitions", options.scale),
        format!("{memory:.0} MiB with {} live connections", open.len()),
        "≤ 300 MB with 340,000 petitions and 1,000 live connections",
    );
    Ok(())
}

fn listen(url: &str, device: &Author) -> Outcome<WebSocket<TcpStream>> {
    let host = url.trim_start_matches("http://");
    let time = now().as_millisecond();
    let claim = RequestClaim { device: device.device.id, method: "GET", path: "/v1/live", time, body: b"" };
    let signature: String = claim.sign(&device.key).iter().map(|b| format!("{b:02x}")).collect();
    let mut request = format!("ws://{host}/v1/live").into_client_request()?;
    let headers = request.headers_mut();
    headers.insert("x-langnghe-device", device.device.id.to_string().parse()?);
    headers.insert("x-langnghe-time", time.to_string().parse()?);
    headers.insert("x-langnghe-signature", signature.parse()?);
    let (socket, _) = client(request, TcpStream::connect(host)?).map_err(|e| format!("live: {e}"))?;
    Ok(socket)
}

/// The report of the current month, from projection rows, in this process.
fn report(world: &World, petitions: u64, figures: &mut Figures) -> Outcome<()> {
    let ledger = Ledger::new(store::open_read_only(&world.data)?)?;
    let directory = ledger.directory();
    let month = now().to_zoned(directory.zone().clone()).strftime("%Y-%m").to_string();
    let mut times = Vec::new();
    for _ in 0..11 {
        let request = ReportRequest::parse(&month, None, None, None, now())?;
        let start = Instant::now();
        monthly_report(ledger.connection(), &request, &directory, ReportFormat::Json)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let (median, _) = median_and_p99(times);
    figures.add(
        &format!("monthly report over {petitions} petitions of 300 days, one in ten open"),
        format!("median {median:.0} ms of 11"),
        "≤ 50 ms",
    );
    Ok(())
}

/// Every cache and row made again from the log.
fn rebuilt(world: &World, petitions: u64, figures: &mut Figures) -> Outcome<()> {
    let mut ledger = Ledger::new(store::open(&world.data)?)?;
    let directory = ledger.directory();
    let start = Instant::now();
    ledger.write(|tx| rebuild(tx, &directory))?;
    let seconds = start.elapsed().as_secs_f64();
    figures.add(&format!("full rebuild, {petitions} petitions"), format!("{seconds:.0} s"), "≤ 90 s");
    Ok(())
}
