//! The example frame of docs/protocol.md, built again from fixed inputs: the page cannot say what is no longer so.

use ed25519_dalek::SigningKey;
use minicbor::bytes::{ByteArray, ByteVec};
use sync::document::petition::{put_event, put_facts};
use sync::document::{Document, RecordKind, genesis_head};
use sync::id::{ActorId, DeviceId, Epoch, EventId, RecordId, ServerEpoch, TenantId};
use sync::leaf::{Leaf, root};
use sync::model::petition::{Action, Channel, Event, EventBody, Facts, Kind};
use sync::wire::{
    Cursor, DeviceRow, Digest, Entry, Frame, Hello, PROTOCOL_VERSION, Stripper, Unstripper, read_length_prefix,
};

const PAGE: &str = include_str!("../../docs/protocol.md");

const TENANT: [u8; 16] = [0x11; 16];
const SERVER_EPOCH: [u8; 16] = [0x22; 16];
const ASKING: [u8; 16] = [0x33; 16];
const AUTHOR: [u8; 16] = [0x44; 16];
const EPOCH: [u8; 16] = [0x55; 16];
const RECORD: [u8; 16] = [0x66; 16];
const EVENT: [u8; 16] = [0x77; 16];

fn author_key() -> SigningKey {
    SigningKey::from_bytes(&[0x01; 32])
}

fn receipt_key() -> SigningKey {
    SigningKey::from_bytes(&[0x02; 32])
}

/// A petition is logged; then Front staff take it in. The second change is the one that travels.
fn received_petition() -> (Vec<u8>, Vec<u8>) {
    let record = RecordId::from_bytes(RECORD);
    let key = author_key().verifying_key().to_bytes();
    let actor = ActorId::derive(&key, record, Epoch::from_bytes(EPOCH));
    let at = "2026-11-10T08:00:00+07:00".parse().expect("a time");
    let facts = Facts::new(Kind::Feedback, "30904", Channel::Dialogue, "Lộ ngập.", at, "tn-30904");
    let body = EventBody {
        action: Action::Receive,
        at,
        by: "tn-30904".into(),
        after: None,
        body: None,
        on_behalf: None,
        paper: None,
        stamped: None,
        imported: None,
    };
    let event = Event { id: EventId::from_bytes(EVENT), body };
    let mut document = Document::genesis(RecordKind::Petition);
    let logged = document.write(actor, |tx| put_facts(tx, &facts)).expect("the facts are written");
    let received = document.write(actor, |tx| put_event(tx, &event)).expect("the event is written");
    (logged.bytes, received.bytes)
}

fn frame() -> Frame {
    let (_, change) = received_petition();
    let (stripped, hash) = Stripper::default().strip(RecordId::from_bytes(RECORD), &change).expect("a chunk");
    let server_epoch = ServerEpoch::from_bytes(SERVER_EPOCH);
    let entry = Entry::Change {
        record: Some(RecordId::from_bytes(RECORD)),
        device: 0,
        epoch: 0,
        position: 1000,
        received: 1_794_272_400_000,
        body: ByteVec::from(stripped),
    };
    let key = author_key().verifying_key().to_bytes();
    let leaf = Leaf {
        record: RecordId::from_bytes(RECORD),
        hash,
        device: DeviceId::from_bytes(AUTHOR),
        key: &key,
        user: "hoa",
        position: 1000,
        received: 1_794_272_400_000,
    };
    let mut frame = Frame {
        hello: Some(Hello {
            version: PROTOCOL_VERSION,
            server_epoch,
            now: 1_794_272_460_000,
            grant: 1,
            fill: false,
            base: None,
            keys: None,
        }),
        devices: Some(vec![DeviceRow {
            device: DeviceId::from_bytes(AUTHOR),
            key: ByteArray::from(key),
            user: "hoa".to_owned(),
        }]),
        epochs: Some(vec![Epoch::from_bytes(EPOCH)]),
        entries: Some(vec![entry]),
        cursor: Some(Cursor { server_epoch, grant: 1, position: 1000 }),
        last: true,
        digests: Some(vec![Digest { feed: "unit:30904".to_owned(), sum: ByteArray::from([0x88; 8]) }]),
        root: root(&[leaf.digest()]).map(ByteArray::from),
        ..Frame::default()
    };
    let claim = frame.claim(TenantId::from_bytes(TENANT), server_epoch, DeviceId::from_bytes(ASKING));
    frame.receipt = Some(ByteArray::from(claim.sign(&receipt_key())));
    frame
}

/// The hex between the page's markers: on each line, what stands before the bar.
fn printed() -> Vec<u8> {
    let (_, rest) = PAGE.split_once("<!-- example frame -->").expect("the page has the example's first marker");
    let (example, _) = rest.split_once("<!-- end of example frame -->").expect("and its second");
    let lines = example.lines().filter(|line| !line.starts_with("```"));
    let hex: String = lines.map(|line| line.split('|').next().unwrap_or_default()).collect();
    let hex: String = hex.chars().filter(|c| !c.is_whitespace()).collect();
    data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("the example is hex")
}

#[test]
fn the_page_prints_the_frame_that_the_code_makes() {
    let made = frame().encode();
    let hex = data_encoding::HEXLOWER.encode(&made);
    assert_eq!(data_encoding::HEXLOWER.encode(&printed()), hex, "docs/protocol.md prints another frame than: {hex}");
}

#[test]
fn the_printed_frame_reads_back_as_the_change_that_was_written() {
    let printed = printed();
    let (length, bytes) = printed.split_first_chunk::<4>().expect("a length");
    assert_eq!(read_length_prefix(*length), Ok(bytes.len()));
    let read = Frame::decode(bytes).expect("a frame");
    let server_epoch = ServerEpoch::from_bytes(SERVER_EPOCH);
    let claim = read.claim(TenantId::from_bytes(TENANT), server_epoch, DeviceId::from_bytes(ASKING));
    let receipt = read.receipt.as_ref().expect("a receipt");
    assert!(claim.verify(&receipt_key().verifying_key().to_bytes(), receipt));
    let Some([Entry::Change { record: Some(record), body, .. }]) = read.entries.as_deref() else {
        panic!("one change of a named record");
    };
    let devices = read.devices.expect("a device");
    let epochs = read.epochs.expect("an epoch");
    let actor = ActorId::derive(&devices[0].key, *record, epochs[0]);
    let (rebuilt, _) = Unstripper::default().rebuild(*record, actor, body).expect("a change");
    assert_eq!(rebuilt, received_petition().1);
}

#[test]
fn the_page_names_the_genesis_of_every_kind() {
    for kind in RecordKind::ALL {
        let head = data_encoding::HEXLOWER.encode(&genesis_head(kind).0);
        assert!(PAGE.contains(&format!("| {} | {} |", kind.as_str(), kind as u8)), "{kind:?}");
        assert!(PAGE.contains(&head), "docs/protocol.md names another genesis for {kind:?} than {head}");
    }
}
