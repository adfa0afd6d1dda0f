//! A device's two secret keys. Only their public halves ever leave it.

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use x25519_dalek::{PublicKey, StaticSecret};

/// The keys of an enrolled device.
#[derive(Clone)]
pub struct DeviceKeys {
    /// Ed25519: signs changes and requests.
    pub signing: SigningKey,
    /// X25519: what is encrypted to the device.
    pub receiving: StaticSecret,
}

impl std::fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceKeys({})", self.signing_public_hex())
    }
}

impl DeviceKeys {
    /// New ones. `rng` fills a buffer from the system's secure source.
    pub fn generate(rng: &mut dyn FnMut(&mut [u8])) -> Self {
        let (mut signing, mut receiving) = ([0; 32], [0; 32]);
        rng(&mut signing);
        rng(&mut receiving);
        Self::from_bytes(signing, receiving)
    }

    /// As kept.
    pub fn from_bytes(signing: [u8; 32], receiving: [u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(&signing), receiving: StaticSecret::from(receiving) }
    }

    /// The public signing key.
    pub fn signing_public(&self) -> [u8; 32] {
        self.signing.verifying_key().to_bytes()
    }

    /// The same in lower-case hex, as enrolment sends it.
    pub fn signing_public_hex(&self) -> String {
        HEXLOWER.encode(&self.signing_public())
    }

    /// The public receiving key in lower-case hex.
    pub fn receiving_public_hex(&self) -> String {
        HEXLOWER.encode(PublicKey::from(&self.receiving).as_bytes())
    }
}
