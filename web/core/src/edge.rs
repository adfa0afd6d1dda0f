//! The edges of the core in a browser: clock and chance. Nothing else reads them.

use jiff::Timestamp;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
}

/// The device's clock.
pub fn clock() -> Timestamp {
    // Whole milliseconds, far within what an i64 holds.
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds of this age")]
    let millis = date_now() as i64;
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Fills a buffer from the browser's secure source. Without one nothing can be signed or named: the Worker ends.
#[expect(clippy::disallowed_methods, reason = "the core's one source of chance")]
#[expect(clippy::expect_used, reason = "there is nothing else to do")]
pub fn random(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("chance from the browser");
}
