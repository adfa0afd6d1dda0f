//! The file of refused rows: written beside the source, readable by the same mapping.

use super::{HEADER, MAPPING, mapping, plan, planned, source};
use crate::import::{RefusedFile, Row, open};

fn write_refused(source: &super::Source) -> std::path::PathBuf {
    let mapping = mapping(MAPPING);
    let headers = open(&source.path, &mapping).expect("opened").headers().to_vec();
    let mut file = RefusedFile::create_beside(&source.path, &headers);
    for row in plan(source, &mapping) {
        if let Row::Refused { line, key, reason, cells } = row {
            file.write(line, key.as_deref(), reason.code(), &reason.to_string(), &cells).expect("written");
        }
    }
    file.finish().expect("finished").expect("some refused")
}

#[test]
fn refused_rows_stand_beside_the_source_with_line_key_and_reason() {
    let source = source(
        "cases.csv",
        format!("{HEADER}7,30904,2023-01-05,x,,\n7,30904,2023-01-06,\"=1+1, hai\",,\n8,30904,,x,,\n"),
    );
    let path = write_refused(&source);
    assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("cases.refused.csv"));
    let text = std::fs::read_to_string(&path).expect("read");
    let expected = "\u{feff}refused_line,refused_key,refused_code,refused_reason,so,don_vi,ngay,noi_dung,co_quan,ngay_xong\r\n\
        3,7,key-seen,khoá đã gặp ở dòng 2 của cùng tệp; chỉ dòng gặp trước được tính,7,30904,2023-01-06,\"=1+1, hai\",,\r\n\
        4,8,date-blank,ngày bắt buộc để trống: logged_at (cột “ngay”),8,30904,,x,,\r\n";
    assert_eq!(text, expected);
    assert!(!path.with_extension("csv.part").exists());
}

#[test]
fn a_mended_file_is_read_by_the_same_mapping_and_adds_no_columns_again() {
    let first = source("cases.csv", format!("{HEADER}7,30904,mai,x,,\n8,30904,mốt,y,,\n"));
    let path = write_refused(&first);
    let mended = std::fs::read_to_string(&path).expect("read").replace("mai", "2023-01-05");
    let second = source("cases.refused.csv", mended);
    let rows = plan(&second, &mapping(MAPPING));
    assert_eq!(planned(&rows[0]).key, "7");
    let again = write_refused(&second);
    let text = std::fs::read_to_string(again).expect("read");
    let header =
        "\u{feff}refused_line,refused_key,refused_code,refused_reason,so,don_vi,ngay,noi_dung,co_quan,ngay_xong\r\n";
    let (written, rest) = text.split_at(header.len());
    assert_eq!(written, header);
    assert!(rest.starts_with("3,8,date-unreadable,") && rest.ends_with(",8,30904,mốt,y,,\r\n"), "{rest}");
}

#[test]
fn without_refused_rows_there_is_no_file_and_an_abandoned_one_leaves_none() {
    let source = source("cases.csv", HEADER);
    let folder = source.path.parent().expect("folder");
    let files = || std::fs::read_dir(folder).expect("listed").count();
    assert_eq!(RefusedFile::create_beside(&source.path, &[]).finish().expect("finished"), None);
    assert_eq!(files(), 1);
    let mut abandoned = RefusedFile::create_beside(&source.path, &["so".to_owned()]);
    abandoned.write(2, None, "uneven", "thừa ô", &["7".to_owned(), "thừa".to_owned()]).expect("written");
    assert_eq!(files(), 2);
    drop(abandoned);
    assert_eq!(files(), 1);
}
