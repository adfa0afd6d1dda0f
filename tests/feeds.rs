//! What comes down to a device: every record it may hold, whole however large it is; and nothing of any other.

mod support;

use support::{Device, Push, Replica, Server, TWO_COMMUNES, list, text};
use sync::document::Document;
use sync::id::RecordId;
use sync::model::petition::Action;
use sync::wire::{Ack, Cursor, Entry, FillCursor, Frame, MAX_FRAME_BYTES, SyncRequest};

/// So many comments of nearly the length a text may have are more than fits in a frame.
const COMMENTS: usize = 72;
const COMMENT_BYTES: usize = 60 * 1024;

/// What one frame brings of a record.
struct Part {
    /// How many of its changes.
    changes: usize,
    /// It leaves.
    left: bool,
    /// The whole frame, as it travels.
    bytes: Vec<u8>,
    cursor: Option<Cursor>,
    fill: Option<FillCursor>,
}

fn parts(frames: &[Frame], of: RecordId) -> Vec<Part> {
    let mut named = None;
    let mut parts = Vec::new();
    for frame in frames {
        let (mut changes, mut left) = (0, false);
        for entry in frame.entries.iter().flatten() {
            match entry {
                Entry::Change { record, .. } => {
                    named = record.or(named);
                    changes += usize::from(named == Some(of));
                }
                Entry::Noted { record, .. } => named = Some(*record),
                Entry::Leave { record } => left |= *record == of,
            }
        }
        parts.push(Part { changes, left, bytes: frame.encode(), cursor: frame.cursor, fill: frame.fill });
    }
    parts
}

/// Has the record come whole, in several frames, none of them larger than a frame may be?
fn whole(device: &Device, request: &SyncRequest, record: RecordId, changes: usize) -> Vec<Part> {
    let parts = parts(&device.send(request), record);
    let largest = parts.iter().map(|p| p.bytes.len() - 4).max().expect("a frame");
    assert!(largest <= MAX_FRAME_BYTES, "{largest} bytes");
    assert_eq!(parts.iter().map(|p| p.changes).sum::<usize>(), changes);
    assert!(parts.iter().filter(|p| p.changes > 0).count() > 1);
    parts
}

/// A link that is cut in the middle of the record costs nothing: asked from the first mark on, it comes whole again.
fn whole_after_a_cut(device: &Device, parts: &[Part], record: RecordId, changes: usize) {
    let first = parts.iter().find(|p| p.changes > 0).expect("a part");
    let again = SyncRequest { cursor: first.cursor, fill: first.fill, ..device.request() };
    whole(device, &again, record, changes);
}

/// Logs a petition and says so much to it that no frame has room for it.
fn log_a_large_one(device: &Device) -> RecordId {
    let record = device.record();
    let (mut document, logged): (Document, _) =
        device.petition(record, &device.facts("cb-30904", "30904", "Kênh sạt lở"));
    let mut push = Push::default();
    device.add(&mut push, record, &logged);
    let mut after = None;
    for n in 0..COMMENTS {
        let text = format!("{n:02}{}", "x".repeat(COMMENT_BYTES - 2));
        let (id, written) = device.event(&mut document, record, Action::Comment { text }, "cb-30904", after);
        device.add(&mut push, record, &written);
        after = Some(id);
    }
    // Without an answer beyond the acknowledgements: the first to read so large a record is a program, not this test.
    let request = SyncRequest { only_push: Some(true), ..device.request_with(push) };
    let acks: Vec<Ack> = device.send(&request).into_iter().flat_map(|f| f.acks.unwrap_or_default()).collect();
    assert_eq!(acks.len(), COMMENTS + 1);
    assert!(acks.iter().all(|a| matches!(a, Ack::Accepted { .. })), "{acks:?}");
    record
}

/// Every comment is there, as it was written.
fn has_every_comment(replica: &Replica, record: RecordId) {
    let shown = replica.show(&record.to_string());
    let comments = list(&shown["events"]).iter().filter(|e| e["kind"] == "comment");
    let texts: Vec<&str> = comments.map(|e| text(e, "text")).collect();
    assert_eq!(texts.len(), COMMENTS);
    for (n, text) in texts.into_iter().enumerate() {
        assert!(text.len() == COMMENT_BYTES && text.starts_with(&format!("{n:02}x")), "comment {n}");
    }
}

#[test]
fn a_record_larger_than_a_frame_comes_whole_to_whoever_may_hold_it() {
    let server = Server::start(TWO_COMMUNES);
    // The body's two devices have followed the log from before.
    let handler = Device::enroll(&server, "kinh", 1);
    let (_, before) = handler.pull();
    let kinh = server.enroll("kinh");
    kinh.sync();

    let lan = Device::enroll(&server, "lan", 2);
    let record = log_a_large_one(&lan);

    // New devices, whose first fill it is.
    let thu = server.enroll("thu");
    thu.sync();
    has_every_comment(&thu, record);
    let staff = Device::enroll(&server, "minh", 3);
    let filled = whole(&staff, &staff.request(), record, COMMENTS + 1);
    whole_after_a_cut(&staff, &filled, record, COMMENTS + 1);

    // One that asks for it, for it lacks a part.
    let cursor = filled.last().expect("a frame").cursor;
    let wanting = SyncRequest { cursor, wants: Some(vec![record]), ..staff.request() };
    whole(&staff, &wanting, record, COMMENTS + 1);

    // The body's, to which it comes with its referral.
    thu.petition("refer", &record.to_string(), &["--to", "kt"]);
    thu.sync();
    kinh.sync();
    has_every_comment(&kinh, record);
    let following = SyncRequest { cursor: Some(before), ..handler.request() };
    let followed = whole(&handler, &following, record, COMMENTS + 2);
    whole_after_a_cut(&handler, &followed, record, COMMENTS + 2);
}

#[test]
fn of_what_has_left_while_a_device_was_away_nothing_is_sent_to_it() {
    const SAID: [&str; 4] = [
        "Cầu khỉ qua rạch Cái Nứa gãy hai nhịp",
        "Nhờ Phòng Kinh tế xem giúp trước mùa mưa",
        "Người dân gọi lại, hỏi bao giờ có người xuống",
        "Rạch này do huyện quản lý trước đây",
    ];
    let server = Server::start(TWO_COMMUNES);
    let handler = Device::enroll(&server, "kinh", 1);
    let (_, before) = handler.pull();
    let kinh = server.enroll("kinh");
    kinh.sync();
    let (lan, thu) = (server.enroll("lan"), server.enroll("thu"));

    // While the body's devices are off: referred to it, talked about, returned on its paper.
    let gone = lan.log(SAID[0], &["--unit", "30904"]);
    let stays = lan.log("Mương tổ 5 đầy rác", &["--unit", "30904"]);
    lan.sync();
    thu.sync();
    thu.petition("refer", &gone, &["--to", "kt", "--note", SAID[1]]);
    thu.petition("refer", &stays, &["--to", "kt"]);
    thu.sync();
    lan.sync();
    lan.petition("comment", &gone, &["--text", SAID[2]]);
    lan.sync();
    thu.sync();
    thu.petition("return", &gone, &["--reason", SAID[3], "--on-behalf-of", "kt", "--paper", "7/CV"]);
    thu.sync();

    let frames = handler.send(&SyncRequest { cursor: Some(before), ..handler.request() });
    let of = |id: &str| parts(&frames, id.parse().expect("a record's id"));
    assert_eq!(of(&stays).iter().map(|p| p.changes).sum::<usize>(), 2, "what lies with the body comes");
    let parts = of(&gone);
    assert_eq!(parts.iter().map(|p| p.changes).sum::<usize>(), 0);
    assert!(parts.iter().any(|p| p.left), "it is told that it has left");
    for said in SAID {
        let bytes = said.as_bytes();
        assert!(!parts.iter().any(|p| p.bytes.windows(bytes.len()).any(|w| w == bytes)), "{said}");
    }

    kinh.sync();
    assert_eq!(kinh.petitions().iter().map(|p| text(p, "id")).collect::<Vec<_>>(), [stays.as_str()]);
    kinh.refused(&["petition", "show", &gone]);
    for said in SAID {
        assert!(!kinh.has_bytes(said), "{said}");
        assert!(thu.has_bytes(said), "the search finds what is there: {said}");
    }
}
