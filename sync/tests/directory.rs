//! The directory: here its file as it should be; beside it its faults, what is asked of it, and how it changes.

mod support;

#[path = "directory/apply.rs"]
mod apply;
#[path = "directory/faults.rs"]
mod faults;
#[path = "directory/lookup.rs"]
mod lookup;

use support::*;
use sync::model::directory::*;

/// The example of the contract, each table written out.
pub const CONTRACT: &str = r#"
zone = "Asia/Ho_Chi_Minh"
[[office]]
code = "mttq-30904"
name = "Ủy ban MTTQ Việt Nam xã Giồng Riềng"
parent = "mttq-91"
[[office]]
code = "mttq-91"
name = "Ủy ban MTTQ Việt Nam tỉnh An Giang"
[[unit]]
code = "30904"
name = "Xã Giồng Riềng"
kind = "commune"
office = "mttq-30904"
[[unit]]
code = "30904-vt"
name = "Ấp Vĩnh Thới"
kind = "hamlet"
parent = "30904"
[[body]]
code = "kt-30904"
name = "Phòng Kinh tế xã Giồng Riềng"
unit = "30904"
[[body]]
code = "vpdk"
name = "Chi nhánh Văn phòng đăng ký đất đai"
external = true
[[category]]
code = "land"
name = "Đất đai"
form04 = "land"
[[routing]]
category = "land"
unit = "*"
body = "vpdk"
[[post]]
code = "cb-30904"
name = "Cán bộ Mặt trận xã"
role = "officer"
unit = "30904"
[[post]]
code = "tn-30904"
name = "Đầu mối tiếp nhận"
role = "front_staff"
office = "mttq-30904"
[[post]]
code = "qt"
name = "Quản trị danh mục"
role = "directory_admin"
[[user]]
code = "lan"
name = "Cán bộ minh hoạ 1"
posts = ["cb-30904", "tn-30904", "qt"]
[[policy]]
kind = "feedback"
category = "*"
first_answer = "10wd"
resolve = "30d"
from = "referral"
[calendar]
holidays = ["2026-11-24"]
working_saturdays = ["2026-01-10", "2026-08-22"]
"#;

/// The whole demonstration.
pub const DEMO: &str = include_str!("../../demo/directory.toml");

#[test]
fn the_contracts_example_is_read() {
    let d = directory(CONTRACT);
    assert_eq!(d.check(), []);
    assert_eq!(d.zone_name(), "Asia/Ho_Chi_Minh");
    assert_eq!(d.lease(), jiff::SignedDuration::from_hours(14 * 24), "fourteen days unless set");
    let office = d.office(&"mttq-30904".into()).expect("there");
    assert_eq!(
        (office.name.as_str(), office.parent.as_ref()),
        ("Ủy ban MTTQ Việt Nam xã Giồng Riềng", Some(&"mttq-91".into()))
    );
    let commune = d.unit(&"30904".into()).expect("there");
    assert_eq!(
        (commune.kind, commune.office.as_ref(), commune.parent.as_ref()),
        (UnitKind::Commune, Some(&"mttq-30904".into()), None)
    );
    let hamlet = d.unit(&"30904-vt".into()).expect("there");
    assert_eq!((hamlet.kind, hamlet.parent.as_ref()), (UnitKind::Hamlet, Some(&"30904".into())));
    assert!(!d.body(&"kt-30904".into()).expect("there").external);
    assert!(d.body(&"vpdk".into()).expect("there").external);
    assert_eq!(d.category(&"land".into()).expect("there").form04, Some(Form04::Land));
    let routing: Vec<_> = d.routing().iter().map(|r| (r.category.as_ref(), r.unit.as_ref(), r.body.as_str())).collect();
    assert_eq!(routing, [(Some(&"land".into()), None, "vpdk")]);
    let roles: Vec<_> = d.posts().map(|p| (p.id.as_str(), p.role)).collect();
    assert_eq!(roles, [("cb-30904", Role::Officer), ("qt", Role::DirectoryAdmin), ("tn-30904", Role::FrontStaff)]);
    let policy = &d.policies()[0];
    assert_eq!(
        (policy.kind, policy.category.as_ref(), policy.from),
        (Some(sync::model::petition::Kind::Feedback), None, ClockStart::Referral)
    );
    assert_eq!(policy.first_answer, sync::model::calendar::Term::parse("10wd"));
    assert_eq!(policy.resolve, sync::model::calendar::Term::parse("30d"));
    assert!(d.calendar().holidays.contains(&day("2026-11-24")));
    let posts: Vec<&str> = d.posts_of(&"lan".into(), day("2026-11-10")).iter().map(|p| p.code.as_str()).collect();
    assert_eq!(posts, ["cb-30904", "tn-30904", "qt"], "in the order they were given");
}

#[test]
fn the_demonstration_is_read() {
    let d = directory(DEMO);
    assert_eq!(d.check(), []);
    let today = day("2026-11-10");
    let communes = d.units().filter(|u| u.kind == UnitKind::Commune);
    let (now, before): (Vec<_>, Vec<_>) = communes.partition(|u| u.valid.contains(today));
    assert_eq!((now.len(), before.len()), (6, 19));
    assert_eq!(d.offices().count(), 7);
    assert_eq!(d.office_tree(&"mttq-91".into()).len(), 7);
    for unit in d.units() {
        assert_eq!(d.offices_of_unit(&unit.id, today).len(), 1, "{} belongs to an office", unit.id);
        for now in d.current_units(&unit.id, today) {
            assert!(d.unit(&now).expect("there").valid.contains(today), "{} stands in {now}'s place", unit.id);
        }
    }
    for user in d.users() {
        assert!(!d.posts_of(&user.id, today).is_empty(), "{} has a post", user.code);
    }
    assert!(d.users().any(|u| d.posts_of(&u.id, today).len() > 1), "one person with two posts");
}

#[test]
fn dates_may_be_written_as_toml_dates() {
    let d = directory("[[unit]]\ncode = \"a\"\nvalid_from = 2025-07-01\n[calendar]\nholidays = [2026-11-24]\n");
    assert_eq!(d.unit(&"a".into()).expect("there").valid.from, Some(day("2025-07-01")));
    assert!(d.calendar().holidays.contains(&day("2026-11-24")));
}
