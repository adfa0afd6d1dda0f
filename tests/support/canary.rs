//! Canaries: words planted where they may be, and looked for where they must not be, in whatever dress.

use std::path::{Path, PathBuf};

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What is looked for. Eight bytes at least, or chance would find it.
#[derive(Debug, Clone)]
pub enum Canary {
    /// Words, in any case, with and without diacritics.
    Text(String),
    /// A secret key.
    Bytes(Vec<u8>),
}

/// Where one was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which, by its place in the list.
    pub canary: usize,
    /// How it was written there.
    pub encoding: &'static str,
    /// The file.
    pub file: PathBuf,
}

/// Looks through every file of the folders and of the folders in them, and through the names of the files.
pub fn canaries(wanted: &[Canary], folders: &[&Path]) -> Vec<Hit> {
    let wanted: Vec<Dresses> = wanted.iter().map(Dresses::of).collect();
    let mut hits = Vec::new();
    for (file, bytes) in folders.iter().flat_map(|folder| files(folder)) {
        let bytes = [bytes, file.file_name().expect("a name").to_string_lossy().into_owned().into_bytes()].concat();
        let letters = String::from_utf8_lossy(&bytes);
        let (folded, bare) = (letters.to_lowercase(), bare(&letters));
        for (canary, dresses) in wanted.iter().enumerate() {
            let found = dresses.found(&bytes, &folded, &bare);
            hits.extend(found.into_iter().map(|encoding| Hit { canary, encoding, file: file.clone() }));
        }
    }
    hits
}

/// Every file of a folder and of the folders in it, with its bytes.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            all.push((path, bytes));
        }
    }
    all
}

/// The bytes a canary may be written as, and its letters where it has some.
struct Dresses {
    bytes: Vec<(&'static str, Vec<u8>)>,
    letters: Option<(String, String)>,
}

impl Dresses {
    fn of(canary: &Canary) -> Self {
        let (raw, letters) = match canary {
            Canary::Text(text) => (text.as_bytes(), Some(text)),
            Canary::Bytes(bytes) => (bytes.as_slice(), None),
        };
        assert!(raw.len() >= 8, "chance would find it: {canary:?}");
        let mut bytes = vec![
            (if letters.is_some() { "UTF-8" } else { "bytes" }, raw.to_vec()),
            ("hex, lower case", HEXLOWER.encode(raw).into_bytes()),
            ("hex, upper case", HEXUPPER.encode(raw).into_bytes()),
        ];
        for before in 0..3 {
            bytes.push(("base64", base64(before, raw, |b| BASE64_NOPAD.encode(b))));
            bytes.push(("base64url", base64(before, raw, |b| BASE64URL_NOPAD.encode(b))));
        }
        if let Some(text) = letters {
            bytes.push(("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
        }
        Self { bytes, letters: letters.map(|text| (text.to_lowercase(), bare(text))) }
    }

    fn found(&self, bytes: &[u8], folded: &str, without_marks: &str) -> Vec<&'static str> {
        let holds = |dress: &[u8]| memchr::memmem::find(bytes, dress).is_some();
        let mut found: Vec<_> = self.bytes.iter().filter(|(_, dress)| holds(dress)).map(|(name, _)| *name).collect();
        if let Some((lower, plain)) = &self.letters {
            found.extend(folded.contains(lower).then_some("case-folded"));
            found.extend(without_marks.contains(plain).then_some("without diacritics"));
        }
        found.dedup();
        found
    }
}

/// The letters that stand for these bytes whatever stands around them, after so many bytes (of each three) before.
fn base64(before: usize, bytes: &[u8], encode: impl Fn(&[u8]) -> String) -> Vec<u8> {
    let all = encode(&[&[0; 3][..before], bytes].concat());
    let (from, to) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
    all.as_bytes()[from..to].to_vec()
}

fn bare(text: &str) -> String {
    let marks = text.nfd().filter(|c| !is_combining_mark(*c));
    marks.map(|c| if matches!(c, 'đ' | 'Đ') { 'd' } else { c }).collect::<String>().to_lowercase()
}
