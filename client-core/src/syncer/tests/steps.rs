//! A sync in steps: in whatever pieces an answer comes, and whatever is done between two of them.

use sync::document::petition::read;
use sync::wire::{RefusalCode, read_length_prefix};

use super::carried::{answer, hand_over, next};
use super::cut::filled;
use super::pull::others_comment;
use super::world::{World, comment, event, log, record};
use crate::syncer::{Ended, Exchange, SignedRequest, Step, SyncError, SyncRun};

#[test]
fn however_an_answer_is_cut_into_pieces_the_database_is_the_same() {
    let whole = {
        let mut world = filled();
        world.sync().expect("a sync");
        world.everything()
    };
    assert!(whole.iter().any(|line| line.starts_with("petition ")), "something has come");
    for zstd_by in [None, Some("content-encoding"), Some("x-langnghe-coding")] {
        for size in [1, 7, 4096, usize::MAX] {
            let mut world = filled();
            world.server.zstd_by = zstd_by;
            let report = world.sync_in_pieces(size, &mut |_| ()).expect("a sync");
            // The directory, two petitions, a comment.
            assert_eq!((report.pulled, report.requests), (4, 1), "{zstd_by:?}, pieces of {size}");
            assert_eq!(world.everything(), whole, "{zstd_by:?}, pieces of {size}");
        }
    }
}

#[test]
fn what_is_logged_while_a_first_fill_comes_goes_up_in_the_same_sync() {
    let mut world = filled();
    let mut logged_amid = 0;
    let report = world.sync_in_pieces(100, &mut |world| {
        let may_log = world.replica.directory().post(&"cb".into()).is_some();
        // Petition 21 has not come yet.
        if may_log && world.status(21).is_none() && world.status(30).is_none() {
            world.run(log(30, world.now));
            world.run(comment(30, 90, world.now));
            logged_amid += 1;
        }
    });
    let report = report.expect("a sync");
    assert_eq!(logged_amid, 1, "the fill was not over");
    assert_eq!((report.requests, report.pushed, report.refused, report.pending), (2, 2, 0, 0));
    assert_eq!(world.status(30), Some(("logged".into(), 0)));
    assert_eq!(world.status(21), Some(("logged".into(), 0)));
    assert_eq!(world.events(20), 1);
    let theirs = read(&world.server.document(record(30))).expect("a petition");
    assert_eq!(theirs.events.len(), 1);
    assert_eq!(world.sync().expect("a sync").pulled, 0);
}

#[test]
fn a_comment_on_a_record_of_which_more_is_coming_has_seen_what_had_come() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.sync().expect("a sync");
    [70, 71].into_iter().for_each(|n| others_comment(&mut world.server, 20, n, false));
    world.server.small_frames = true;
    let report = world.sync_in_pieces(50, &mut |world| {
        if world.events(20) == 1 {
            world.run(comment(20, 51, world.now));
        }
    });
    let report = report.expect("a sync");
    assert_eq!((report.pulled, report.pushed, report.pending, report.refused), (2, 1, 0, 0));
    assert_eq!(world.events(20), 3);
    let theirs = read(&world.server.document(record(20))).expect("a petition");
    let own = theirs.events.iter().find(|e| e.id == event(51)).expect("it has arrived");
    assert_eq!(own.body.after, Some(vec![event(70)]), "the other had not come yet");
}

/// How many frames lie whole in the beginning of a body.
fn whole_frames(body: &[u8]) -> usize {
    let (mut rest, mut count) = (body, 0);
    while let Some((prefix, after)) = rest.split_first_chunk::<4>() {
        let Some(after) = after.get(read_length_prefix(*prefix).expect("a length")..) else { break };
        (rest, count) = (after, count + 1);
    }
    count
}

#[test]
fn cut_behind_any_piece_what_came_whole_is_kept_and_the_sync_goes_on() {
    const PIECE: usize = 150;
    let whole = {
        let mut world = filled();
        world.sync().expect("a sync");
        world.everything().into_iter().filter(|line| line.starts_with("petition ")).collect::<Vec<_>>()
    };
    let mut pieces = 0;
    loop {
        let mut world = filled();
        let mut run = SyncRun::begin(&mut world.replica);
        let Ok(Step::Send(outgoing)) = next(&mut world, &mut run) else { panic!("a request") };
        let (response, body) = answer(&mut world, &outgoing);
        if pieces * PIECE >= body.len() {
            break;
        }
        let came = &body[..pieces * PIECE];
        run.head(&mut world.replica, response.status, &response.headers).expect("good");
        for piece in came.chunks(PIECE) {
            run.body(&mut world.replica, piece, world.now, &mut |b| b.fill(1)).expect("sound");
        }
        let ended = run.end(&mut world.replica, Ended::Cut, world.now, &mut |b| b.fill(2));
        let held: u64 =
            world.replica.connection().query_row("SELECT count(*) FROM record", [], |r| r.get(0)).expect("n");
        let frames = whole_frames(came);
        // Each frame brings one change; the fourth is a comment on a record that is there.
        assert_eq!(held, frames.min(3) as u64, "{pieces} pieces");
        match ended {
            Ok(()) => {
                assert!(frames > 0, "{pieces} pieces");
                let Ok(Step::Send(outgoing)) = next(&mut world, &mut run) else { panic!("it goes on") };
                let answered = answer(&mut world, &outgoing);
                hand_over(&mut world, &mut run, answered, usize::MAX, &mut |_| ()).expect("the rest");
                let done = next(&mut world, &mut run).expect("an end");
                assert!(matches!(done, Step::Done(report) if report.requests == 2 && report.pulled == 4), "{done:?}");
            }
            Err(SyncError::Cut) => {
                assert_eq!(frames, 0, "{pieces} pieces");
                world.sync().expect("a sync");
            }
            Err(other) => panic!("{pieces} pieces: {other}"),
        }
        let petitions: Vec<_> = world.everything().into_iter().filter(|line| line.starts_with("petition ")).collect();
        assert_eq!(petitions, whole, "{pieces} pieces");
        pieces += 1;
    }
    assert!(pieces > 5, "{pieces}");
}

/// The outbox, as the names of its changes.
fn unsent(world: &World) -> Vec<[u8; 32]> {
    let mut select = world.replica.connection().prepare("SELECT hash FROM outbox ORDER BY seq").expect("a table");
    select.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("hashes")
}

/// The server takes a petition that is a little ahead of its clock; before that is known another request finds the device's
/// clock off, and the petition is stamped again.
#[test]
fn what_was_written_anew_while_its_answer_came_is_acknowledged_all_the_same() {
    let mut world = World::new();
    let soon = world.now.checked_add(jiff::SignedDuration::from_mins(3)).expect("a time");
    world.run(log(20, soon));
    let before = unsent(&world);
    let mut run = SyncRun::begin(&mut world.replica);
    let Ok(Step::Send(outgoing)) = next(&mut world, &mut run) else { panic!("a request") };
    let answered = answer(&mut world, &outgoing);
    let later = world.now.checked_add(jiff::SignedDuration::from_hours(2)).expect("a time");
    let mut other = SignedRequest::get("/v1/devices");
    let rng = &mut |b: &mut [u8]| b.fill(77);
    assert!(matches!(other.next(&mut world.replica, later, rng), Ok(Step::Send(_))));
    other.head(&mut world.replica, 401, &[]).expect("a problem");
    let stale = format!(r#"{{"type":"x/stale","server_time":{}}}"#, world.now.as_millisecond());
    other.body(&mut world.replica, stale.as_bytes(), later, rng).expect("read");
    other.end(&mut world.replica, Ended::Whole, later, rng).expect("learnt");
    assert_ne!(unsent(&world), before, "it was stamped again");
    // What is said now is said by the clock put right.
    world.now = later;
    hand_over(&mut world, &mut run, answered, usize::MAX, &mut |_| ()).expect("an answer");
    assert_eq!(unsent(&world), [] as [[u8; 32]; 0]);
    let done = next(&mut world, &mut run).expect("an end");
    assert!(matches!(done, Step::Done(r) if (r.pushed, r.refused, r.pending, r.requests) == (1, 0, 0, 1)), "{done:?}");
    assert_eq!(world.status(20), Some(("logged".into(), 0)));
    let again = world.sync().expect("a sync");
    assert_eq!((again.pushed, again.pulled, again.refused), (0, 0, 0));
}

#[test]
fn what_was_refused_and_is_tried_again_before_the_next_step_goes_up_in_the_same_sync() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.server.refuse.insert(0, RefusalCode::NotAllowed);
    let report = world.sync_in_pieces(usize::MAX, &mut |world| {
        for refused in world.replica.refused().expect("refused work") {
            world.replica.retry(refused.id, world.now).expect("she may").expect("there");
        }
    });
    let report = report.expect("a sync");
    assert_eq!((report.requests, report.pushed, report.pending), (2, 1, 0));
    assert_eq!(world.replica.totals().expect("totals").refused, 0);
    assert_eq!(world.status(20), Some(("logged".into(), 0)));
}

#[test]
fn what_was_refused_and_let_go_of_meanwhile_is_gone() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(log(21, world.now));
    world.server.refuse.insert(0, RefusalCode::NotAllowed);
    let report = world.sync_in_pieces(usize::MAX, &mut |world| {
        for refused in world.replica.refused().expect("refused work") {
            assert!(world.replica.discard(refused.id).expect("let go of"));
        }
    });
    let report = report.expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 1, 0));
    assert_eq!(world.status(20), None);
    assert_eq!(world.replica.totals().expect("totals").refused, 0);
}

#[test]
fn of_two_syncs_on_one_replica_the_one_that_was_begun_last_goes_on() {
    let mut world = World::new();
    world.run(log(20, world.now));
    let mut first = SyncRun::begin(&mut world.replica);
    let Ok(Step::Send(outgoing)) = next(&mut world, &mut first) else { panic!("a request") };
    let answered = answer(&mut world, &outgoing);
    let report = world.sync().expect("another");
    assert_eq!((report.pushed, report.pending), (1, 0));
    let over = hand_over(&mut world, &mut first, answered, usize::MAX, &mut |_| ());
    assert!(matches!(over, Err(SyncError::Overtaken)), "{over:?}");
    assert!(matches!(next(&mut world, &mut first), Err(SyncError::Overtaken)));
    assert_eq!(world.status(20), Some(("logged".into(), 0)));
}

#[test]
fn progress_tells_what_is_committed_and_how_far_a_fill_has_come() {
    let mut world = filled();
    let mut run = SyncRun::begin(&mut world.replica);
    let Ok(Step::Send(outgoing)) = next(&mut world, &mut run) else { panic!("a request") };
    let (response, body) = answer(&mut world, &outgoing);
    run.head(&mut world.replica, response.status, &response.headers).expect("good");
    let mut seen = Vec::new();
    for piece in body.chunks(10) {
        run.body(&mut world.replica, piece, world.now, &mut |b| b.fill(1)).expect("sound");
        let progress = run.progress(&world.replica).expect("told");
        seen.push((progress.report.pulled, progress.filling.map(|f| (f.open_are_here, f.before, f.of))));
    }
    seen.dedup();
    // The script's fill counts up: the directory, two petitions, then a comment with the end of the fill.
    let coming = |pulled, before| (pulled, Some((false, before, 4)));
    assert_eq!(seen, [(0, None), coming(1, 1), coming(2, 2), coming(3, 3), coming(4, 4), (4, None)]);
}
