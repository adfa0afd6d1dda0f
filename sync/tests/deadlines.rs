//! Deadlines: the working days of 2026, which policy applies, and where its clock starts and stands still.

mod support;

#[path = "deadlines/working_days.rs"]
mod working_days;

use jiff::civil::Date;
use support::*;
use sync::model::calendar::Term;
use sync::model::directory::Directory;
use sync::model::petition::{ActionKind as K, *};

/// The days off of 2026 that fall on weekdays, and the Saturdays worked for two of them.
const CALENDAR: &str = r#"
[calendar]
holidays = ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
    "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"]
working_saturdays = ["2026-01-10", "2026-08-22"]
"#;

/// A directory with the calendar, a tree of two categories beside a third, and these policies.
fn with_policies(policies: &str) -> Directory {
    let categories = r#"
[[category]]
code = "land"
[[category]]
code = "land-title"
parent = "land"
[[category]]
code = "tax"
"#;
    directory(&format!("{CALENDAR}{categories}{policies}"))
}

/// Thirty days for everything, the clock starting where `from` says; ten working days to the first answer.
fn thirty_days(from: &str) -> Directory {
    let fields = "first_answer = \"10wd\"\nresolve = \"30d\"";
    with_policies(&format!("[[policy]]\nkind = \"*\"\ncategory = \"*\"\n{fields}\nfrom = \"{from}\"\n"))
}

fn resolve_by(history: &History, directory: &Directory) -> Option<Date> {
    deadlines(&history.now(), directory).resolve
}

#[test]
fn the_first_answer_is_due_ten_working_days_after_the_logging() {
    let directory = thirty_days("referral");
    let first = |history: &History| deadlines(&history.now(), &directory).first_answer;
    let logged = History::new();
    assert_eq!(first(&logged), Some(day("2026-11-25")));
    let later = logged.at("2026-11-20T09:00:00+07:00").refer("kt").body("kt", Action::Accept);
    assert_eq!(first(&later), Some(day("2026-11-25")), "whatever happens later");
}

#[test]
fn an_instant_is_a_date_of_the_tenants_zone() {
    // 18:30 UTC is half past one of the next day in Viet Nam.
    let logged = time("2026-11-09T18:30:00Z");
    let moment = fold(&facts_at(logged), logged, &[], |e| e.body.at).last().clone();
    assert_eq!(deadlines(&moment, &thirty_days("logging")).resolve, Some(day("2026-12-10")));
    let utc = directory("zone = \"UTC\"\n[[policy]]\nkind = \"*\"\nresolve = \"30d\"\nfrom = \"logging\"\n");
    assert_eq!(deadlines(&moment, &utc).resolve, Some(day("2026-12-09")));
}

#[test]
fn no_policy_no_deadline() {
    let only_complaints = with_policies("[[policy]]\nkind = \"complaint\"\nresolve = \"30d\"\nfrom = \"logging\"\n");
    assert_eq!(deadlines(&History::new().now(), &only_complaints), Deadlines::default());
    assert_eq!(deadlines(&History::new().now(), &Directory::default()), Deadlines::default());
}

#[test]
fn the_narrowest_policy_applies() {
    let rule = |kind: &str, category: &str, days: u32| {
        let about = format!("kind = \"{kind}\"\ncategory = \"{category}\"");
        format!("[[policy]]\n{about}\nresolve = \"{days}d\"\nfrom = \"logging\"\n")
    };
    let rules = [
        rule("*", "*", 1),
        rule("complaint", "*", 2),
        rule("*", "land", 3),
        rule("complaint", "land", 4),
        rule("*", "land-title", 5),
    ];
    let expect = [
        (Kind::Feedback, None, 1),
        (Kind::Feedback, Some("tax"), 1),
        (Kind::Complaint, Some("tax"), 2),
        (Kind::Complaint, None, 2),
        (Kind::Feedback, Some("land"), 3),
        (Kind::Complaint, Some("land"), 4),
        (Kind::Feedback, Some("land-title"), 5),
        (Kind::Complaint, Some("land-title"), 5),
    ];
    let backwards: String = rules.iter().rev().map(String::as_str).collect();
    for directory in [with_policies(&rules.concat()), with_policies(&backwards)] {
        for (kind, category, days) in expect {
            let category = category.map(Into::into);
            let policy = directory.policy(kind, category.as_ref(), day("2026-11-10")).expect("a rule for all");
            assert_eq!(policy.resolve, Some(Term::Days(days)), "{kind} {category:?}");
        }
    }
    // A sub-field without a rule of its own takes that of the field it lies under.
    let without_title = with_policies(&rules[..4].concat());
    let policy = without_title.policy(Kind::Complaint, Some(&"land-title".into()), day("2026-11-10"));
    assert_eq!(policy.and_then(|p| p.resolve), Some(Term::Days(4)));
}

#[test]
fn the_policy_is_the_one_in_force_at_the_logging() {
    let directory = with_policies(
        r#"
[[policy]]
kind = "feedback"
resolve = "45d"
from = "logging"
valid_to = "2026-11-10"
[[policy]]
kind = "feedback"
resolve = "20d"
from = "logging"
valid_from = "2026-11-11"
"#,
    );
    assert_eq!(resolve_by(&History::new(), &directory), Some(day("2026-12-25")));
    let later = time("2026-11-11T00:00:00+07:00");
    let moment = fold(&facts_at(later), later, &[], |e| e.body.at).last().clone();
    assert_eq!(deadlines(&moment, &directory).resolve, Some(day("2026-12-01")));
}

#[test]
fn a_correction_of_the_kind_changes_the_policy() {
    let directory = with_policies(
        "[[policy]]\nkind = \"feedback\"\nresolve = \"15d\"\nfrom = \"logging\"\n\
         [[policy]]\nkind = \"complaint\"\nresolve = \"30d\"\nfrom = \"logging\"\n",
    );
    let history = History::new();
    assert_eq!(resolve_by(&history, &directory), Some(day("2026-11-25")));
    let history = history.does(classify(Kind::Complaint, "land"));
    assert_eq!(resolve_by(&history, &directory), Some(day("2026-12-10")));
}

#[test]
fn from_logging_the_clock_runs_at_once() {
    let directory = thirty_days("logging");
    let history = History::new();
    assert_eq!(resolve_by(&history, &directory), Some(day("2026-12-10")));
    let history = history.at("2026-11-20T09:00:00+07:00").refer("kt").body("kt", Action::Accept);
    assert_eq!(resolve_by(&history, &directory), Some(day("2026-12-10")));
}

#[test]
fn from_referral_the_latest_referral_counts() {
    let directory = thirty_days("referral");
    assert_eq!(resolve_by(&History::new(), &directory), None);
    let history = History::new().at("2026-11-12T09:00:00+07:00").refer("kt");
    assert_eq!(resolve_by(&history, &directory), Some(day("2026-12-12")));
    let accepted = history.clone().at("2026-11-16T09:00:00+07:00").body("kt", Action::Accept);
    assert_eq!(resolve_by(&accepted, &directory), Some(day("2026-12-12")));
    let again = accepted.at("2026-11-20T09:00:00+07:00").refer("dd");
    assert_eq!(resolve_by(&again, &directory), Some(day("2026-12-20")));
}

#[test]
fn from_acceptance_the_latest_acceptance_counts() {
    let directory = thirty_days("acceptance");
    let history = History::new().at("2026-11-12T09:00:00+07:00").refer("kt");
    assert_eq!(resolve_by(&history, &directory), None, "nobody has taken it on");
    let accepted = history.at("2026-11-16T09:00:00+07:00").body("kt", Action::Accept);
    assert_eq!(resolve_by(&accepted, &directory), Some(day("2026-12-16")));
    let moved = accepted.at("2026-11-20T09:00:00+07:00").refer("dd");
    assert_eq!(resolve_by(&moved, &directory), None, "the new body has not taken it on");
    let again = moved.at("2026-11-23T09:00:00+07:00").body("dd", Action::Accept);
    assert_eq!(resolve_by(&again, &directory), Some(day("2026-12-23")));
}

#[test]
fn paused_time_does_not_count() {
    let directory = thirty_days("referral");
    let referred = History::new().at("2026-11-12T09:00:00+07:00").refer("kt");
    let paused = referred.at("2026-11-16T09:00:00+07:00").body("kt", simple(K::Pause));
    let resumed = paused.clone().at("2026-11-26T09:00:00+07:00").body("kt", Action::Resume);
    assert_eq!(resolve_by(&resumed, &directory), Some(day("2026-12-22")), "ten days later");
    let twice = resumed.at("2026-11-30T09:00:00+07:00").body("kt", simple(K::Pause));
    let twice = twice.at("2026-12-05T09:00:00+07:00").body("kt", Action::Resume);
    assert_eq!(resolve_by(&twice, &directory), Some(day("2026-12-27")), "and five more");
    let running = paused.at("2026-11-20T09:00:00+07:00").does(simple(K::Comment));
    assert_eq!(resolve_by(&running, &directory), Some(day("2026-12-16")), "four days have passed so far");
}

#[test]
fn a_term_of_working_days_grows_by_working_days() {
    let directory = with_policies("[[policy]]\nkind = \"*\"\nresolve = \"10wd\"\nfrom = \"referral\"\n");
    let referred = History::new().at("2026-11-10T10:00:00+07:00").refer("kt");
    assert_eq!(resolve_by(&referred, &directory), Some(day("2026-11-25")));
    // Friday to Wednesday: Monday, and Wednesday; Tuesday the 24th is a holiday.
    let paused = referred.at("2026-11-20T10:00:00+07:00").body("kt", simple(K::Pause));
    let resumed = paused.at("2026-11-25T10:00:00+07:00").body("kt", Action::Resume);
    assert_eq!(resolve_by(&resumed, &directory), Some(day("2026-11-27")));
}

#[test]
fn a_pause_before_the_clock_started_is_not_counted() {
    let referred = History::new().at("2026-11-12T09:00:00+07:00").refer("kt");
    let paused = referred.body("kt", simple(K::Pause)).at("2026-11-20T09:00:00+07:00").body("kt", Action::Resume);
    let accepted = paused.clone().at("2026-11-23T09:00:00+07:00").body("kt", Action::Accept);
    assert_eq!(resolve_by(&accepted, &thirty_days("acceptance")), Some(day("2026-12-23")));
    let moved = paused.at("2026-11-23T09:00:00+07:00").refer("dd");
    assert_eq!(resolve_by(&moved, &thirty_days("referral")), Some(day("2026-12-23")));
}

#[test]
fn a_pause_ends_with_what_ends_the_petition_or_hands_it_on() {
    let directory = thirty_days("logging");
    let paused = History::new().refer("kt").at("2026-11-12T09:00:00+07:00").body("kt", simple(K::Pause));
    let later = paused.at("2026-11-17T09:00:00+07:00");
    for history in [later.clone().refer("dd"), later.does(simple(K::Resolve))] {
        let much_later = history.at("2026-12-30T09:00:00+07:00").does(simple(K::Comment));
        assert_eq!(resolve_by(&much_later, &directory), Some(day("2026-12-15")), "five days were paused");
    }
}

#[test]
fn a_date_given_comes_before_the_policys() {
    let directory = thirty_days("referral");
    let given = History::new().does(refer_due("kt", "2026-11-18"));
    assert_eq!(resolve_by(&given, &directory), Some(day("2026-11-18")));
    assert_eq!(resolve_by(&given, &Directory::default()), Some(day("2026-11-18")), "even where no policy says any");
    let extended = given.clone().body("kt", extend("2026-12-31"));
    assert_eq!(resolve_by(&extended, &directory), Some(day("2026-12-31")));
    let again = extended.clone().body("kt", extend("2027-01-15"));
    assert_eq!(resolve_by(&again, &directory), Some(day("2027-01-15")), "the last extension counts");
    let referred_again = again.at("2026-11-20T09:00:00+07:00").refer("dd");
    assert_eq!(resolve_by(&referred_again, &directory), Some(day("2026-12-20")), "given to the body of before");
    assert_eq!(deadlines(&given.now(), &directory).first_answer, Some(day("2026-11-25")), "no first answer is given");
}

#[test]
fn an_extension_without_effect_extends_nothing() {
    let resolved = History::new().refer("kt").body("kt", simple(K::Resolve)).body("kt", extend("2027-06-30"));
    assert_eq!(resolve_by(&resolved, &thirty_days("referral")), Some(day("2026-12-10")));
}

#[test]
fn reopening_starts_the_bodys_clock_anew() {
    let resolved = History::new().does(refer_due("kt", "2026-11-18")).body("kt", Action::Accept);
    let resolved = resolved.at("2026-11-16T09:00:00+07:00").body("kt", simple(K::Resolve));
    let reopened = resolved.at("2026-12-01T09:00:00+07:00").does(simple(K::Reopen));
    assert_eq!(resolve_by(&reopened, &thirty_days("referral")), Some(day("2026-12-31")));
    assert_eq!(resolve_by(&reopened, &thirty_days("acceptance")), None, "until it is taken on again");
    assert_eq!(resolve_by(&reopened, &thirty_days("logging")), Some(day("2026-12-10")), "logged is logged");
}

#[test]
fn a_late_referral_starts_the_clock_when_it_arrived() {
    let history = History::new().refer("kt");
    let arrived = time("2026-12-01T09:00:00+07:00");
    let folded = fold(&facts(), time(LOGGED), &history.events, |_| arrived);
    assert_eq!(deadlines(folded.last(), &thirty_days("referral")).resolve, Some(day("2026-12-31")));
}
