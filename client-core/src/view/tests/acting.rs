//! In whose name: the post that the rights table lets do it.

use sync::model::petition::{Action, Outcome};

use super::desk::{Desk, record};
use crate::command::CommandError;
use crate::view::{Acting, ActingError, Wish, acting};

fn referred() -> Desk {
    let mut desk = Desk::new();
    desk.log(20, "2026-11-01T02:00:00Z", |_| {});
    let refer = Action::Refer { to: "kt".into(), with: None, due: None, note: None };
    desk.act(20, 50, "tn", "2026-11-02T02:00:00Z", refer);
    desk
}

fn choose(desk: &Desk, action: &Action, on_behalf: Option<&str>, wanted: Option<&str>) -> Result<Acting, ActingError> {
    let body = on_behalf.map(Into::into);
    let wish = Wish { record: record(20), action, on_behalf_of: body.as_ref(), paper: on_behalf.map(|_| "12/CV") };
    acting(&desk.replica, &wish, wanted, desk.now)
}

#[test]
fn a_handler_acts_as_its_body_and_staff_only_with_a_paper() {
    let desk = referred();
    let own = choose(&desk, &Action::Accept, None, None).expect("one fits");
    assert_eq!((own.post.code.as_str(), own.body), ("xl", Some("kt".into())));
    let typed = choose(&desk, &Action::Accept, Some("kt"), None).expect("one fits");
    assert_eq!((typed.post.code.as_str(), typed.body), ("tn", Some("kt".into())));
}

#[test]
fn several_that_fit_are_named_and_one_can_be_asked_for() {
    let desk = referred();
    let comment = Action::Comment { text: "x".into() };
    let several = choose(&desk, &comment, None, None);
    assert!(matches!(several, Err(ActingError::Post(CommandError::SeveralPosts { .. }))));
    assert_eq!(choose(&desk, &comment, None, Some("cb")).expect("asked for").post.code, "cb");
}

#[test]
fn what_nobody_may_is_said_with_the_nearest_reason() {
    let desk = referred();
    let line =
        |action: &Action, on_behalf, wanted| choose(&desk, action, on_behalf, wanted).expect_err("denied").to_string();
    assert!(line(&Action::Accept, Some("dl"), None).contains("dl không giữ đơn này"));
    let resolve = Action::Resolve { outcome: Outcome::Settled, text: "x".into() };
    assert!(line(&resolve, None, Some("cb")).contains("--answered"));
    assert!(line(&resolve, None, Some("tn")).contains("--on-behalf-of"));
}
