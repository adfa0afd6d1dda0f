//! The desk on a small replica made by hand.

mod acting;
mod logging;
mod sessions;

use crate::desk::{Desk, LogForm};
use crate::view::tests::desk::Desk as World;

/// Sits down at a world's replica, in a post.
fn sit<T>(world: &mut World, post: &str, talk: impl FnOnce(&mut Desk<'_>) -> T) -> T {
    let World { replica, now, drawn, .. } = world;
    // No two draws are alike, also not of two sittings.
    let mut rng = |buffer: &mut [u8]| {
        *drawn = drawn.wrapping_add(1);
        buffer.fill(*drawn);
    };
    talk(&mut Desk::new(replica, *now, Some(post.to_owned()), &mut rng))
}

fn said(text: &str) -> LogForm {
    LogForm { text: text.to_owned(), unit: Some("30904".to_owned()), ..LogForm::default() }
}

/// How much waits to be sent.
fn waits(world: &World) -> u64 {
    world.replica.totals().expect("counted").pending
}
