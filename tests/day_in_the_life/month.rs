//! What the month's report must say of the day.

use super::People;
use super::support::{Days, Json, Server, list, number, text};

/// The month's report, worked out by hand:
///
/// received 12, nothing carried in, so handled 12.
/// finished 7: resolved 1, 2, 4; guided 7; duplicate 9; filed 10; withdrawn 11. Carried out 5: 3, 5, 6, 8, 12.
/// (5 was finished and reopened within the month: `reopened` counts only what was finished when the month began.)
/// On time: 1 has no due date, 2 was due 30 days after its second referral, 4 thirty days after its referral. Late: 0.
/// Open: 8 was due on day 2, which is past; 3 and 5 are due in 30 days, 6 and 12 were never referred: within.
/// Answered: 1 (on the spot), 2. Rated: 2, satisfied.
/// Days from logging to resolution: 1 → 0, 2 → 3, 4 → 3. Median of (0, 3, 3) is 3; nearest rank ⌈2.7⌉ = 3rd: 3.
pub fn count(server: &Server, people: &People, days: Days, ids: &[String]) {
    let report = people.dang.run(&["report", "monthly", "--month", &days.month()]);
    assert_eq!(text(&report, "month"), days.month());
    assert_eq!(report["reconciles"], true);
    assert_eq!(report["closing"], Json::Null);
    let totals = &report["totals"];
    let wanted = [
        ("carried_in", 0),
        ("received", 12),
        ("late_received", 0),
        ("reopened", 0),
        ("handled", 12),
        ("finished", 7),
        ("resolved", 3),
        ("resolved_on_time", 3),
        ("resolved_late", 0),
        ("guided", 1),
        ("filed", 1),
        ("withdrawn", 1),
        ("duplicates", 1),
        ("carried_out", 5),
        ("open_within", 4),
        ("open_overdue", 1),
        ("answered", 2),
        ("answered_earlier", 0),
        ("rated", 1),
        ("satisfied", 1),
        ("median_days", 3),
        ("p90_days", 3),
    ];
    for (figure, n) in wanted {
        assert_eq!(number(totals, figure), n, "{figure} in {totals}");
    }
    // (key, received, finished, carried out).
    type Row = (Option<&'static str>, u64, u64, u64);
    let breakdowns: [(&str, &[Row]); 5] = [
        ("by_unit", &[(Some("30904"), 12, 7, 5)]),
        // Under the lead body: kt has 2 (resolved), 5 and 8; vh has 3; vpdk has 4 (resolved). No body: finished are
        // 1, 7, 9, 10, 11; open are 6 and 12.
        ("by_body", &[(Some("kt"), 3, 1, 2), (Some("vh"), 1, 0, 1), (Some("vpdk"), 1, 1, 0), (None, 7, 5, 2)]),
        // health: 1. land: 4 and 7. roads: 2 (resolved), 3, 5, 8, 9 (duplicate), 12. None: 6, 10 (filed), 11 (withdrawn).
        (
            "by_category",
            &[(Some("health"), 1, 1, 0), (Some("land"), 2, 2, 0), (Some("roads"), 6, 2, 4), (None, 3, 2, 1)],
        ),
        // All but the visit of 6.
        ("by_channel", &[(Some("dialogue"), 11, 7, 4), (Some("visit"), 1, 0, 1)]),
        // 12 was classified as a proposal.
        ("by_kind", &[(Some("feedback"), 11, 7, 4), (Some("proposal"), 1, 0, 1)]),
    ];
    for (by, wanted) in breakdowns {
        let rows: Vec<(Option<&str>, u64, u64, u64)> = list(&report[by])
            .iter()
            .map(|r| (r["key"].as_str(), number(r, "received"), number(r, "finished"), number(r, "carried_out")))
            .collect();
        assert_eq!(rows, wanted, "{by}");
    }
    let sessions = list(&report["sessions"]);
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    let held = ["held", "present", "petitions", "answered_on_spot"].map(|k| number(&sessions[0], k));
    assert_eq!((text(&sessions[0], "kind"), held), ("dialogue", [1, 37, 11, 1]));
    // The five that are open, oldest first: logged in the order of their numbers.
    let oldest: Vec<&str> = list(&report["oldest"]).iter().map(|o| text(o, "id")).collect();
    assert_eq!(oldest, [2, 4, 5, 7, 11].map(|i| ids[i].as_str()));
    // The server's own command counts the same; whoever may not read the report is told so.
    let beside = server.run(&["report", "monthly", "--month", &days.month()]);
    for part in ["totals", "by_unit", "by_body", "by_category", "by_channel", "by_kind", "sessions", "oldest"] {
        assert_eq!(beside[part], report[part], "{part}");
    }
    people.lan.refused(&["report", "monthly", "--month", &days.month()]);
}
