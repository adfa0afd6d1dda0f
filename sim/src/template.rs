//! The beginning that all seeds share: a server, and devices that have synced once. Made once, copied for each seed.

use std::path::PathBuf;

use client_core::replica::{DeviceKeys, NewIdentity, Replica};
use client_core::syncer;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use server::admin::initialise_by;
use server::keys::ServerKeys;
use server::store::{self, Device, Informed};
use sync::id::{DeviceId, Epoch};
use sync::wire::EnrollResponse;
use tempfile::TempDir;

use crate::directory::{DIRECTORY, USERS};
use crate::disk::{copy, folder};
use crate::net::{Fault, Wire};
use crate::served::Served;

/// When every world begins.
pub const BEGINS: &str = "2026-11-02T08:00:00+07:00";

/// A world at its beginning, on the disk.
pub struct Template {
    folder: TempDir,
}

pub fn begins() -> Timestamp {
    BEGINS.parse().expect("a time")
}

impl Template {
    /// Makes it; the same each time.
    pub fn new() -> Self {
        let folder = folder();
        let data = folder.path().join("server");
        let now = begins();
        let mut chance = StdRng::seed_from_u64(0x6c61_6e67);
        let mut fill = |buffer: &mut [u8]| {
            chance.fill_bytes(buffer);
            Ok(())
        };
        initialise_by(&data, "Mô phỏng", Some(DIRECTORY), now, &mut fill).expect("a database");
        let keys = ServerKeys::read(&data).expect("keys");
        let mut served = Served::open(&data, now);
        let tenant = served.ledger().tenant().clone();
        for user in USERS {
            let mut rng = |buffer: &mut [u8]| chance.fill_bytes(buffer);
            let device_keys = DeviceKeys::generate(&mut rng);
            let (mut id, mut epoch) = ([0; 16], [0; 16]);
            rng(&mut id);
            rng(&mut epoch);
            let device = Device {
                index: 0,
                id: DeviceId(uuid::Builder::from_random_bytes(id).into_uuid()),
                user: user.into(),
                key: device_keys.signing_public(),
                name: user.to_owned(),
                enrolled_at: now.as_millisecond(),
                last_contact: now.as_millisecond(),
                informed: Informed::enrolled(now.as_millisecond()),
                revoked_at: None,
                approval: store::Approval::NotNeeded,
                root: false,
                grant: 0,
                feeds: String::new(),
            };
            let receiving = HEXLOWER.decode(device_keys.receiving_public_hex().as_bytes()).expect("hex");
            let receiving = receiving.try_into().expect("32 bytes");
            served.ledger().write(|tx| store::add_device(tx, &device, &receiving)).expect("enrolled");
            let enrolled = EnrollResponse {
                device: device.id,
                user: user.to_owned(),
                tenant: tenant.id,
                tenant_name: tenant.name.clone(),
                receipt_key: HEXLOWER.encode(keys.receipt.verifying_key().as_bytes()),
                bundle_key: HEXLOWER.encode(&keys.bundle_public()),
            };
            let epoch = Epoch::from_bytes(epoch);
            let identity = NewIdentity { keys: device_keys, enrolled, url: "http://sim".to_owned(), epoch };
            // Chance of its own: how a database is encrypted is nothing to the world.
            let mut secret = StdRng::seed_from_u64(0x6b68_6f61);
            let mut secret = |buffer: &mut [u8]| secret.fill_bytes(buffer);
            let mut replica = Replica::create(&folder.path().join(user), identity, &mut secret).expect("a replica");
            let mut late = Vec::new();
            let mut wire =
                Wire { served: &mut served, now, fault: Fault::None, late: &mut late, hasty: false, cut_cursor: None };
            syncer::sync(&mut replica, &mut wire, &|| now, &mut rng).expect("a first sync");
        }
        Self { folder }
    }

    /// A copy of its own for one seed.
    pub fn fresh(&self) -> (TempDir, PathBuf) {
        let copied = folder();
        copy(self.folder.path(), copied.path());
        let data = copied.path().join("server");
        (copied, data)
    }
}

impl Default for Template {
    fn default() -> Self {
        Self::new()
    }
}
