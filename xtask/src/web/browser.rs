//! The browser of the tests: Debian's Chromium, installed where that may be done.

use std::path::Path;

use super::WebError;
use crate::run;

/// Where Debian puts it; `LANGNGHE_CHROMIUM` names another.
const USUAL: &str = "/usr/bin/chromium";

/// Installs it when it is missing.
pub fn ready() -> Result<(), WebError> {
    if std::env::var_os("LANGNGHE_CHROMIUM").is_some() || Path::new(USUAL).exists() {
        return Ok(());
    }
    let missing = || {
        WebError::Missing(
            "Chromium, for the tests of the app: install it (Debian: sudo apt-get install chromium fonts-noto-core), or name one in LANGNGHE_CHROMIUM"
                .to_owned(),
        )
    };
    if !run::works(run::program("sh").args(["-c", "command -v apt-get && [ \"$(id -u)\" = 0 ]"])) {
        return Err(missing());
    }
    run::run(run::program("apt-get").args(["update", "-qq"]))?;
    let mut install = run::program("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    // The fonts have Vietnamese and Khmer.
    install.args(["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-core"]);
    run::run(&mut install)?;
    if Path::new(USUAL).exists() { Ok(()) } else { Err(missing()) }
}
