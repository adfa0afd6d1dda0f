//! The world's directory, and what happens to it.

use rand::{Rng, RngExt};
use sync::model::directory::{EntityKind, Fields, Value};

/// Two communes, three hamlets, three bodies, everybody a petition meets.
pub const DIRECTORY: &str = r#"
lease_days = 14
[[office]]
code = "mt"
name = "Ủy ban MTTQ xã A"
[[office]]
code = "mt2"
name = "Ủy ban MTTQ xã B"
[[unit]]
code = "a"
name = "Xã A"
office = "mt"
[[unit]]
code = "a1"
name = "Ấp 1"
kind = "hamlet"
parent = "a"
[[unit]]
code = "a2"
name = "Ấp 2"
kind = "hamlet"
parent = "a"
[[unit]]
code = "b"
name = "Xã B"
office = "mt2"
[[body]]
code = "kt"
name = "Phòng Kinh tế"
unit = "a"
[[body]]
code = "vh"
name = "Phòng Văn hóa"
unit = "a"
[[body]]
code = "dd"
name = "Đăng ký đất đai"
external = true
[[category]]
code = "land"
name = "Đất đai"
form04 = "land"
[[category]]
code = "roads"
name = "Giao thông"
form04 = "other"
[[post]]
code = "cb"
role = "officer"
unit = "a"
[[post]]
code = "ap1"
role = "officer"
unit = "a1"
[[post]]
code = "cbb"
role = "officer"
unit = "b"
[[post]]
code = "tn"
role = "front_staff"
office = "mt"
[[post]]
code = "gk"
role = "sealed_handler"
office = "mt"
[[post]]
code = "xlkt"
role = "handler"
body = "kt"
[[post]]
code = "xlvh"
role = "handler"
body = "vh"
[[post]]
code = "qt"
role = "directory_admin"
[[user]]
code = "lan"
posts = ["cb"]
[[user]]
code = "hung"
posts = ["ap1"]
[[user]]
code = "thu"
posts = ["tn"]
[[user]]
code = "minh"
posts = ["tn"]
[[user]]
code = "kinh"
posts = ["xlkt"]
[[user]]
code = "van"
posts = ["xlvh"]
[[user]]
code = "gia"
posts = ["gk"]
[[user]]
code = "quan"
posts = ["qt"]
[[policy]]
resolve = "30d"
first_answer = "10wd"
from = "referral"
"#;

/// Everybody with a device, by code. The last one keeps the directory.
pub const USERS: [&str; 8] = ["lan", "hung", "thu", "minh", "kinh", "van", ENTRUSTED, "quan"];
/// Who is entrusted with sealed petitions from the beginning.
pub const ENTRUSTED: &str = "gia";

/// One change of the directory: table, entry, fields.
pub type Change = (EntityKind, &'static str, Fields);

fn posts(codes: &[&str]) -> Fields {
    Fields::from([("posts".to_owned(), Value::List(codes.iter().map(|c| (*c).to_owned()).collect()))])
}

fn text(name: &str, value: &str) -> Fields {
    Fields::from([(name.to_owned(), Value::Text(value.to_owned()))])
}

/// Something that happens to posts and structure. `day`: today.
pub fn change(chance: &mut impl Rng, day: jiff::civil::Date) -> Vec<Change> {
    use EntityKind::{Body, Category, Unit, User};
    let yesterday = day.yesterday().unwrap_or(day).to_string();
    match chance.random_range(0..16) {
        0 => vec![(User, "lan", posts(&[]))],
        1 => vec![(User, "lan", posts(&["cb"]))],
        2 => vec![(User, "lan", posts(&["cb", "tn"]))],
        3 => vec![(User, "hung", posts(&["ap1", "cbb"]))],
        4 => vec![(User, "hung", posts(&[]))],
        5 => vec![(User, "minh", posts(&[]))],
        6 => vec![(User, "minh", posts(&["tn", "xlvh"]))],
        7 => vec![(User, "kinh", posts(&["xlkt", "xlvh"]))],
        // One body goes up in another, from today on.
        8 => {
            let mut over = text("valid_to", &yesterday);
            over.insert("successors".to_owned(), Value::List(vec!["vh".to_owned()]));
            vec![(Body, "kt", over)]
        }
        9 => vec![(Unit, "a2", text("name", "Ấp 2 mới"))],
        11 => vec![(User, "thu", posts(&["tn", "gk"]))],
        12 => vec![(User, "thu", posts(&["tn"]))],
        13 => vec![(User, ENTRUSTED, posts(&[]))],
        14 => vec![(User, ENTRUSTED, posts(&["gk"]))],
        10 => vec![(Category, "roads", text("valid_to", &yesterday))],
        _ => vec![(User, "van", posts(&["xlvh", "xlkt"]))],
    }
}
