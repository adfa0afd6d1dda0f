//! A reason on its way: an array of texts, the key first.

use minicbor::{Decode, Encode};

use crate::reason::{MAX_REASON_ARGS, Reason};

impl<C> Encode<C> for Reason {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let parts = self.parts();
        e.array(parts.len() as u64)?;
        for part in parts {
            e.str(part)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Reason {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let mut parts = Vec::with_capacity(1 + MAX_REASON_ARGS);
        for part in d.array_iter::<&str>()? {
            let part = part?;
            if parts.len() <= MAX_REASON_ARGS {
                parts.push(part);
            }
        }
        Ok(Reason::from_parts(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::MAX_REASON_ARG_BYTES;
    use crate::wire::{Ack, RefusalCode};

    fn decoded(parts: &[&str]) -> Reason {
        minicbor::decode(&minicbor::to_vec(parts).expect("CBOR")).expect("a reason")
    }

    #[test]
    fn a_refusal_travels_as_its_code_and_an_array() {
        let ack = Ack::Refused { code: RefusalCode::NotAllowed, reason: Reason::wrong_status("accept", "logged") };
        let bytes = minicbor::to_vec(&ack).expect("CBOR");
        // [3, {0: "not-allowed", 1: ["wrong-status", "accept", "logged"]}]
        let expected = [
            &[0x82, 0x03, 0xa2, 0x00, 0x6b][..],
            b"not-allowed",
            &[0x01, 0x83, 0x6c],
            b"wrong-status",
            &[0x66],
            b"accept",
            &[0x66],
            b"logged",
        ];
        assert_eq!(bytes, expected.concat());
        assert_eq!(minicbor::decode::<Ack>(&bytes).expect("an acknowledgement"), ack);
    }

    #[test]
    fn what_a_newer_server_says_is_read_too() {
        assert_eq!(decoded(&["moon-phase", "full"]).parts().collect::<Vec<_>>(), ["moon-phase", "full"]);
        assert_eq!(decoded(&[]).key(), None);
        let newer = minicbor::to_vec(("moon-phase", "full")).expect("CBOR");
        assert_eq!(minicbor::decode::<Reason>(&newer).expect("a reason").to_string(), "moon-phase (full)");
    }

    #[test]
    fn no_more_is_kept_than_a_reason_has() {
        let long = "x".repeat(100_000);
        let parts = vec![long.as_str(); 10_000];
        let reason = decoded(&parts);
        assert_eq!(reason.parts().len(), 1 + MAX_REASON_ARGS);
        assert!(reason.parts().all(|part| part.len() == MAX_REASON_ARG_BYTES));
        assert!(minicbor::decode::<Reason>(&[0x82, 0x61, b'a', 0x00]).is_err(), "a number is no part of a reason");
    }
}
