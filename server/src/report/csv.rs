//! The report as CSV: one row a key, totals first.

use super::error::ReportError;
use super::figure::Figure;
use super::monthly::Monthly;
use super::row::Figures;

const SESSION: [&str; 4] = ["held", "present", "petitions", "answered_on_spot"];

impl Monthly {
    /// CSV with a header row, in UTF-8. The column `section` says `totals`, a breakdown, or `session`; figures that a
    /// section does not have are blank. With a breakdown chosen: the totals and that one.
    pub fn to_csv(&self) -> Result<String, ReportError> {
        let mut csv = ::csv::Writer::from_writer(Vec::new());
        let fixed = ["month", "section", "key", "name"].into_iter();
        let figures = Figure::ALL.iter().map(|f| f.key()).chain(["median_days", "p90_days"]);
        csv.write_record(fixed.chain(figures).chain(SESSION))?;
        let month = self.month.to_string();
        let mut write = |section: &str, key: &str, name: &str, figures: Option<&Figures>, session: [String; 4]| {
            let head = [month.as_str(), section, key, name].map(str::to_owned).into_iter();
            csv.write_record(head.chain(cells(figures)).chain(session))
        };
        let none = || [const { String::new() }; 4];
        write("totals", "", "", Some(&self.totals), none())?;
        for by in self.shown() {
            for row in self.rows(by) {
                write(by.as_str(), row.key.as_deref().unwrap_or(""), &row.name, Some(&row.figures), none())?;
            }
        }
        for s in self.sessions.iter().filter(|_| self.by.is_none()) {
            let counts = [s.held, s.present, s.petitions, s.answered_on_spot].map(|n| n.to_string());
            write("session", s.kind.as_str(), s.name, None, counts)?;
        }
        let bytes = csv.into_inner().map_err(|e| ::csv::Error::from(e.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn cells(figures: Option<&Figures>) -> impl Iterator<Item = String> {
    let counts = Figure::ALL.iter().map(move |f| figures.map_or(String::new(), |row| row.get(*f).to_string()));
    let median = figures.and_then(|row| row.median_days).map(|days| days.to_string());
    let p90 = figures.and_then(|row| row.p90_days).map(|days| days.to_string());
    counts.chain([median.unwrap_or_default(), p90.unwrap_or_default()])
}
