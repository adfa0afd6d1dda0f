//! What the demo prints once it runs: four replicas, with commands to paste.

use super::error::DemoError;
use super::folder::Folder;
use super::program::Programs;
use super::replica::{self, KEPT};
use super::server::Server;
use crate::run::quoted;

/// Prints it.
pub fn print(programs: &Programs, folder: &Folder, server: &Server, month: &str) {
    println!("\n=== Sẵn sàng (ready) ===");
    println!("Máy chủ (server):  {}", server.url());
    println!("Dữ liệu (data):    {}", folder.path().display());
    println!("\nMở một cửa sổ lệnh khác rồi dán từng dòng (paste into another terminal):\n");
    println!("  export PATH={}:\"$PATH\"", quoted(&programs.folder().to_string_lossy()));
    for (user, who) in KEPT {
        let home = folder.replica(user);
        println!("\n  # {user}: {who}");
        for command in commands(user, month) {
            println!("  langnghe --home {} {command}", quoted(&home.to_string_lossy()));
        }
    }
    println!("\nDạo năm phút: README.md. Dừng: Ctrl-C; dữ liệu được giữ lại (stop with Ctrl-C, the data stays).");
}

/// Prints links that sign a browser in, each once.
pub fn links(programs: &Programs, folder: &Folder, server: &Server) -> Result<(), DemoError> {
    println!("\nTrên trình duyệt (in a browser; mỗi liên kết dùng một lần, each link signs in once):\n");
    for (user, who) in KEPT {
        println!("  {}/#/vao/{}   {user}: {who}", server.url(), replica::code(programs, folder, user)?);
    }
    Ok(())
}

fn commands(user: &str, month: &str) -> Vec<String> {
    let lines: &[&str] = match user {
        "minh" => &[
            "petition log --unit 30904 --hamlet 30904-vt --category traffic --text 'Cầu ván ấp Vĩnh Thới mục hai nhịp'",
            "petition list --limit 5",
            "sync",
        ],
        "hoa" => &["sync", "petition list --status logged", "petition list --overdue"],
        "son" => &["petition list --status accepted"],
        _ => return vec![format!("report monthly --month {month}")],
    };
    lines.iter().map(|line| (*line).to_owned()).collect()
}
