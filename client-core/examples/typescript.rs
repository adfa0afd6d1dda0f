//! Prints the app's calls as TypeScript: what `cargo xtask web` puts beside the pages' scripts.

fn main() {
    print!("{}", client_core::app::typescript());
}
