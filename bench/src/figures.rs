//! The table.

use std::path::Path;

use serde::Serialize;

use crate::Outcome;

/// One line of the table.
#[derive(Debug, Serialize)]
pub struct Figure {
    case: String,
    figure: String,
    target: String,
}

/// Every line so far.
#[derive(Debug, Default, Serialize)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// Adds a line and shows it at once.
    pub fn add(&mut self, case: &str, figure: impl Into<String>, target: &str) {
        let figure = Figure { case: case.to_owned(), figure: figure.into(), target: target.to_owned() };
        eprintln!("{}: {}", figure.case, figure.figure);
        self.0.push(figure);
    }

    /// Prints the table as Markdown.
    pub fn print(&self) {
        println!("| case | measured | target |\n| --- | --- | --- |");
        for f in &self.0 {
            println!("| {} | {} | {} |", f.case, f.figure, f.target);
        }
    }

    /// Writes it as JSON.
    pub fn write(&self, path: &Path) -> Outcome<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, serde_json::to_vec_pretty(self)?)?)
    }
}

/// The middle of some times, and the one that 99 of 100 do not pass (nearest rank), in milliseconds.
pub fn median_and_p99(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |q: f64| times[((times.len() as f64 * q).ceil() as usize).clamp(1, times.len()) - 1];
    (at(0.5), at(0.99))
}
