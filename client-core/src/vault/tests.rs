//! The key file's bytes, the seals, and PINs that are refused. Waits are tested on whole replicas.

use super::*;

/// The least that Argon2 takes: what is tested here is not how long it takes.
const QUICK: Stretch = Stretch { memory: 8, passes: 1, lanes: 1 };

fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |buffer: &mut [u8]| {
        buffer.iter_mut().for_each(|byte| {
            next = next.wrapping_add(1);
            *byte = next;
        });
    }
}

fn key() -> DatabaseKey {
    DatabaseKey::generate(&mut |bytes| bytes.fill(0xab))
}

fn wrapped(pin: &str) -> WrappedKey {
    WrappedKey::wrap(&key(), &Pin::typed(pin), QUICK, &mut counting()).expect("parameters of Argon2")
}

#[test]
fn both_forms_are_read_as_they_were_written() {
    for file in [KeyFile::Open(key()), KeyFile::Pin(wrapped("cửa sông"))] {
        assert_eq!(KeyFile::decode(&file.encode()), Ok(file));
    }
    assert_eq!(KeyFile::Open(key()).encode().len(), 54);
    assert_eq!(KeyFile::Pin(wrapped("cửa sông")).encode().len(), 122);
}

/// What a program of today has written opens for ever.
#[test]
fn the_bytes_of_a_key_file_stay_what_they_are() {
    let written = "6c616e676e676865206b657901010000000800000001000000010102030405060708090a0b0c0d0e0f101112131415161718\
        191a1b1c1d1e1f20212223242526272885af324b00debb6982441634d7296498b5c97816fdf8bf87b973e15988de89d5b6ee\
        1b53fea7033293fe242ebc187b55051b5560b23b9046";
    let written = data_encoding::HEXLOWER.decode(written.as_bytes()).expect("hex");
    assert_eq!(KeyFile::Pin(wrapped("cửa sông")).encode().as_slice(), written);
    match KeyFile::decode(&written) {
        Ok(KeyFile::Pin(wrapped)) => assert_eq!(wrapped.unwrap(&Pin::typed("cửa sông")), Some(key())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_bit_of_a_key_file_can_change_unseen() {
    for file in [KeyFile::Open(key()), KeyFile::Pin(wrapped("cửa sông"))] {
        let bytes = file.encode();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(KeyFile::decode(&changed), Err(KeyFileFault::Damaged), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(KeyFile::decode(&bytes[..length]), Err(KeyFileFault::Damaged), "{length} bytes");
        }
    }
}

/// Whoever can write the file can make its sum right: the parameters and the salt still belong to the wrapped key.
#[test]
fn what_stands_beside_the_wrapped_key_is_bound_to_it() {
    let pin = Pin::typed("cửa sông");
    let bytes = KeyFile::Pin(wrapped("cửa sông")).encode();
    let forged = |at: usize, to: u8| {
        let mut changed = bytes[..bytes.len() - 8].to_vec();
        changed[at] = to;
        let sum = <sha2::Sha256 as sha2::Digest>::digest(&changed);
        changed.extend_from_slice(&sum[..8]);
        KeyFile::decode(&changed)
    };
    // Memory, passes, salt, nonce, wrapped key.
    for (at, to) in [(17, 16), (21, 2), (26, 0), (42, 0), (66, 0), (113, 0)] {
        match forged(at, to) {
            Ok(KeyFile::Pin(wrapped)) => assert_eq!(wrapped.unwrap(&pin), None, "byte {at}"),
            other => panic!("byte {at}: {other:?}"),
        }
    }
    // What would take all memory, or for ever.
    for (at, to) in [(14, 1), (18, 1), (22, 1), (21, 0)] {
        assert_eq!(forged(at, to), Err(KeyFileFault::Damaged), "byte {at}");
    }
    assert_eq!(forged(12, 2), Err(KeyFileFault::Newer { found: 2, known: 1 }));
    assert_eq!(forged(12, 0), Err(KeyFileFault::Damaged));
    assert_eq!(forged(13, 2), Err(KeyFileFault::Damaged));
}

#[test]
fn only_its_pin_opens_a_wrapped_key() {
    let wrapped = wrapped("cửa sông");
    assert_eq!(wrapped.unwrap(&Pin::typed("cửa sông")), Some(key()));
    for wrong in ["", "cửa sôn", "cửa sông ", "Cửa sông", "cua song"] {
        assert_eq!(wrapped.unwrap(&Pin::typed(wrong)), None, "{wrong:?}");
    }
}

/// A test vector of Argon2's reference implementation.
#[test]
fn a_pin_stretches_as_argon2id_says() {
    let stretch = Stretch { memory: 65_536, passes: 2, lanes: 1 };
    let stretched = super::stretch::stretched(&Pin::typed("password"), b"somesalt", stretch).expect("parameters");
    let wanted = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
    assert_eq!(data_encoding::HEXLOWER.encode(stretched.as_slice()), wanted);
}

#[test]
fn a_seal_opens_for_its_key_and_purpose_alone() {
    let sealed = seal(&key(), "enrolling", b"secret", &mut counting());
    assert_eq!(unseal(&key(), "enrolling", &sealed).as_deref().map(Vec::as_slice), Some(b"secret".as_slice()));
    assert_eq!(unseal(&key(), "something else", &sealed), None);
    let other = DatabaseKey::generate(&mut |bytes| bytes.fill(0xac));
    assert_eq!(unseal(&other, "enrolling", &sealed), None);
    for length in 0..sealed.len() {
        assert_eq!(unseal(&key(), "enrolling", &sealed[..length]), None);
    }
}

#[test]
fn what_is_shown_of_a_secret_is_nothing() {
    let shown = format!("{:?} {:?} {:?}", key(), Pin::typed("cửa sông"), KeyFile::Open(key()));
    assert!(!shown.contains("cửa") && !shown.to_lowercase().contains("ab, ") && !shown.contains("171"), "{shown}");
}
