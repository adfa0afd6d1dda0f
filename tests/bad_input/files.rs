//! Files that people bring: directories and mappings.

use std::path::Path;

use super::Office;
use super::support::{Program, TWO_COMMUNES, assert_one_line, number};

/// Two communes that each became the other.
fn in_a_circle() -> String {
    TWO_COMMUNES
        .replace("code = \"30904\"\nname", "code = \"30904\"\nsuccessors = [\"30910\"]\nname")
        .replace("code = \"30910\"\nname", "code = \"30910\"\nsuccessors = [\"30904\"]\nname")
}

/// What is wrong with a directory file, and what its line must have: at the server, and on a replica.
fn wrong_directories() -> Vec<(String, &'static str, &'static str)> {
    let circle = in_a_circle();
    assert_eq!(circle.matches("successors").count(), 2);
    vec![
        (circle, "circle", "vòng tròn"),
        (TWO_COMMUNES.replace("office = \"mttq-30910\"", "office = \"nowhere\""), "`nowhere`", "“nowhere”"),
        (
            TWO_COMMUNES.replace("role = \"leader\"", "role = \"king\""),
            "one of officer, front_staff",
            "officer (cán bộ xã, ấp), front_staff",
        ),
        (TWO_COMMUNES.replace("external = true", "external = \"yes\""), "external", "external"),
        (TWO_COMMUNES.replace("zone = \"Asia/Ho_Chi_Minh\"", "zone = \"Asia/Nowhere\""), "zone", "zone"),
        (TWO_COMMUNES.replace("code = \"30910\"\nname", "code = \"30904\"\nname"), "30904", "30904"),
        (format!("{TWO_COMMUNES}\n[[unit"), "TOML", "TOML ở dòng"),
    ]
}

#[test]
fn a_directory_that_contradicts_itself_makes_no_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, data) = (folder.path().join("directory.toml"), folder.path().join("data"));
    for (text, word, _) in wrong_directories() {
        std::fs::write(&file, text).expect("a directory file");
        let mut init = Program::Server.command();
        init.args(["--json", "init", "--tenant", "Thử", "--directory"]).arg(&file).arg("--data").arg(&data);
        let out = init.output().expect("it starts");
        let line = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{word}: {line}");
        assert_one_line(&line);
        assert!(line.contains(word), "{word}: {line}");
        assert!(!data.exists(), "{word}: something was made");
    }
}

#[test]
fn a_directory_that_contradicts_itself_is_not_applied() {
    let office = Office::open();
    let admin = office.server.enroll("quan");
    let file = office.server.folder().join("wrong.toml");
    let path = file.to_str().expect("a path of letters");
    let before = admin.run(&["directory", "show"]);
    for (text, _, word) in wrong_directories() {
        std::fs::write(&file, text).expect("a directory file");
        let line = admin.refused(&["directory", "apply", path]);
        assert!(line.contains(word), "{word}: {line}");
        assert_eq!(number(&admin.run(&["status"]), "pending"), 0);
    }
    admin.refused(&["directory", "apply", "no-such-file.toml"]);
    assert_eq!(admin.run(&["directory", "show"]), before);
    // Nor may somebody apply a good one who is no administrator.
    std::fs::write(&file, TWO_COMMUNES.replace("Ấp Vĩnh Thới", "Ấp Vĩnh Thới A")).expect("a directory file");
    office.lan.refused(&["directory", "apply", path]);
    office.assert_unharmed();
}

const REGISTER: &str = "so,ngay,noi_dung\n1,2026-01-05,Cầu hỏng\n2,2026-01-06,Đèn tắt\n";
const MAPPING: &str = r#"
[source]
name = "so-cu"
key = "so"
[petition]
unit = { value = "30904" }
kind = { value = "feedback" }
channel = { value = "letter" }
text = { column = "noi_dung" }
logged_at = { column = "ngay", format = "%Y-%m-%d" }
"#;

/// Writes both files; the command that imports them.
fn import(folder: &Path, register: &str, mapping: &str) -> [String; 4] {
    let (source, map) = (folder.join("so.csv"), folder.join("map.toml"));
    std::fs::write(&source, register).expect("a register");
    std::fs::write(&map, mapping).expect("a mapping");
    let path = |p: &Path| p.to_str().expect("a path of letters").to_owned();
    ["import".to_owned(), path(&source), "--mapping".to_owned(), path(&map)]
}

#[test]
fn a_mapping_that_does_not_fit_imports_nothing() {
    let office = Office::open();
    let importer = office.server.enroll("quan");
    let folder = office.server.folder();
    let wrong = [
        (MAPPING.replace("column = \"noi_dung\"", "column = \"khong_co\""), "khong_co"),
        (MAPPING.replace("key = \"so\"", "key = [\"so\", \"thieu\"]"), "thieu"),
        (MAPPING.replace("unit = { value = \"30904\" }\n", ""), "unit"),
        (MAPPING.replace("value = \"letter\"", "valeu = \"letter\""), "valeu"),
        (format!("{MAPPING}\n[events.celebrate]\nat = {{ column = \"ngay\" }}\n"), "celebrate"),
        (format!("{MAPPING}\n[values"), "TOML"),
    ];
    for (mapping, word) in wrong {
        let args = import(folder, REGISTER, &mapping);
        let args = args.each_ref().map(String::as_str);
        let line = importer.refused(&args);
        assert!(line.contains(word), "{word}: {line}");
        assert_eq!(number(&importer.run(&["status"]), "pending"), 0);
    }
    // An officer is no importer.
    let args = import(folder, REGISTER, MAPPING);
    let args = args.each_ref().map(String::as_str);
    office.lan.refused(&args);
    // The same files with a right mapping: one row good, one refused, beside each other.
    let register = REGISTER.replace("2026-01-06", "hôm qua");
    let args = import(folder, &register, MAPPING);
    let args = args.each_ref().map(String::as_str);
    let report = importer.run(&args);
    let counts = ["read", "added", "already", "refused"].map(|k| number(&report, k));
    assert_eq!(counts, [2, 1, 0, 1], "{report}");
    importer.sync();
    office.assert_unharmed();
}
