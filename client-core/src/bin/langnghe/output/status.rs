//! Enrolment, sync and status for people.

use std::path::Path;

use client_core::syncer::SyncReport;
use client_core::view::StatusView;

use super::moment;
use super::table::labelled;

fn posts(status: &StatusView) -> Option<String> {
    let named = status.post_names.iter().zip(&status.posts).map(|(name, code)| format!("{name} ({code})"));
    let named: Vec<String> = named.collect();
    Some(if named.is_empty() { "chưa giữ vị trí nào".to_owned() } else { named.join("\n") })
}

fn pin(status: &StatusView) -> Option<String> {
    let none = "CHƯA CÓ: ai lấy được máy này thì đọc được dữ liệu; hãy đặt bằng langnghe pin set";
    Some(if status.pin { "có" } else { none }.to_owned())
}

pub fn enrolled(status: &StatusView, home: &Path) -> String {
    let pairs = [
        ("Người dùng", Some(format!("{} ({})", status.user_name, status.user))),
        ("Vị trí", posts(status)),
        ("Thuộc", Some(status.tenant_name.clone())),
        ("Thiết bị", Some(status.device.to_string())),
        ("Dữ liệu", Some(home.display().to_string())),
        ("Mã PIN", pin(status)),
    ];
    format!("Đã ghi danh và đồng bộ.\n{}", labelled(&pairs))
}

pub fn waits(status: &StatusView, home: &Path) -> String {
    let pairs = [
        ("Thuộc", Some(status.tenant_name.clone())),
        ("Thiết bị", Some(status.device.to_string())),
        ("Dữ liệu", Some(home.display().to_string())),
    ];
    let next = "Đã ghi danh; máy đang chờ người thứ hai trong cơ quan duyệt. Khi được duyệt, hãy chạy langnghe sync.";
    format!("{next}\n{}", labelled(&pairs))
}

pub fn synced(report: &SyncReport) -> String {
    let pairs = [
        ("Đã gửi", Some(format!("{} thay đổi", report.pushed))),
        ("", (report.sealed > 0).then(|| format!("{} đơn kín: chỉ người được giao mở được", report.sealed))),
        ("", (report.persons > 0).then(|| format!("{} danh tính, giữ riêng ngoài đơn", report.persons))),
        ("Đã nhận", Some(format!("{} thay đổi", report.pulled))),
        ("Chưa gửi", (report.pending > 0).then(|| format!("{} thay đổi", report.pending))),
        (
            "Chưa gửi được – cần sửa",
            (report.refused > 0).then(|| format!("{} thay đổi; xem langnghe refused list", report.refused)),
        ),
        ("Đường truyền", Some(format!("lên {}, xuống {}", size(report.bytes_up), size(report.bytes_down)))),
    ];
    labelled(&pairs)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} byte"),
        1024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1024.0).replace('.', ","),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0).replace('.', ","),
    }
}

fn lease(status: &StatusView) -> Option<String> {
    let until = moment(status.lease.until.as_deref()?);
    Some(match status.lease.expired {
        true => format!("tạm ẩn từ {until} đến lần đồng bộ tới; ghi đơn mới vẫn được"),
        false => format!("xem được đến {until} nếu không liên lạc với máy chủ"),
    })
}

/// How far the device's clock is off, and what follows; none where it is right.
pub fn clock(off: Option<i64>) -> Option<String> {
    let off = off?;
    let minutes = off.abs() / 60;
    let far = match (minutes / 1440, minutes % 1440 / 60, minutes % 60) {
        (0, 0, m) => format!("{m} phút"),
        (0, h, m) => format!("{h} giờ {m} phút"),
        (d, h, _) => format!("{d} ngày {h} giờ"),
    };
    let way = if off > 0 { "nhanh" } else { "chậm" };
    Some(format!("{way} {far} so với máy chủ; việc ghi ở đây đã tính theo giờ máy chủ, hãy chỉnh lại đồng hồ máy"))
}

pub fn status(status: &StatusView) -> String {
    let waits = match (status.pending, status.refused) {
        (0, 0) => "máy chủ đã nhận hết".to_owned(),
        (pending, 0) => format!("{pending} thay đổi chưa gửi"),
        (pending, refused) => format!("{pending} thay đổi chưa gửi, {refused} chưa gửi được – cần sửa (refused list)"),
    };
    let last = status.last_sync.as_deref().map_or("chưa lần nào".to_owned(), moment);
    let pairs = [
        ("Người dùng", Some(format!("{} ({})", status.user_name, status.user))),
        ("Vị trí", posts(status)),
        ("Thuộc", Some(status.tenant_name.clone())),
        ("Máy chủ", Some(status.url.clone())),
        ("Thiết bị", Some(status.device.to_string())),
        ("Việc đã ghi", Some(waits)),
        ("Đồng bộ lần cuối", Some(last)),
        ("Đồng hồ máy", clock(status.clock_off)),
        ("Hồ sơ cũ", lease(status)),
        (
            "Đơn kín",
            (status.unopened > 0).then(|| {
                format!(
                    "{} đơn chưa mở được trên máy này: chờ máy khác được giao đồng bộ, hoặc langnghe sealed recover",
                    status.unopened
                )
            }),
        ),
        ("Trên máy này", Some(format!("{} đơn, {} buổi", status.petitions, status.sessions))),
        ("Mã PIN", pin(status)),
    ];
    labelled(&pairs)
}
