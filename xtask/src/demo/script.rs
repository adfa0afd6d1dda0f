//! The script of demo/petitions.toml as commands in the order of their dates.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Deserialize;
use toml::{Table, Value};

use super::error::DemoError;

/// A word of a command line.
pub enum Word {
    /// As it stands.
    Plain(String),
    /// The id of the record with this key in the script.
    Record(String),
}

/// One command of one user.
pub struct Play {
    /// When it happens.
    pub at: Timestamp,
    /// Who does it.
    pub user: String,
    /// The key of the record it writes.
    pub record: String,
    /// Whether it makes that record.
    pub makes: bool,
    /// The command line, after `langnghe --home DIR`.
    pub words: Vec<Word>,
}

/// The whole of it.
pub struct Script {
    plays: Vec<Play>,
    users: BTreeSet<String>,
    weeks: i64,
}

#[derive(Deserialize)]
struct File {
    session: Vec<Session>,
    petition: Vec<Petition>,
}

#[derive(Deserialize)]
struct Session {
    key: String,
    by: String,
    at: String,
    minutes: String,
    conclusion: String,
    #[serde(flatten)]
    flags: Table,
}

#[derive(Deserialize)]
struct Petition {
    key: String,
    by: String,
    #[serde(rename = "as")]
    post: String,
    at: String,
    session: Option<String>,
    #[serde(default)]
    step: Vec<Step>,
    #[serde(flatten)]
    flags: Table,
}

#[derive(Deserialize)]
struct Step {
    by: String,
    #[serde(rename = "as")]
    post: String,
    #[serde(rename = "do")]
    what: String,
    at: String,
    of: Option<String>,
    #[serde(flatten)]
    flags: Table,
}

/// A session is concluded so long after it began.
const SITTING: SignedDuration = SignedDuration::from_hours(3);
/// A script that began longer ago is brought nearer: the demo's lease, within which an event counts under its own date, is
/// a year.
const OLDEST: SignedDuration = SignedDuration::from_hours(300 * 24);
const WEEK_HOURS: i64 = 7 * 24;

impl Script {
    /// Reads it. Were its last word in the future, or all of it long ago, it is moved by whole weeks.
    pub fn read(text: &str, now: Timestamp) -> Result<Self, DemoError> {
        let file: File = toml::from_str(text).map_err(|error| DemoError::Script(error.to_string()))?;
        let mut reader = Reader { weeks: 0, plays: Vec::new() };
        reader.all(&file)?;
        let times = || reader.plays.iter().map(|play| play.at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return Err(DemoError::Script("nothing is played in it".to_owned()));
        };
        if last > now || first < now - OLDEST {
            let weeks = now.duration_since(last).as_hours().div_euclid(WEEK_HOURS);
            reader = Reader { weeks, plays: Vec::new() };
            reader.all(&file)?;
        }
        let Reader { weeks, mut plays } = reader;
        plays.sort_by_key(|play| play.at);
        Ok(Self { users: plays.iter().map(|play| play.user.clone()).collect(), plays, weeks })
    }

    /// Every command, earliest first.
    pub fn plays(&self) -> &[Play] {
        &self.plays
    }

    /// Everybody who plays.
    pub fn users(&self) -> &BTreeSet<String> {
        &self.users
    }

    /// By how many weeks its dates were moved; less than 0 is back.
    pub fn weeks_moved(&self) -> i64 {
        self.weeks
    }

    /// The month of its last word, `YYYY-MM`.
    pub fn last_month(&self) -> String {
        self.plays.last().map(|play| month_of(play.at)).unwrap_or_default()
    }
}

/// The month of a moment in the demo's communes, `YYYY-MM`.
pub fn month_of(at: Timestamp) -> String {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%Y-%m").to_string()
}

struct Reader {
    weeks: i64,
    plays: Vec<Play>,
}

impl Reader {
    fn all(&mut self, file: &File) -> Result<(), DemoError> {
        file.session.iter().try_for_each(|session| self.session(session))?;
        file.petition.iter().try_for_each(|petition| self.petition(petition))
    }

    fn session(&mut self, session: &Session) -> Result<(), DemoError> {
        let at = self.moment(&session.at)?;
        let record = || Word::Record(session.key.clone());
        let mut log = plain(["session", "log", "--at", &at.to_string()]);
        self.flags(&mut log, &session.flags)?;
        let mut minutes = plain(["session", "minutes"]);
        minutes.push(record());
        minutes.extend(plain(["--append", session.minutes.trim_end()]));
        let end = at + SITTING;
        let mut conclude = plain(["session", "conclude"]);
        conclude.push(record());
        conclude.extend(plain(["--text", &session.conclusion, "--at", &end.to_string()]));
        for (at, makes, words) in [(at, true, log), (at, false, minutes), (end, false, conclude)] {
            self.plays.push(Play { at, user: session.by.clone(), record: session.key.clone(), makes, words });
        }
        Ok(())
    }

    fn petition(&mut self, petition: &Petition) -> Result<(), DemoError> {
        let at = self.moment(&petition.at)?;
        let mut words = plain(["petition", "log", "--as", &petition.post, "--at", &at.to_string()]);
        if let Some(session) = &petition.session {
            words.extend([Word::Plain("--session".to_owned()), Word::Record(session.clone())]);
        }
        self.flags(&mut words, &petition.flags)?;
        let record = petition.key.clone();
        self.plays.push(Play { at, user: petition.by.clone(), record: record.clone(), makes: true, words });
        for step in &petition.step {
            let at = self.moment(&step.at)?;
            let mut words = plain(["petition", &step.what]);
            words.push(Word::Record(record.clone()));
            words.extend(plain(["--as", &step.post, "--at", &at.to_string()]));
            if let Some(of) = &step.of {
                words.extend([Word::Plain("--of".to_owned()), Word::Record(of.clone())]);
            }
            self.flags(&mut words, &step.flags)?;
            self.plays.push(Play { at, user: step.by.clone(), record: record.clone(), makes: false, words });
        }
        Ok(())
    }

    /// Entries of the script as flags: `on_behalf_of = "dien"` is `--on-behalf-of dien`.
    fn flags(&self, words: &mut Vec<Word>, flags: &Table) -> Result<(), DemoError> {
        for (name, value) in flags {
            let flag = match name.as_str() {
                "by_means" => "--by".to_owned(),
                name => format!("--{}", name.replace('_', "-")),
            };
            let values = match value {
                Value::Boolean(true) => {
                    words.push(Word::Plain(flag));
                    continue;
                }
                Value::Boolean(false) => continue,
                Value::String(text) if ["due", "until"].contains(&name.as_str()) => vec![self.date(text)?],
                Value::String(text) => vec![text.clone()],
                Value::Integer(number) => vec![number.to_string()],
                Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                _ => return Err(DemoError::Script(format!("`{name}` is neither text, number, list nor yes and no"))),
            };
            words.extend(values.into_iter().flat_map(|value| plain([&flag, &value])));
        }
        Ok(())
    }

    fn moment(&self, text: &str) -> Result<Timestamp, DemoError> {
        let at: Timestamp = text.parse().map_err(|_| DemoError::Script(format!("`{text}` is no time")))?;
        Ok(at + SignedDuration::from_hours(self.weeks * WEEK_HOURS))
    }

    fn date(&self, text: &str) -> Result<String, DemoError> {
        let date: Date = text.parse().map_err(|_| DemoError::Script(format!("`{text}` is no date")))?;
        Ok((date + self.weeks.weeks()).to_string())
    }
}

fn plain<const N: usize>(words: [&str; N]) -> Vec<Word> {
    words.into_iter().map(|word| Word::Plain(word.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = r#"
        [[session]]
        key = "s"
        by = "minh"
        kind = "dialogue"
        unit = "1"
        at = "2026-10-24T13:30:00+07:00"
        minutes = "Hai ý kiến.\n"
        conclusion = "Chuyển."
        [[petition]]
        key = "p"
        by = "lan"
        as = "cb"
        session = "s"
        at = "2026-10-24T14:00:00+07:00"
        text = "Lộ ngập."
        urgent = true
        step = [{ by = "hoa", as = "tn", do = "refer", at = "2026-10-26T08:00:00+07:00", to = "kt", due = "2026-11-05", with = ["a", "b"] }]
    "#;

    fn read(now: &str) -> Script {
        Script::read(SCRIPT, now.parse().expect("a time")).expect("a script")
    }

    fn line(play: &Play) -> String {
        let words = play.words.iter().map(|word| match word {
            Word::Plain(text) => text.clone(),
            Word::Record(key) => format!("<{key}>"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn everything_happens_in_the_order_of_its_dates() {
        let script = read("2026-11-23T00:00:00Z");
        let lines: Vec<String> = script.plays().iter().map(line).collect();
        assert_eq!(
            lines,
            [
                "session log --at 2026-10-24T06:30:00Z --kind dialogue --unit 1",
                "session minutes <s> --append Hai ý kiến.",
                "petition log --as cb --at 2026-10-24T07:00:00Z --session <s> --text Lộ ngập. --urgent",
                "session conclude <s> --text Chuyển. --at 2026-10-24T09:30:00Z",
                "petition refer <p> --as tn --at 2026-10-26T01:00:00Z --due 2026-11-05 --to kt --with a --with b",
            ]
        );
        assert_eq!((script.weeks_moved(), script.last_month().as_str()), (0, "2026-10"));
    }

    #[test]
    fn a_clock_behind_the_script_moves_it_back_by_whole_weeks() {
        let script = read("2026-10-20T00:00:00Z");
        assert_eq!(script.weeks_moved(), -1);
        let last = script.plays().last().expect("a play");
        assert_eq!(last.at.to_string(), "2026-10-19T01:00:00Z");
        assert!(line(last).contains("--due 2026-10-29"), "{}", line(last));
    }

    #[test]
    fn a_script_of_long_ago_is_brought_nearer() {
        let script = read("2028-01-20T00:00:00Z");
        let last = script.plays().last().expect("a play").at;
        assert_eq!(last.to_string(), "2028-01-17T01:00:00Z");
    }
}
