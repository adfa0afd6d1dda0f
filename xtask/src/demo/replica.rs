//! The demo's replicas: which stay, and how each comes to its home.

use std::fs;
use std::path::Path;

use super::error::DemoError;
use super::folder::Folder;
use super::program::{Programs, answer, text};
use super::server::Server;

/// The users whose replicas stay, each with what that person is.
pub const KEPT: [(&str, &str); 4] = [
    ("minh", "cán bộ Mặt trận xã (field officer)"),
    ("hoa", "đầu mối tiếp nhận của Mặt trận (Front staff)"),
    ("son", "Phòng Kinh tế xã, cơ quan giải quyết (body)"),
    ("dung", "lãnh đạo (leader)"),
];

/// A code from the server, and a replica with it.
pub fn enrol(programs: &Programs, folder: &Folder, server: &Server, user: &str, home: &Path) -> Result<(), DemoError> {
    let code = code(programs, folder, user)?;
    answer(&mut programs.replica(home, ["enroll", server.url(), &code])).map(|_| ())
}

/// A code from the server.
pub fn code(programs: &Programs, folder: &Folder, user: &str) -> Result<String, DemoError> {
    let mut issue = programs.server(["code", "--user", user, "--data"]);
    Ok(text(&answer(issue.arg(folder.server()))?, "code"))
}

/// The server has another address than the replicas know: each is enrolled again. One that holds work the server does
/// not have is kept beside the new one.
pub fn enrol_again(programs: &Programs, folder: &Folder, server: &Server, before: u16) -> Result<(), DemoError> {
    println!("Máy chủ đổi cổng {before} → {}: đăng ký lại bốn máy (enrolling again).", server.port());
    for (user, _) in KEPT {
        let home = folder.replica(user);
        if !home.exists() {
            enrol(programs, folder, server, user, &home)?;
            continue;
        }
        let status = answer(&mut programs.replica(&home, ["status"]))?;
        if status["pending"] == 0 && status["refused"] == 0 {
            fs::remove_dir_all(&home).map_err(|source| DemoError::file(&home, source))?;
        } else {
            let aside = folder.path().join(format!("{user}-{before}"));
            fs::rename(&home, &aside).map_err(|source| DemoError::file(&aside, source))?;
            println!("  {user}: việc chưa gửi còn ở (unsent work is kept in) {}", aside.display());
        }
        enrol(programs, folder, server, user, &home)?;
    }
    Ok(())
}
