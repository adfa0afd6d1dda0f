//! Delimited text as it is found: encodings, delimiters, titles above the header, slips.

use encoding_rs::{UTF_16LE, WINDOWS_1258};

use super::{HEADER, MAPPING, mapping, opened, plan, plan_csv, planned, refused, source};
use crate::import::{Row, SourceError, SourceShape};

/// Two rows of ordinary Vietnamese: enough for an encoding to be told.
const WORDS: &str = "7,30904,2023-01-05,Đường vào ấp bị hư hỏng nặng và ngập nước khi mưa lớn,Phòng Kinh tế,\n\
                     8,30904,2023-01-06,Người dân đề nghị sửa chữa cầu khỉ bắc qua kênh,Phòng Kinh tế,\n";
const TEXT: &str = "Đường vào ấp bị hư hỏng nặng và ngập nước khi mưa lớn";

fn shape(rows: &super::Rows) -> (&'static str, char, u64) {
    match rows.shape() {
        SourceShape::Text { encoding, delimiter, header_row } => (encoding, *delimiter, *header_row),
        SourceShape::Sheet { .. } => panic!("a sheet"),
    }
}

fn check(content: &[u8], expected: (&'static str, char, u64)) {
    let (source, mapping) = (source("so.csv", content), mapping(MAPPING));
    assert_eq!(shape(&opened(&source, &mapping).expect("opened")), expected);
    let rows = plan(&source, &mapping);
    assert_eq!(rows.len(), 2);
    assert_eq!(planned(&rows[0]).facts.text, TEXT);
    assert_eq!(planned(&rows[0]).events[0].args["to"], "Phòng Kinh tế");
}

#[test]
fn utf_8_with_and_without_mark() {
    check(format!("{HEADER}{WORDS}").as_bytes(), ("UTF-8", ',', 1));
    check(format!("\u{feff}{HEADER}{WORDS}").as_bytes(), ("UTF-8", ',', 1));
}

#[test]
fn utf_16_with_and_without_mark() {
    let text = format!("{HEADER}{WORDS}").replace(',', "\t");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&[b"\xff\xfe".as_slice(), &little].concat(), ("UTF-16LE", '\t', 1));
    check(&[b"\xfe\xff".as_slice(), &big].concat(), ("UTF-16BE", '\t', 1));
    check(&little, (UTF_16LE.name(), '\t', 1));
    check(&big, ("UTF-16BE", '\t', 1));
}

#[test]
fn windows_1258_is_told_and_composed() {
    let text = format!("{HEADER}{WORDS}");
    // The code page has the vowels with their marks and the tones apart, so each toned letter is two.
    let parted: String = text.chars().flat_map(part_tone).collect();
    let (bytes, _, lossy) = WINDOWS_1258.encode(&parted);
    assert!(!lossy);
    check(&bytes, ("windows-1258", ',', 1));
}

/// Takes the tone off a Vietnamese letter and sets it behind.
fn part_tone(letter: char) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization;
    const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let apart: Vec<char> = std::iter::once(letter).nfd().collect();
    let tone = apart.iter().copied().find(|mark| TONES.contains(mark));
    let base: Vec<char> = apart.into_iter().filter(|mark| Some(*mark) != tone).nfc().collect();
    base.into_iter().chain(tone).collect()
}

#[test]
fn an_encoding_that_is_set_is_taken() {
    let mapping = mapping(&MAPPING.replace("key = \"so\"", "key = \"so\"\nencoding = \"windows-1252\""));
    let source = source("so.csv", [HEADER.as_bytes(), b"7,30904,2023-01-05,caf\xe9,,\n"].concat());
    assert_eq!(planned(&plan(&source, &mapping)[0]).facts.text, "café");
}

#[test]
fn a_damaged_character_spoils_its_own_row_only() {
    let mut content = format!("{HEADER}{}", WORDS).into_bytes();
    content.extend_from_slice(b"9,30904,2023-01-07,h\xc6 h\xe1\xbb\x8fng,,\n");
    let rows = plan(&source("so.csv", content), &mapping(MAPPING));
    assert_eq!(planned(&rows[0]).facts.text, TEXT);
    assert_eq!((refused(&rows[2]).0, refused(&rows[2]).2.code()), (4, "fact-unreadable"));
}

#[test]
fn each_delimiter_is_told_and_one_may_be_set() {
    for delimiter in [",", ";", "\t", "|"] {
        let content = format!("{HEADER}{WORDS}").replace(',', delimiter);
        check(content.as_bytes(), ("UTF-8", delimiter.chars().next().expect("one"), 1));
    }
    let mapping = mapping(&MAPPING.replace("key = \"so\"", "key = \"so\"\ndelimiter = \"#\""));
    let source = source("so.csv", format!("{HEADER}{WORDS}").replace(',', "#"));
    assert_eq!(planned(&plan(&source, &mapping)[0]).facts.text, TEXT);
}

#[test]
fn titles_above_the_header_are_passed_over() {
    let titles = "ỦY BAN MTTQ XÃ GIỒNG RIỀNG,,,,,\n\n\"Sổ theo dõi, năm 2023\",,,,,\n";
    check(format!("{titles}{HEADER}{WORDS}").as_bytes(), ("UTF-8", ',', 4));
    let mapping = mapping(&MAPPING.replace("key = \"so\"", "key = \"so\"\nheader_row = 4"));
    let set = source("so.csv", format!("{titles}{HEADER}{WORDS}"));
    assert_eq!(planned(&plan(&set, &mapping)[0]).line, 5);
    let short = source("so.csv", HEADER);
    assert!(matches!(opened(&short, &mapping), Err(SourceError::NoHeaderRow { row: 4, .. })));
}

#[test]
fn lines_are_counted_through_quoted_breaks_blank_lines_and_every_line_end() {
    let lines = [
        "so,don_vi,ngay,noi_dung,co_quan,ngay_xong",
        "7,30904,2023-01-05,\"hai",
        "dòng, \"\"có ngoặc\"\"\",,",
        "",
        "8,30904,2023-01-05,x,,",
        ",,,,,",
        "9,30904,2023-01-05,x,,",
    ];
    for end in ["\n", "\r\n", "\r"] {
        let rows = plan_csv(MAPPING, &lines.join(end));
        let found: Vec<u64> = rows.iter().map(|row| planned(row).line).collect();
        assert_eq!(found, [2, 5, 7], "{end:?}");
        assert_eq!(planned(&rows[0]).facts.text, "hai\ndòng, \"có ngoặc\"");
    }
}

#[test]
fn a_row_of_another_width_is_refused_unless_only_blanks_are_over() {
    let rows = plan_csv(
        MAPPING,
        &format!("{HEADER}7,30904,2023-01-05,a, b,kt,\n8,30904,2023-01-05\n9,30904,2023-01-05,x,,,,\n"),
    );
    // "a, b" without quotes makes seven cells, the last of them blank: then "kt" stands where a date should.
    assert_eq!((refused(&rows[0]).0, refused(&rows[0]).2.code()), (2, "date-unreadable"));
    assert_eq!((refused(&rows[1]).0, refused(&rows[1]).2.code()), (3, "uneven"));
    assert_eq!(planned(&rows[2]).line, 4);
    let rows = plan_csv(MAPPING, &format!("{HEADER}7,30904,2023-01-05,a, b,,2023-01-06\n"));
    assert_eq!(refused(&rows[0]).2.code(), "uneven");
}

#[test]
fn a_quotation_mark_left_open_stops_with_its_line() {
    let row = |key: u32| format!("{key},30904,2023-01-05,x,,\n");
    let content: String = [HEADER.to_owned()].into_iter().chain((2..100).map(row)).collect();
    let content = content + "100,30904,2023-01-05,\"hở,,\n" + &row(101);
    let (source, mapping) = (source("so.csv", content), mapping(MAPPING));
    let rows: Vec<_> = opened(&source, &mapping).expect("opened").collect();
    assert_eq!(rows.len(), 99);
    assert!(rows[..98].iter().all(Result::is_ok));
    assert!(matches!(rows[98], Err(SourceError::QuoteUnclosed { line: 100, .. })));
}

#[test]
fn a_quotation_mark_left_open_in_a_large_file_is_not_followed_to_its_end() {
    let mut content = format!("{HEADER}7,30904,2023-01-05,\"hở,,\n");
    content.push_str(&"9,30904,2023-01-05,x,,\n".repeat(900_000));
    assert!(content.len() > 16 << 20);
    let (source, mapping) = (source("so.csv", content), mapping(MAPPING));
    // Already the search for the header meets it, or the rows do; either way one clear error names the line.
    let error = match opened(&source, &mapping) {
        Err(error) => error,
        Ok(mut rows) => rows.find_map(Result::err).expect("an error"),
    };
    assert!(matches!(error, SourceError::QuoteUnclosed { line: 2, .. }), "{error}");
}

#[test]
fn a_cell_too_long_refuses_its_row() {
    let long = "a".repeat((1 << 20) + 1);
    let rows = plan_csv(MAPPING, &format!("{HEADER}7,30904,2023-01-05,{long},,\n8,30904,2023-01-05,x,,\n"));
    let (line, key, reason) = refused(&rows[0]);
    assert_eq!((line, key, reason.code()), (2, Some("7"), "cell-too-long"));
    assert!(reason.to_string().contains("“noi_dung”"));
    let Row::Refused { cells, .. } = &rows[0] else { panic!("refused") };
    assert!(cells[3].len() < 100);
    assert_eq!(planned(&rows[1]).key, "8");
}

#[test]
fn what_is_no_table_is_told() {
    let mapping = mapping(MAPPING);
    assert!(matches!(opened(&source("so.csv", ""), &mapping), Err(SourceError::Empty(_))));
    assert!(matches!(opened(&source("so.csv", "\n\n"), &mapping), Err(SourceError::Empty(_))));
    assert!(matches!(opened(&source("so.xls", "<html><table>"), &mapping), Err(SourceError::NotATable(_))));
    assert!(matches!(opened(&source("so.xlsx", "PK\u{3}\u{4} rest"), &mapping), Err(SourceError::Workbook { .. })));
    let Err(SourceError::Mapping(absent)) = opened(&source("so.csv", "so;ngày\n1;2\n"), &mapping) else {
        panic!("absent")
    };
    assert!(absent.to_string().contains("các cột đang có: “so”, “ngày”"), "{absent}");
}

#[test]
fn a_file_without_header_is_told_without_repeating_what_it_says() {
    let source = source("so.csv", WORDS);
    let error = opened(&source, &mapping(MAPPING)).expect_err("no header");
    assert!(matches!(error, SourceError::NoHeader { .. }), "{error}");
    assert!(!error.to_string().contains("Đường"), "{error}");
}

#[test]
fn random_and_cut_content_is_an_error_or_rows_never_a_panic() {
    let mapping = mapping(MAPPING);
    let whole = format!("{HEADER}{WORDS}");
    // A plain generator with a fixed start: the same content on every run.
    let mut state = 20_231_226_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..300 {
        let mut content = whole.clone().into_bytes();
        content.truncate(random() % (content.len() + 1));
        for _ in 0..random() % 20 {
            let place = random() % (content.len() + 1);
            content.insert(place, (random() % 256) as u8);
        }
        let source = source("so.csv", content);
        if let Ok(rows) = opened(&source, &mapping) {
            let plan = crate::import::Plan::new(&mapping, rows, super::zone()).expect("plan");
            assert!(plan.count() <= 25);
        }
    }
}
