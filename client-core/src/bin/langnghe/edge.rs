//! The edges of the program: clock, chance, standard streams, the user's folders. Nothing else reads them.

use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use client_core::command::CommandError;
use client_core::desk;
use jiff::{SignedDuration, Timestamp};
use sync::gate::{MAX_TEXT_BYTES, Refusal};
use sync::reason::Reason;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// No more of standard input is read: many times what any text may have.
const MAX_INPUT_BYTES: u64 = 1 << 20;

/// The device's clock.
#[expect(clippy::disallowed_methods, reason = "the program's one reading of the clock")]
pub fn clock() -> Timestamp {
    let now = Timestamp::now();
    now.checked_add(shift()).unwrap_or(now)
}

/// How far tests have moved the clock, in seconds. Programs that are given out know no such thing.
fn shift() -> SignedDuration {
    let moved = if cfg!(debug_assertions) { std::env::var("LANGNGHE_TEST_CLOCK").ok() } else { None };
    SignedDuration::from_secs(moved.and_then(|seconds| seconds.parse().ok()).unwrap_or(0))
}

/// Fills a buffer from the system's secure source. Without one nothing can be signed or named: the program ends.
#[expect(clippy::disallowed_methods, reason = "the program's one source of chance")]
pub fn random(buffer: &mut [u8]) {
    if let Err(error) = getrandom::fill(buffer) {
        eprintln!("langnghe: hệ điều hành không cho số ngẫu nhiên ({error}); không thể tiếp tục");
        std::process::exit(1);
    }
}

/// A new id: UUIDv7 of a time.
pub fn new_id(now: Timestamp) -> Uuid {
    desk::new_id(now, &mut random)
}

/// A text argument: `-` means standard input. Line ends at the close fall away; an empty text is refused.
pub fn text(argument: &str) -> Result<String, Fault> {
    let text = if argument == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes).map_err(Fault::Input)?;
        // Cut off it would be another text, perhaps ending inside a letter.
        if bytes.len() as u64 > MAX_INPUT_BYTES {
            return Err(too_long());
        }
        String::from_utf8(bytes).map_err(|_| Fault::Input(std::io::ErrorKind::InvalidData.into()))?
    } else {
        argument.to_owned()
    };
    desk::text(&text).map_err(|_| Fault::EmptyText)
}

fn too_long() -> Fault {
    CommandError::from(Refusal::too_large(Reason::input_too_long(MAX_INPUT_BYTES, MAX_TEXT_BYTES))).into()
}

/// [`text`] for an argument that may be absent.
pub fn optional_text(argument: Option<&String>) -> Result<Option<String>, Fault> {
    argument.map(|a| text(a)).transpose()
}

/// Prints; a reader who has gone away is no fault.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says something beside the result.
pub fn note(line: &str) {
    eprintln!("langnghe: {line}");
}

/// A PIN that the caller's environment gives; an empty one is none.
pub fn pin_variable(name: &'static str) -> Result<Option<Zeroizing<String>>, Fault> {
    let given = std::env::var_os(name).filter(|pin| !pin.is_empty());
    let text = |pin: std::ffi::OsString| pin.into_string().map_err(|_| Fault::PinVariable(name));
    Ok(given.map(text).transpose()?.map(Zeroizing::new))
}

/// Whether somebody can be asked.
pub fn somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks at the terminal, without showing what is typed.
pub fn ask_unseen(question: &str) -> Result<Zeroizing<String>, Fault> {
    rpassword::prompt_password(format!("{question}: ")).map(Zeroizing::new).map_err(Fault::Input)
}

/// Where a replica lives unless told otherwise: `langnghe` in the user's data folder, or here where there is none.
pub fn default_home() -> PathBuf {
    let folder = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = if cfg!(windows) {
        folder("APPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|h| h.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|h| h.join(".local/share")))
    };
    data.unwrap_or_else(|| PathBuf::from(".")).join("langnghe")
}
