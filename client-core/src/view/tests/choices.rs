//! What forms offer.

use sync::model::directory::{Role, UnitKind};
use sync::model::petition::Channel;

use super::desk::Desk;
use crate::view::code::CodeFault;
use crate::view::{choices, suggested_bodies};

#[test]
fn people_pick_from_what_is_theirs_today() {
    let desk = Desk::new();
    let choices = choices(&desk.replica, desk.now);
    let posts: Vec<&str> = choices.posts.iter().map(|post| post.code.as_str()).collect();
    assert_eq!(posts.len(), 5, "{posts:?}");
    let staff = choices.posts.iter().find(|post| post.code == "tn").expect("held");
    assert_eq!((staff.role, staff.office_name.as_deref()), (Role::FrontStaff, Some("MTTQ xã")));
    // Neither the commune of another office nor the one that is no more.
    let units: Vec<(&str, Option<&str>, UnitKind)> =
        choices.units.iter().map(|unit| (unit.code.as_str(), unit.parent.as_deref(), unit.kind)).collect();
    assert_eq!(units, [("30904", None, UnitKind::Commune), ("30904-vt", Some("30904"), UnitKind::Hamlet)]);
    let border = choices.categories.iter().find(|category| category.code == "border").expect("there");
    assert_eq!((border.name.as_str(), border.parent.as_deref()), ("Ranh đất", Some("land")));
    let mut bodies: Vec<&str> = choices.bodies.iter().map(|body| body.code.as_str()).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, ["dl", "kt"]);
    assert_eq!((choices.channels[0].word, choices.channels[0].name), (Channel::Dialogue, "Đối thoại"));
    assert_eq!((choices.kinds.len(), choices.statuses.len(), choices.outcomes.len()), (5, 14, 3));
}

#[test]
fn bodies_are_suggested_by_the_nearest_rule() {
    let desk = Desk::new();
    let codes = |unit: &str, category: Option<&str>| -> Vec<String> {
        let bodies = suggested_bodies(&desk.replica, unit, category, desk.now).expect("codes");
        bodies.into_iter().map(|body| body.code).collect()
    };
    assert_eq!(codes("30904-vt", Some("border")), ["kt", "dl"]);
    assert_eq!(codes("30910", Some("land")), ["dl"]);
    assert!(codes("30904", None).is_empty());
    let wrong = suggested_bodies(&desk.replica, "30904", Some("x"), desk.now);
    assert!(matches!(wrong, Err(CodeFault::Unknown { .. })));

    let offered = choices(&desk.replica, desk.now).suggested;
    let bodies = |category: &str, unit: Option<&str>| {
        let found = offered.iter().find(|s| s.category.as_deref() == Some(category) && s.unit.as_deref() == unit);
        found.map(|s| s.bodies.join(" "))
    };
    assert_eq!(bodies("border", Some("30904")).as_deref(), Some("kt dl"));
    assert_eq!(bodies("border", None).as_deref(), Some("dl"));
}
