//! Directories that tests are written over.

/// Two communes under one province; in the first two hamlets, bodies with and without a device of their own, and everybody
/// a petition meets. Deadlines run from the referral, so that what nobody has referred is never overdue.
pub const TWO_COMMUNES: &str = r#"
zone = "Asia/Ho_Chi_Minh"
lease_days = 14

[[office]]
code = "mttq-91"
name = "Ủy ban MTTQ Việt Nam tỉnh An Giang"
[[office]]
code = "mttq-30904"
name = "Ủy ban MTTQ Việt Nam xã Giồng Riềng"
parent = "mttq-91"
[[office]]
code = "mttq-30910"
name = "Ủy ban MTTQ Việt Nam xã Thạnh Hưng"
parent = "mttq-91"

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
[[unit]]
code = "30904-vp"
name = "Ấp Vĩnh Phước"
kind = "hamlet"
parent = "30904"
[[unit]]
code = "30910"
name = "Xã Thạnh Hưng"
kind = "commune"
office = "mttq-30910"

[[body]]
code = "kt"
name = "Phòng Kinh tế xã Giồng Riềng"
unit = "30904"
[[body]]
code = "vh"
name = "Phòng Văn hóa – Xã hội xã Giồng Riềng"
unit = "30904"
[[body]]
code = "vpdk"
name = "Chi nhánh Văn phòng đăng ký đất đai"
external = true

[[category]]
code = "land"
name = "Đất đai"
form04 = "land"
[[category]]
code = "roads"
name = "Giao thông"
form04 = "other"
[[category]]
code = "health"
name = "Y tế"
form04 = "policy"

[[policy]]
kind = "feedback"
category = "*"
first_answer = "10wd"
resolve = "30d"
from = "referral"
[[policy]]
kind = "proposal"
category = "*"
first_answer = "10wd"
resolve = "30d"
from = "referral"

[[post]]
code = "cb-30904"
name = "Cán bộ Mặt trận xã"
role = "officer"
unit = "30904"
[[post]]
code = "ap-vt"
name = "Trưởng ban công tác Mặt trận ấp Vĩnh Thới"
role = "officer"
unit = "30904-vt"
[[post]]
code = "cb-30910"
name = "Cán bộ Mặt trận xã Thạnh Hưng"
role = "officer"
unit = "30910"
[[post]]
code = "tn-30904"
name = "Đầu mối tiếp nhận"
role = "front_staff"
office = "mttq-30904"
[[post]]
code = "xl-kt"
name = "Chuyên viên Phòng Kinh tế"
role = "handler"
body = "kt"
[[post]]
code = "xl-vh"
name = "Chuyên viên Phòng Văn hóa – Xã hội"
role = "handler"
body = "vh"
[[post]]
code = "ld-30904"
name = "Thường trực Đảng ủy xã"
role = "leader"
office = "mttq-30904"
[[post]]
code = "qt"
name = "Quản trị danh mục"
role = "directory_admin"
[[post]]
code = "ns-30904"
name = "Nhập sổ cũ"
role = "importer"
office = "mttq-30904"

[[user]]
code = "lan"
name = "Cán bộ thử 1"
posts = ["cb-30904"]
[[user]]
code = "hung"
name = "Cán bộ thử 2"
posts = ["ap-vt"]
[[user]]
code = "xa"
name = "Cán bộ thử 3"
posts = ["cb-30910"]
[[user]]
code = "thu"
name = "Cán bộ thử 4"
posts = ["tn-30904"]
[[user]]
code = "minh"
name = "Cán bộ thử 5"
posts = ["tn-30904"]
[[user]]
code = "kinh"
name = "Cán bộ thử 6"
posts = ["xl-kt"]
[[user]]
code = "van"
name = "Cán bộ thử 7"
posts = ["xl-vh"]
[[user]]
code = "dang"
name = "Cán bộ thử 8"
posts = ["ld-30904"]
[[user]]
code = "quan"
name = "Cán bộ thử 9"
posts = ["qt", "ns-30904"]
"#;

/// The two communes with people who are entrusted with the sealed petitions of the first: gia, and nga, who comes later.
pub fn with_entrusted() -> String {
    let entrusted = r#"
[[post]]
code = "gk"
name = "Người giữ đơn kín"
role = "sealed_handler"
office = "mttq-30904"
[[post]]
code = "gk-2"
name = "Người giữ đơn kín thứ hai"
role = "sealed_handler"
office = "mttq-30904"
[[post]]
code = "gk-91"
name = "Người giữ đơn kín của tỉnh"
role = "sealed_handler"
office = "mttq-91"
[[user]]
code = "gia"
name = "Người được giao 1"
posts = ["gk"]
[[user]]
code = "nga"
name = "Người được giao 2"
posts = ["gk-2"]
[[user]]
code = "tinh"
name = "Người được giao ở tỉnh"
posts = ["gk-91"]
"#;
    format!("{TWO_COMMUNES}{entrusted}")
}
