//! Columns that line up, whatever the letters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A table with a head; columns are as wide as what is in them.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(head: &[&str]) -> Self {
        Self { rows: vec![head.iter().map(|h| (*h).to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|c| one_line(&c)).collect());
    }

    pub fn print(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |i: usize| self.rows.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths).filter(|(_, width)| **width > 0) {
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', width - cell.width() + 2));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

/// Labels and values, one a line; those without a value are left out.
pub fn labelled(pairs: &[(&str, Option<String>)]) -> String {
    let width = pairs.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + 2;
    let mut out = String::new();
    for (label, value) in pairs {
        let Some(value) = value.as_ref().filter(|v| !v.is_empty()) else { continue };
        out.push_str(label);
        out.extend(std::iter::repeat_n(' ', width - label.width()));
        out.push_str(&indented(value, width));
        out.push('\n');
    }
    out
}

/// A text of several lines, all but the first set in.
pub fn indented(text: &str, by: usize) -> String {
    let safe = text.lines().map(plain).collect::<Vec<_>>();
    safe.join(&format!("\n{}", " ".repeat(by)))
}

/// The beginning of a text, in one line no wider than said.
pub fn cut(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.width() <= most {
        return line;
    }
    let mut width = 1;
    let mut kept: String = line
        .chars()
        .take_while(|c| {
            width += c.width().unwrap_or(0);
            width <= most
        })
        .collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

fn one_line(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Without control characters: a petition's words must not steer a terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_vietnamese_letters() {
        let mut table = Table::new(&["Mã", "Đơn vị", "Hạn"]);
        table.row(["A".to_owned(), "Xã Giồng Riềng".to_owned(), "x".to_owned()]);
        table.row(["ABC".to_owned(), "Ấp".to_owned(), "y".to_owned()]);
        assert_eq!(table.print(), "Mã   Đơn vị          Hạn\nA    Xã Giồng Riềng  x\nABC  Ấp              y\n");
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        assert_eq!(cut("đường   ngập\nnặng", 40), "đường ngập nặng");
        assert_eq!(cut("đường ngập nặng", 8), "đường n…");
    }

    #[test]
    fn words_do_not_steer_the_terminal() {
        assert_eq!(indented("a\u{1b}[2Jb\nc", 2), "a[2Jb\n  c");
    }
}
