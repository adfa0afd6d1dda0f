//! The two programs: named by the environment, else beside the test, else built.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A program of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `langnghe`.
    Replica,
    /// `langnghe-server`.
    Server,
}

static REPLICA: OnceLock<PathBuf> = OnceLock::new();
static SERVER: OnceLock<PathBuf> = OnceLock::new();

impl Program {
    /// A command that runs it, without what the caller's environment might say to it.
    pub fn command(self) -> Command {
        let mut command = Command::new(self.path());
        let variables = [
            "LANGNGHE_HOME",
            "LANGNGHE_DATA",
            "LANGNGHE_PIN",
            "LANGNGHE_NEW_PIN",
            "LANGNGHE_LOG",
            "LANGNGHE_TEST_CLOCK",
            "LANGNGHE_TENANT_KEY",
            "LANGNGHE_RECOVERY_KEY",
        ];
        for variable in variables {
            command.env_remove(variable);
        }
        command
    }

    fn path(self) -> &'static Path {
        let (cell, variable, name, package) = match self {
            Program::Replica => (&REPLICA, "LANGNGHE_BIN", "langnghe", "client-core"),
            Program::Server => (&SERVER, "LANGNGHE_SERVER_BIN", "langnghe-server", "server"),
        };
        cell.get_or_init(|| find(variable, name, package))
    }
}

fn find(variable: &str, name: &str, package: &str) -> PathBuf {
    if let Some(named) = std::env::var_os(variable).filter(|v| !v.is_empty()) {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "{variable} names {}, which is not there", named.display());
        return named;
    }
    // target/debug/deps/test-1234 → target/debug/langnghe
    let test = std::env::current_exe().expect("a test knows where it lies");
    let beside = test.parent().and_then(Path::parent).expect("a test lies in target/*/deps");
    let program = beside.join(format!("{name}{EXE_SUFFIX}"));
    if !program.is_file() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", package, "--bin", name]);
        if beside.ends_with("release") {
            build.arg("--release");
        }
        let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo starts");
        assert!(built.success(), "{name} does not build");
    }
    assert!(program.is_file(), "{} was not built", program.display());
    program
}
