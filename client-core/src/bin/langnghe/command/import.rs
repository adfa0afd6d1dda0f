//! `langnghe import FILE --mapping MAP.toml`

use client_core::import_run::{self, ImportOptions};

use crate::app::App;
use crate::args::ImportArgs;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, args: ImportArgs) -> Result<(), Fault> {
    let mut opened = app.open()?;
    let options = ImportOptions { dry_run: args.dry_run, create_missing: args.create_missing, post: app.post.clone() };
    let now = opened.now;
    let mut ids = || edge::new_id(now);
    let report = import_run::run(&mut opened.replica, &args.file, &args.mapping, &options, now, &mut ids)?;
    app.show(&report, output::import::report);
    Ok(())
}
