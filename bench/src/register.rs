//! The real register through the real binaries: import, sync, report.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::figures::{Figures, median_and_p99};
use crate::server::Server;
use crate::world::World;
use crate::{Options, Outcome};

const MAPPING: &str = r#"
[source]
name = "nyc-2023"
key = "unique_key"
[petition]
unit = { column = "account" }
kind = { value = "feedback" }
channel = { value = "letter" }
category = { column = "complaint_type", optional = true }
text = { template = "{complaint_type}: {descriptor}", default = "(không ghi nội dung)" }
logged_at = { column = "opendate", format = "%Y-%m-%d" }
[events.refer]
body = { column = "complaint_type", optional = true }
at = { column = "opendate", format = "%Y-%m-%d" }
[events.resolve]
outcome = { value = "settled" }
at = { column = "closedate", format = "%Y-%m-%d", optional = true }
"#;

/// Measures import + sync, and the report, where the register is at hand.
pub fn measure(options: &Options, figures: &mut Figures) -> Outcome<()> {
    let register = match std::env::var_os("LANGNGHE_REGISTER") {
        Some(path) => PathBuf::from(path),
        None => PathBuf::from("../shared/data/constituent-casework-2023.csv"),
    };
    if !register.exists() {
        eprintln!("register: not here; name it in LANGNGHE_REGISTER to measure with it");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let world = World::make(&folder.path().join("server"), 0, 0)?;
    let server = Server::start(&options.server, &world.data)?;
    let mapping = folder.path().join("mapping.toml");
    std::fs::write(&mapping, MAPPING)?;
    let copy = folder.path().join("register.csv");
    std::fs::copy(&register, &copy)?;
    let home = folder.path().join("home");
    let run = |args: &[&str]| langnghe(&options.langnghe, &home, args);
    run(&["enroll", &server.url, &world.code("quan-tri")?])?;
    let start = Instant::now();
    let (copy, mapping) = (copy.to_string_lossy().into_owned(), mapping.to_string_lossy().into_owned());
    run(&["import", &copy, "--mapping", &mapping, "--create-missing"])?;
    let imported = start.elapsed().as_secs_f64();
    run(&["sync"])?;
    let seconds = start.elapsed().as_secs_f64();
    figures.add(
        "real register of 17,100 rows: import + sync",
        format!("{seconds:.1} s (import {imported:.1} s)"),
        "≤ 60 s",
    );
    let mut times = Vec::new();
    for _ in 0..11 {
        let start = Instant::now();
        run(&["report", "monthly", "--month", "2023-06"])?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let (median, _) = median_and_p99(times);
    figures.add(
        "… its month's report, asked by a replica over HTTP, whole process",
        format!("median {median:.0} ms of 11"),
        "report ≤ 50 ms",
    );
    Ok(())
}

fn langnghe(binary: &Path, home: &Path, args: &[&str]) -> Outcome<()> {
    let out = Command::new(binary).arg("--home").arg(home).arg("--json").args(args).output()?;
    if out.status.success() {
        return Ok(());
    }
    Err(format!("langnghe {}: {}", args[0], String::from_utf8_lossy(&out.stderr)).into())
}
