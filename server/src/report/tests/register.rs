//! A real register, when `LANGNGHE_REGISTER` says where it is.

use std::collections::HashSet;
use std::time::Instant;

use jiff::civil::Date;
use sync::model::directory::Directory;
use sync::model::time::midnight;

use super::world::*;
use crate::projection::put_petition;

/// `carried_in/received/finished/carried_out` of 2023, counted in the file by itself.
const YEAR: [(&str, [u64; 4]); 12] = [
    ("2023-01", [0, 1451, 846, 605]),
    ("2023-02", [605, 1653, 1189, 1069]),
    ("2023-03", [1069, 1891, 1583, 1377]),
    ("2023-04", [1377, 1744, 1645, 1476]),
    ("2023-05", [1476, 1437, 1304, 1609]),
    ("2023-06", [1609, 1756, 1390, 1975]),
    ("2023-07", [1975, 1400, 1391, 1984]),
    ("2023-08", [1984, 1549, 1396, 2137]),
    ("2023-09", [2137, 1147, 992, 2292]),
    ("2023-10", [2292, 1501, 1308, 2485]),
    ("2023-11", [2485, 1116, 1157, 2444]),
    ("2023-12", [2444, 453, 896, 2001]),
];

#[test]
fn the_real_register_gives_its_own_twelve_months() {
    let Some(path) = std::env::var_os("LANGNGHE_REGISTER").filter(|path| !path.is_empty()) else {
        let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!in_ci, "with CI=true the register may not be absent: name it in LANGNGHE_REGISTER");
        eprintln!("skipped: LANGNGHE_REGISTER does not name the register");
        return;
    };
    let mut w = World::with(Directory::default());
    read(&mut w, std::path::Path::new(&path));
    assert_eq!(w.petitions.len(), 17_098);
    let began = Instant::now();
    let tx = w.conn.unchecked_transaction().expect("transaction");
    for p in w.petitions.values() {
        put_petition(&tx, p.id, p.position, &p.record, &p.receipts, &w.directory).expect("put");
    }
    tx.commit().expect("commit");
    let took = began.elapsed();
    println!("rows of 17,098 petitions: {took:.1?}, {:.0?} a petition", took / 17_098);
    for (month, expected) in YEAR {
        let began = Instant::now();
        let report = w.month(month);
        println!("{month}: {:.1?}", began.elapsed());
        assert_eq!(flow(&report), expected, "{month}");
    }
}

/// One petition a row: logged when it was opened, referred at once where it has a type, resolved when it was closed.
fn read(w: &mut World, path: &std::path::Path) {
    let mut file = ::csv::Reader::from_path(path).expect("the register");
    let mut seen = HashSet::new();
    for row in file.records() {
        let row = row.expect("a row");
        let (key, account, opened, closed, kind) = (&row[0], &row[1], &row[2], &row[3], &row[4]);
        if !seen.insert(key.to_owned()) {
            continue;
        }
        let wall = |date: &str| {
            let date: Date = date.parse().expect("a date");
            assert_eq!(w.directory.zone().to_datetime(midnight(date, w.directory.zone())).date(), date);
            format!("{date} 00:00")
        };
        let opened = wall(opened);
        let closed = (!closed.is_empty()).then(|| wall(closed));
        let mut p = w.log(key, "2026-11-23 08:00").imported(key);
        p.record.facts.at = w.at(&opened);
        p.record.facts.unit = account.into();
        p.record.facts.category = (!kind.is_empty()).then(|| kind.into());
        if !kind.is_empty() {
            w.then_received(&mut p, &opened, refer(kind), "2026-11-23 08:00");
        }
        if let Some(closed) = closed {
            w.then_received(&mut p, &closed, resolve(), "2026-11-23 08:00");
        }
        w.petitions.insert(p.id, p);
    }
}
