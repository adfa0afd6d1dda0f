//! How couriers' files are told of.

use std::path::Path;

use client_core::syncer::SyncReport;
use client_core::syncer::courier::{CourierError, Made};

use super::status::synced;

/// A bundle that is ready to be carried.
pub fn made(made: &Made, file: &Path) -> String {
    format!(
        "Đã lập gói {}: {} việc chưa gửi. Mang tệp này đến máy chủ hoặc máy có mạng; máy này vẫn ghi tiếp được.\n\
         Những việc này vẫn là “chưa gửi” cho đến khi gói trả lời được nhập về máy này.\n",
        file.display(),
        made.changes
    )
}

/// Another device's bundle.
pub fn carried(reply: Option<&Path>, waits: Option<&str>) -> String {
    match (reply, waits) {
        (Some(reply), _) => {
            format!("Máy chủ đã trả lời. Mang {} về máy đã lập gói và chạy bundle apply.\n", reply.display())
        }
        (None, Some(why)) => format!(
            "Đã nhận mang hộ, chưa gửi được: {why}.\nKhi có mạng hãy chạy sync, rồi chạy lại lệnh này để lấy gói trả lời.\n"
        ),
        (None, None) => "Đã nhận mang hộ; máy chủ chưa trả lời.\n".to_owned(),
    }
}

/// What became of others' bundles during a sync.
pub fn forwarded(carried: &Result<u64, CourierError>) -> String {
    match carried {
        Ok(0) => String::new(),
        Ok(n) => format!("Đã gửi {n} gói mang hộ; chạy lại bundle carry để lấy gói trả lời.\n"),
        Err(error) => format!("Gói mang hộ chưa gửi được: {error}.\n"),
    }
}

/// A reply that has been taken in.
pub fn applied(report: &SyncReport) -> String {
    let mut text = synced(report);
    if report.pending > 0 {
        text.push_str("Việc ghi sau khi lập gói vẫn chưa gửi: hãy lập gói mới, hoặc đồng bộ khi có mạng.\n");
    }
    text
}
