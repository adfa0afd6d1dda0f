//! The register with who raised each petition: for those who may know, each name written down as read, and never by default.

mod support;

use std::path::Path;

use support::{Json, Replica, Server, TWO_COMMUNES, list, number, text};

const NAME: &str = "Huỳnh Thị Ngọc Trâm";

fn letters(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn export(replica: &Replica, out: &Path, more: &[&str]) -> Json {
    replica.run(&[&["export", "petitions", "--out", letters(out)], more].concat())
}

/// Text, name, telephone, address, consent and remark of each line.
fn lines(path: &Path) -> Vec<[String; 6]> {
    let bytes = std::fs::read(path).expect("a file");
    let mut rows = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).expect("its mark"));
    let head = rows.headers().expect("a header").clone();
    let column = |title: &str| head.iter().position(|h| h == title).unwrap_or_else(|| panic!("{title} in {head:?}"));
    let wanted = ["Nội dung", "Họ tên", "Điện thoại", "Địa chỉ", "Đồng ý", "Ghi chú danh tính"].map(column);
    let mut lines: Vec<[String; 6]> =
        rows.records().map(|row| row.expect("a row")).map(|row| wanted.map(|n| row[n].to_owned())).collect();
    lines.sort();
    lines
}

fn audit(server: &Server) -> Vec<(String, String)> {
    let lines = server.run(&["audit", "list"]);
    let of_persons = list(&lines).iter().filter(|l| text(l, "what").starts_with("identity-"));
    let mut told: Vec<_> = of_persons.map(|l| (text(l, "user").to_owned(), text(l, "detail").to_owned())).collect();
    told.sort();
    told
}

fn line(user: &str, detail: &str) -> (String, String) {
    (user.to_owned(), detail.to_owned())
}

#[test]
fn names_are_exported_by_those_who_may_know_and_each_is_written_down() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, hung, thu, kinh] = ["lan", "hung", "thu", "kinh"].map(|user| server.enroll(user));
    let hamlet = ["--unit", "30904", "--hamlet", "30904-vt"];
    let person = ["--name", NAME, "--phone", "+84 918 273 645", "--address", "tổ 7", "--consent", "contact,share"];
    let known = lan.log("b. cống nghẹt", &[&hamlet[..], &person].concat());
    lan.log("c. không ai nêu tên", &["--unit", "30904"]);
    let apart = lan.log("a. mương ô nhiễm", &hamlet);
    lan.log("d. công thức", &["--unit", "30904", "--name", "=HYPERLINK(\"http://x\",\"y\")"]);
    lan.sync();
    hung.sync();
    lan.run(&["petition", "identify", &apart, "--name", "Bà Tư"]);
    hung.run(&["petition", "identify", &apart, "--name", "Bà Tư Lành", "--phone", "0909 000 111"]);
    lan.sync();
    hung.sync();
    thu.sync();
    thu.petition("refer", &known, &["--to", "kt"]);
    thu.run(&["petition", "identity", &known, "--purpose", "handle"]);
    thu.sync();
    kinh.sync();
    let before = audit(&server);

    // By default nobody is named.
    let out = server.folder().join("so.csv");
    export(&thu, &out, &[]);
    let plain = std::fs::read_to_string(&out).expect("a file");
    assert!(!plain.contains("Trâm") && !plain.contains("Họ tên"));
    thu.sync();
    assert_eq!(audit(&server), before, "nobody was looked up");

    let made = export(&thu, &out, &["--identity"]);
    assert_eq!(number(&made, "petitions"), 4);
    let counted = ["known", "contested", "not_named", "unknown", "not_yours"].map(|key| number(&made["identity"], key));
    assert_eq!(counted, [3, 1, 1, 0, 0]);
    let expected = [
        [
            "a. mương ô nhiễm",
            "(1) Bà Tư Lành\n(2) Bà Tư",
            "(1) 0909 000 111\n(2) –",
            "(1) –\n(2) –",
            "(1) chưa hỏi\n(2) chưa hỏi",
            "Ghi khác nhau (2 bản), chờ quyết định",
        ],
        [
            "b. cống nghẹt",
            NAME,
            "'+84 918 273 645",
            "tổ 7",
            "được liên hệ lại; cho cơ quan giải quyết biết mình là ai",
            "",
        ],
        ["c. không ai nêu tên", "", "", "", "", ""],
        ["d. công thức", "'=HYPERLINK(\"http://x\",\"y\")", "", "", "chưa hỏi", ""],
    ];
    assert_eq!(lines(&out), expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o600);
    }
    // Asked for three that did not lie here, in one sync; the one that did is told with the next.
    thu.sync();
    let mut after = before.clone();
    after.extend([line("thu", "export"), line("thu", "export"), line("thu", "export")]);
    after.push(line("thu", "export (on the device)"));
    after.sort();
    assert_eq!(audit(&server), after);

    // Who holds no right to it is refused, and no file is there.
    let none = server.folder().join("khong.csv");
    let said = kinh.refused(&["export", "petitions", "--identity", "--out", letters(&none)]);
    assert!(said.contains("danh tính") && !none.exists(), "{said}");
    assert_eq!(export(&kinh, &none, &[])["petitions"], 1, "without identity it may");
    // A form that cannot be written has cost no reading.
    let said = thu.refused(&["export", "petitions", "--identity", "--out", "so.pdf"]);
    assert!(said.contains(".xlsx"), "{said}");
    thu.sync();
    assert_eq!(audit(&server), after);
    server.assert_well();
}

#[test]
fn what_cannot_be_known_is_counted_and_the_rest_is_written() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let hamlet = ["--unit", "30904", "--hamlet", "30904-vt"];
    let ids = ["a", "b", "c"].map(|said| lan.log(said, &[&hamlet[..], &["--name", NAME]].concat()));
    lan.sync();
    thu.sync();
    thu.run(&["petition", "identity", &ids[0], "--purpose", "answer"]);
    server.run(&["erase", "--identity", &ids[2]]);
    thu.sync();
    server.stop();
    let out = server.folder().join("so.csv");
    let run = thu.command(&["export", "petitions", "--identity", "--out", letters(&out)]).output().expect("it ends");
    let said = String::from_utf8(run.stderr).expect("UTF-8");
    assert!(run.status.success(), "{said}");
    assert!(said.lines().any(|line| line.contains("1 đơn chưa biết được danh tính")), "{said}");
    let told: Vec<[String; 2]> = lines(&out).into_iter().map(|[_, name, _, _, _, remark]| [name, remark]).collect();
    assert_eq!(told, [[NAME, ""], ["", "Chưa biết được"], ["", "Đã xoá theo yêu cầu"]]);

    server.serve_at(&address);
    let made = export(&thu, &out, &["--identity"]);
    let counted = ["known", "unknown", "erased"].map(|key| number(&made["identity"], key));
    assert_eq!(counted, [2, 0, 1]);
    assert_eq!(lines(&out)[1][1], NAME);
}

#[test]
fn of_what_is_not_the_users_to_know_the_line_is_there_without_a_name() {
    // Officer in one commune, and for a body in another: there the petition, not the person.
    let both = "\n[[user]]\ncode = \"hai\"\nname = \"Cán bộ thử 10\"\nposts = [\"cb-30910\", \"xl-kt\"]\n";
    let server = Server::start(&format!("{TWO_COMMUNES}{both}"));
    let [lan, xa, thu, hai] = ["lan", "xa", "thu", "hai"].map(|user| server.enroll(user));
    let theirs = lan.log("a. ở nơi khác", &["--unit", "30904", "--name", "Bà Tư"]);
    xa.log("b. ở nơi này", &["--unit", "30910", "--name", NAME]);
    lan.sync();
    xa.sync();
    thu.sync();
    thu.petition("refer", &theirs, &["--to", "kt"]);
    thu.sync();
    hai.sync();
    let out = server.folder().join("so.csv");
    let made = export(&hai, &out, &["--identity"]);
    let counted = ["known", "unknown", "not_yours"].map(|key| number(&made["identity"], key));
    assert_eq!(counted, [1, 0, 1]);
    let told: Vec<[String; 2]> = lines(&out).into_iter().map(|[_, name, _, _, _, remark]| [name, remark]).collect();
    assert_eq!(told, [["", "Không thuộc quyền xem"], [NAME, ""]]);
    assert_eq!(audit(&server), [line("hai", "export")], "of the other nobody was asked");
    // What is left of a filter may be nothing but that.
    let only = server.folder().join("chi.csv");
    let said = hai.refused(&["export", "petitions", "--identity", "--unit", "30904", "--out", letters(&only)]);
    assert!(said.contains("danh tính") && !only.exists(), "{said}");
}

#[test]
fn a_list_of_many_is_asked_for_at_once_and_told_of_whole() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    // More than one request takes.
    let register = server.folder().join("so-cu.csv");
    let rows: String = (0..450).map(|n| format!("{n},Đường số {n} ngập\n")).collect();
    std::fs::write(&register, format!("so,noi_dung\n{rows}")).expect("written");
    let mapping = server.folder().join("map.toml");
    std::fs::write(
        &mapping,
        "[source]\nname = \"so-cu\"\nkey = \"so\"\n[petition]\nunit = { value = \"30904\" }\n\
         kind = { value = \"feedback\" }\nchannel = { value = \"letter\" }\ntext = { column = \"noi_dung\" }\n\
         logged_at = { value = \"2026-01-05\" }\n",
    )
    .expect("written");
    let quan = server.enroll("quan");
    quan.run(&["--as", "ns-30904", "import", letters(&register), "--mapping", letters(&mapping)]);
    quan.sync();
    lan.sync();
    thu.sync();
    let out = server.folder().join("so.xlsx");
    let made = export(&thu, &out, &["--identity"]);
    assert_eq!((number(&made, "petitions"), number(&made["identity"], "not_named")), (450, 450), "{made}");
    assert_eq!(audit(&server).len(), 450);
    // Held, and looked at without asking: all of it is told with one sync.
    for petition in lan.petitions() {
        lan.run(&["petition", "identify", text(&petition, "id"), "--name", "Ông Năm"]);
    }
    lan.sync();
    export(&lan, &out, &["--identity"]);
    lan.sync();
    assert_eq!(audit(&server).iter().filter(|l| **l == line("lan", "export (on the device)")).count(), 450);
}
