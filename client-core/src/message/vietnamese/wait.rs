//! How long to wait.

use jiff::SignedDuration;

/// `14 phút 5 giây`; what is left of a second is waited for too.
pub fn wait(time: SignedDuration) -> String {
    let seconds = time.as_secs() + i64::from(time.subsec_nanos() > 0);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} giây"),
        (minutes, 0) => format!("{minutes} phút"),
        (minutes, seconds) => format!("{minutes} phút {seconds} giây"),
    }
}
