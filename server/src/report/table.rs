//! The report for a terminal: aligned, in Vietnamese, at most 100 columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::figure::Figure;
use super::monthly::Monthly;
use super::row::{Figures, KeyRow};
use super::words;

/// Wide enough for the columns, narrow enough for any terminal beside a file list.
const WIDTH: usize = 100;
const KEY: usize = 14;
const NAME: usize = 31;

/// The totals, in two columns: what there was to do, and what became of it.
const LEFT: &[Figure] = &[
    Figure::CarriedIn,
    Figure::Received,
    Figure::LateReceived,
    Figure::Reopened,
    Figure::Handled,
    Figure::CarriedOut,
    Figure::OpenWithin,
    Figure::OpenOverdue,
    Figure::AnsweredEarlier,
];
const RIGHT: &[Figure] = &[
    Figure::Finished,
    Figure::Resolved,
    Figure::ResolvedOnTime,
    Figure::ResolvedLate,
    Figure::Guided,
    Figure::Filed,
    Figure::Withdrawn,
    Figure::Duplicates,
    Figure::Answered,
    Figure::Rated,
    Figure::Satisfied,
];

/// The columns of a breakdown with their short heads.
const COLUMNS: &[(&str, Figure)] = &[
    ("Tồn", Figure::CarriedIn),
    ("Mới", Figure::Received),
    ("Lại", Figure::Reopened),
    ("Xong", Figure::Finished),
    ("Còn", Figure::CarriedOut),
    ("Q.hạn", Figure::OpenOverdue),
];

impl Monthly {
    /// The report as text.
    pub fn to_table(&self) -> String {
        let mut lines: Vec<String> = vec![
            format!("BÁO CÁO THÁNG {} – số liệu đến {} (chưa chốt)", self.month.spoken(), self.spoken_as_of),
            String::new(),
        ];
        self.totals_lines(&mut lines);
        for by in self.shown().filter(|by| !self.rows(*by).is_empty()) {
            lines.extend([String::new(), words::section(by).to_uppercase(), head()]);
            lines.extend(self.rows(by).iter().map(line));
        }
        if self.by.is_none() {
            self.session_lines(&mut lines);
        }
        self.oldest_lines(&mut lines);
        let width_kept = lines.iter().map(|l| cut(l.trim_end(), WIDTH));
        width_kept.flat_map(|l| [l, "\n".to_owned()]).collect()
    }

    fn totals_lines(&self, lines: &mut Vec<String>) {
        let figure = |f: &Figure| (f.label().to_owned(), self.totals.get(*f).to_string());
        let left: Vec<_> = LEFT.iter().map(figure).collect();
        let mut right: Vec<_> = RIGHT.iter().map(figure).collect();
        right.push(("Số ngày giải quyết, trung vị".to_owned(), days(self.totals.median_days)));
        right.push(("Số ngày giải quyết, 90% không quá".to_owned(), whole_days(self.totals.p90_days)));
        for i in 0..left.len().max(right.len()) {
            let cell = |column: &[(String, String)]| {
                column.get(i).map_or(String::new(), |(label, n)| format!("{}{}", fit(label, 36), fit_right(n, 9)))
            };
            lines.push(format!("{}    {}", fit(&cell(&left), 45), cell(&right)));
        }
    }

    fn session_lines(&self, lines: &mut Vec<String>) {
        if self.sessions.is_empty() {
            return;
        }
        let row = |cells: [&str; 5]| {
            let [name, rest @ ..] = cells;
            rest.iter().fold(fit(name, KEY + 1 + NAME), |line, cell| line + &fit_right(cell, 12))
        };
        lines.extend([
            String::new(),
            "BUỔI TIẾP XÚC, ĐỐI THOẠI".to_owned(),
            row(["Hình thức", "Số buổi", "Người dự", "Ý kiến", "Tại chỗ"]),
        ]);
        for s in &self.sessions {
            let [held, present, petitions, spot] =
                [s.held, s.present, s.petitions, s.answered_on_spot].map(|n| n.to_string());
            lines.push(row([s.name, &held, &present, &petitions, &spot]));
        }
    }

    fn oldest_lines(&self, lines: &mut Vec<String>) {
        if self.oldest.is_empty() {
            return;
        }
        let row = |code: &str, days: &str, due: &str, unit: &str, body: &str| {
            format!(
                "{}{} {} {} {}",
                fit(code, KEY),
                fit_right(days, 6),
                fit_right(due, 12),
                fit(unit, 28),
                fit(body, 37)
            )
        };
        lines.extend([
            String::new(),
            "CHỜ LÂU NHẤT".to_owned(),
            row("Mã", "Ngày", "Hạn", "Địa bàn", "Cơ quan giải quyết"),
        ]);
        for o in &self.oldest {
            let due = o.due.map_or("–".to_owned(), |due| due.strftime("%d/%m/%Y").to_string());
            lines.push(row(&o.code, &o.days.to_string(), &due, &o.unit_name, &o.body_name));
        }
    }
}

fn head() -> String {
    let start = format!("{} {}", fit("Mã", KEY), fit("Tên", NAME));
    let columns = COLUMNS.iter().fold(start, |line, (head, _)| line + &fit_right(head, 7));
    columns + &fit_right("Trung vị", 10)
}

fn line(row: &KeyRow) -> String {
    let Figures { median_days, .. } = row.figures;
    let start = format!("{} {}", fit(row.key.as_deref().unwrap_or("–"), KEY), fit(&row.name, NAME));
    let columns = COLUMNS.iter().fold(start, |line, (_, f)| line + &fit_right(&row.figures.get(*f).to_string(), 7));
    columns + &fit_right(&days(median_days), 10)
}

/// Half days with a comma, as numbers are written here.
fn days(days: Option<f64>) -> String {
    days.map_or("–".to_owned(), |days| days.to_string().replace('.', ","))
}

fn whole_days(days: Option<u32>) -> String {
    days.map_or("–".to_owned(), |days| days.to_string())
}

/// Cut or filled to a width on the screen: accents written apart take no room, some scripts take two columns.
fn fit(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let room = width.saturating_sub(text.width());
    text + &" ".repeat(room)
}

fn fit_right(text: &str, width: usize) -> String {
    let text = cut(text, width);
    " ".repeat(width.saturating_sub(text.width())) + &text
}

fn cut(text: &str, width: usize) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.width() <= width {
        return plain;
    }
    let mut kept = String::new();
    let mut taken = 0;
    for c in plain.chars() {
        let wide = c.width().unwrap_or(0);
        if taken + wide > width.saturating_sub(1) {
            break;
        }
        taken += wide;
        kept.push(c);
    }
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_wide_as_they_look() {
        // “Giồng Riềng” written with combining accents is 15 characters and 11 columns.
        let apart = "Gio\u{302}\u{300}ng Rie\u{302}\u{300}ng";
        assert_eq!((apart.chars().count(), fit(apart, 14).width()), (15, 14));
        assert_eq!(fit_right("1451", 7), "   1451");
        assert_eq!(cut("Văn phòng HĐND và UBND", 10), "Văn phòng…");
        assert_eq!(cut("a\u{1b}[31mb\n", 20), "a [31mb ");
    }
}
