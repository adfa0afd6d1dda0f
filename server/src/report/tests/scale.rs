//! How long it takes. Prints and asserts nothing: a busy machine is no defect.
//!
//! `LANGNGHE_SCALE=340000 LANGNGHE_YEARS=20 cargo test -p server --release scale -- --nocapture` for the size of the
//! targets, spread over twenty years; without the second, all in one.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use sync::model::directory::{Directory, Entries, read_file};
use sync::model::petition::{Action, Channel};

use super::world::*;
use crate::projection::{digest, put_petition};
use crate::report::Figure;

fn directory() -> Directory {
    let mut text = String::from(
        "[[policy]]\nkind = \"feedback\"\ncategory = \"*\"\nresolve = \"30d\"\n\
         [[policy]]\nkind = \"feedback\"\ncategory = \"c3\"\nresolve = \"15wd\"\nfrom = \"acceptance\"\n",
    );
    for i in 0..6 {
        let _ = writeln!(text, "[[office]]\ncode = \"o{i}\"\nname = \"Mặt trận xã số {i}\"");
    }
    for i in 0..100 {
        let _ = writeln!(text, "[[unit]]\ncode = \"30{i:03}\"\nname = \"Ấp số {i}\"\noffice = \"o{}\"", i % 6);
    }
    for i in 0..60 {
        let _ = writeln!(text, "[[body]]\ncode = \"body-{i:02}\"\nname = \"Cơ quan số {i}\"");
    }
    for i in 0..30 {
        let _ = writeln!(text, "[[category]]\ncode = \"c{i}\"\nname = \"Lĩnh vực số {i}\"");
    }
    Directory::from_entries(&read_file(&text, &Entries::new()).expect("a directory"))
}

/// One petition of many: received, classified, referred, accepted, resolved, answered; some wait, some are handed on.
fn petition(w: &mut World, i: usize, n: usize, years: usize) -> Petition {
    let span = years as i64 * 31_536_000;
    let first = w.at(&format!("{:04}-01-01 00:00", 2026 - years));
    let began = first + SignedDuration::from_secs((i as i64 * span) / n as i64);
    let wall = |hours: usize| {
        let at = began + SignedDuration::from_hours(hours as i64);
        w.directory.zone().to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
    };
    let times = [0, 2, 24, 48, 72 + i * 7 % 1200, 1300 + i * 7 % 500, 900 + i * 11 % 2000].map(wall);
    let mut p = w.log(&i.to_string(), &times[0]);
    p.record.facts.unit = format!("30{:03}", i % 100).into();
    p.record.facts.channel = Channel::ALL[i % 7];
    w.then(&mut p, &times[1], Action::Receive);
    w.then(&mut p, &times[2], Action::Classify { kind: None, category: Some(format!("c{}", i % 30).into()) });
    w.then(&mut p, &times[3], refer(&format!("body-{:02}", i % 60)));
    w.then(&mut p, &times[3], Action::Accept);
    match i % 20 {
        0 | 1 => {}
        2 => w.then(&mut p, &times[6], refer(&format!("body-{:02}", (i + 7) % 60))),
        _ => {
            w.then(&mut p, &times[4], resolve());
            w.then(&mut p, &times[5], answer());
        }
    }
    p
}

#[test]
fn a_great_many_petitions() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<usize>().ok());
    let n = number("LANGNGHE_SCALE").unwrap_or(2_000);
    let years = number("LANGNGHE_YEARS").unwrap_or(1);
    let mut w = World::with(directory());
    let mut spent = Duration::ZERO;
    for from in (0..n).step_by(1000) {
        let chunk: Vec<Petition> = (from..n.min(from + 1000)).map(|i| petition(&mut w, i, n, years)).collect();
        let began = Instant::now();
        let tx = w.conn.unchecked_transaction().expect("transaction");
        for p in &chunk {
            put_petition(&tx, p.id, p.position, &p.record, &p.receipts, &w.directory).expect("put");
        }
        tx.commit().expect("commit");
        spent += began.elapsed();
    }
    println!("rows of {n} petitions: {spent:.1?}, {:.0?} a petition", spent / u32::try_from(n).unwrap_or(u32::MAX));
    let began = Instant::now();
    digest(&w.conn).expect("digest");
    println!("digest: {:.1?}", began.elapsed());
    let first = (1..=12).map(|month| format!("{:04}-{month:02}", 2026 - years));
    let last = (1..=12).map(|month| format!("2025-{month:02}")).filter(|_| years > 1);
    for month in first.chain(last) {
        let began = Instant::now();
        let report = w.month(&month);
        let took = began.elapsed();
        let [handled, overdue] = [Figure::Handled, Figure::OpenOverdue].map(|f| report.totals.get(f));
        println!("{month}: {took:.1?} (handled {handled}, overdue {overdue})");
    }
}
