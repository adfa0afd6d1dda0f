//! `cargo xtask demo`: the whole path on this machine: a server, the demonstration communes, four replicas to try.

mod error;
mod folder;
mod guide;
mod play;
mod program;
mod replica;
mod script;
mod server;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use jiff::Timestamp;

pub use error::DemoError;
use folder::{Folder, State};
use play::Stage;
use program::Programs;
use script::Script;
use server::Server;

use crate::metadata::Metadata;
use crate::run;
use crate::web;

/// How the demo is run.
#[derive(clap::Args)]
pub struct Options {
    /// Throw away the data of earlier runs and load them anew
    #[arg(long)]
    fresh: bool,
    /// Listen on this port (else on 8080, or on a free one when that is taken)
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Open no browser: none is opened as it is, the links are printed
    #[arg(long)]
    no_open: bool,
}

/// The tenant's name.
const TENANT: &str = "An Giang – Giồng Riềng (dữ liệu minh hoạ)";
/// Where the server listens when nobody says otherwise.
const USUAL_PORT: u16 = 8080;

/// Set once somebody has asked the demo to end: what fails from then on fails because of it.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Builds, loads when there is nothing yet, serves until Ctrl-C.
///
/// # Errors
/// [`DemoError`] when a step fails; the server is stopped then.
pub fn demo(options: &Options) -> Result<(), DemoError> {
    let done = perform(options);
    while done.is_err() && ENDING.load(Ordering::Relaxed) {
        // The thread that was told to end ends the program; what broke off here is no news.
        std::thread::park();
    }
    done
}

fn perform(options: &Options) -> Result<(), DemoError> {
    let app = app();
    run::heading("Dựng chương trình (build; lần đầu mất vài phút)");
    run::run(&mut run::cargo(["build", "--release", "--bins", "--package", "server", "--package", "client-core"]))?;
    let target = Metadata::read()?.target_directory;
    let programs = Programs::in_folder(&target.join("release"));
    let folder = Folder::claim(&target.join("demo"))?;

    run::heading("Dữ liệu (data)");
    println!("{}", folder.path().display());
    let found = if options.fresh { None } else { folder.state()? };
    let mut state = match found {
        Some(state) => state,
        None => {
            folder.wipe()?;
            make_database(&programs, &folder)?;
            State { port: USUAL_PORT, month: String::new(), loaded: false }
        }
    };

    let server = Server::start(&programs, &folder, port(options, state.port))?;
    end_on_signal(&server)?;
    if state.loaded {
        println!("Dùng lại dữ liệu của lần trước; `--fresh` để nạp lại từ đầu (reusing what is there).");
        if server.port() != state.port {
            replica::enrol_again(&programs, &folder, &server, state.port)?;
        }
    } else {
        state.month = load(&programs, &folder, &server)?;
        state.loaded = true;
    }
    state.port = server.port();
    folder.keep(&state)?;
    guide::print(&programs, &folder, &server, &state.month);
    if app {
        guide::links(&programs, &folder, &server)?;
    }
    server.wait()
}

/// Builds the app for the browser; the command line is there without it, too.
fn app() -> bool {
    if !web::can_be_built() {
        println!(
            "Không có npm nên không dựng ứng dụng trên trình duyệt (no npm, so there is no browser app: install Node.js 20)."
        );
        return false;
    }
    let built = web::web(&web::Options::default());
    if let Err(error) = &built {
        println!("Không dựng được ứng dụng trên trình duyệt (the browser app could not be built): {error}");
    }
    built.is_ok()
}

/// A port that was asked for is taken as it is: if it cannot be had, the server says so.
fn port(options: &Options, usual: u16) -> u16 {
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    options.port.unwrap_or(if is_free(usual) { usual } else { 0 })
}

fn make_database(programs: &Programs, folder: &Folder) -> Result<(), DemoError> {
    let mut init = programs.server(["init", "--tenant", TENANT, "--data"]);
    init.arg(folder.server()).arg("--directory").arg(run::root().join("demo/directory.toml"));
    program::answer(&mut init).map(|_| ())
}

/// Plays the script; gives the month of its last word.
fn load(programs: &Programs, folder: &Folder, server: &Server) -> Result<String, DemoError> {
    let path = run::root().join("demo/petitions.toml");
    let text = fs::read_to_string(&path).map_err(|source| DemoError::file(&path, source))?;
    let script = Script::read(&text, now())?;
    run::heading("Nạp dữ liệu minh hoạ (loading invented data through the command line)");
    if script.weeks_moved() != 0 {
        println!("Ngày trong kịch bản được dời {} tuần cho khớp đồng hồ máy này.", script.weeks_moved());
    }
    let began = Instant::now();
    let mut stage = Stage::new(programs, folder, server);
    stage.enrol(script.users().iter().map(String::as_str).chain(replica::KEPT.map(|(user, _)| user)))?;
    stage.play(&script)?;
    println!("Xong sau {} giây (done).", began.elapsed().as_secs());
    Ok(script.last_month())
}

fn end_on_signal(server: &Server) -> Result<(), DemoError> {
    let server = server.handle();
    let end = move || {
        ENDING.store(true, Ordering::Relaxed);
        println!("\nĐang dừng máy chủ (stopping).");
        server.stop();
        std::process::exit(0);
    };
    ctrlc::set_handler(end).map_err(|source| DemoError::Signal(source.to_string()))
}

#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
fn now() -> Timestamp {
    Timestamp::now()
}
