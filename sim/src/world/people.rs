//! What people do.

use client_core::command::{Command, DirectoryChange, NewEvent};
use client_core::view::{Page, PetitionFilter, petitions};
use rand::RngExt;
use sync::id::{EventId, RecordId};
use sync::model::directory::Role;
use sync::model::petition::{Channel, Facts, Kind};
use sync::model::session::SessionFacts;
use sync::model::time::local_date;

use super::World;
use crate::act::actions;
use crate::directory::{ENTRUSTED, change};
use crate::minutes::{Minutes, paragraph};

impl World {
    pub(super) fn log(&mut self, site: usize) {
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let posts = self.sites[site].replica().posts(stamp);
        let post = posts.iter().find(|p| matches!(p.role, Role::Officer | Role::FrontStaff)).map(|p| (*p).clone());
        let Some(post) = post else { return };
        if self.chance.random_range(0..6) == 0 {
            return self.log_sealed(site, &post);
        }
        let number = self.next();
        let unit = if post.id.as_str() == "cbb" { "b" } else { "a" };
        let hamlet = match (post.id.as_str(), self.chance.random_range(0..3)) {
            ("ap1", _) | ("cb", 0) => Some("a1".into()),
            ("cb", 1) => Some("a2".into()),
            _ => None,
        };
        let long = self.chance.random_range(0..12) == 0;
        let text = if long {
            let letters = (0..20_000).map(|_| self.chance.random_range('a'..='z')).collect::<String>();
            format!("Lời {number} {letters}")
        } else {
            format!("Lời {number}")
        };
        let facts = Facts {
            category: (self.chance.random_range(0..3) == 0).then(|| "roads".into()),
            hamlet,
            ..Facts::new(Kind::Feedback, unit, Channel::Letter, text, stamp, post.id.clone())
        };
        let record = RecordId(self.id(stamp));
        self.execute(site, Command::LogPetition { record, facts, events: Vec::new() });
    }

    fn held(&mut self, site: usize) -> Vec<RecordId> {
        let rows = petitions(self.sites[site].replica(), &PetitionFilter::default(), Page::default(), self.now);
        rows.expect("a list").into_iter().map(|row| row.id).collect()
    }

    /// Something is done to a petition, by this device or the next that holds one.
    pub(super) fn touch(&mut self, site: usize) {
        let sites = self.sites.len();
        let holder = (0..sites).map(|n| (site + n) % sites).find(|site| !self.held(*site).is_empty());
        if let Some(site) = holder {
            self.touch_here(site);
        }
    }

    /// The same on this device.
    pub(super) fn touch_here(&mut self, site: usize) {
        let held = self.held(site);
        if held.is_empty() {
            return;
        }
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let record = held[self.chance.random_range(0..held.len())];
        let other = held[self.chance.random_range(0..held.len())];
        let number = self.next();
        let mut actions = actions(other, number);
        let turn = self.chance.random_range(0..actions.len());
        actions.rotate_left(turn);
        let posts: Vec<(String, Option<String>)> = self.sites[site]
            .replica()
            .posts(stamp)
            .iter()
            .map(|p| (p.id.to_string(), p.body.as_ref().map(ToString::to_string)))
            .collect();
        for action in actions {
            for (post, body) in &posts {
                let id = EventId(self.id(stamp));
                let event = NewEvent {
                    body: body.as_deref().map(Into::into),
                    ..NewEvent::new(id, action.clone(), stamp, post.as_str().into())
                };
                if self.execute(site, Command::PetitionEvent { record, event }) {
                    return;
                }
            }
        }
    }

    pub(super) fn write_minutes(&mut self, site: usize) {
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        if self.sessions.is_empty() || self.chance.random_range(0..6) == 0 {
            let record = RecordId(self.id(stamp));
            let posts = self.sites[site].replica().posts(stamp);
            let Some(post) = posts.first().map(|p| p.id.clone()) else { return };
            let facts = SessionFacts {
                kind: Channel::Dialogue,
                unit: "a".into(),
                at: stamp,
                stamped: None,
                title: None,
                chair: None,
                present: None,
                by: post,
            };
            if self.execute(site, Command::OpenSession { record, facts }) {
                self.sessions.push(record);
            }
            return;
        }
        let record = self.sessions[self.chance.random_range(0..self.sessions.len())];
        if self.chance.random_range(0..2) == 0 {
            return self.write_inside(site, record);
        }
        let text = paragraph(self.next());
        let name = Some(EventId(self.id(stamp)));
        self.execute(site, Command::AppendMinutes { record, text, paragraph: name });
    }

    /// Puts a mark behind a word of the minutes, as they are or as they were when somebody began to write in them.
    fn write_inside(&mut self, site: usize, record: RecordId) {
        let stamp = self.sites[site].stamp(self.now);
        let page = self.sites[site].page.take();
        let Some(page) = page.or_else(|| self.sites[site].replica().minutes(record).expect("readable")) else { return };
        if self.chance.random_range(0..3) == 0 {
            self.sites[site].page = Some(page);
            return;
        }
        let gaps = Minutes::read(page.text()).gaps;
        if gaps.is_empty() {
            return;
        }
        let gap = &gaps[self.chance.random_range(0..gaps.len())];
        let (before, behind) = page.text().split_at(gap.at);
        let mark = gap.mark(self.next());
        let name = EventId(self.id(stamp));
        if let Some(command) = page.rewritten(&format!("{before}{mark}{behind}"), name) {
            self.execute(site, command);
        }
    }

    pub(super) fn change_directory(&mut self) {
        let site = self.sites.len() - 1;
        let now = self.now;
        let stamp = self.sites[site].stamp(now);
        let day = local_date(stamp, self.sites[site].replica().directory().zone());
        let changes = change(&mut self.chance, day);
        let changes = changes.into_iter().map(|(kind, entity, fields)| {
            let revision = EventId(self.id(stamp));
            DirectoryChange { revision, kind, entity: entity.to_owned(), fields }
        });
        let changes: Vec<DirectoryChange> = changes.collect();
        let told: Vec<String> = changes.iter().map(|c| format!("{} {:?}", c.entity, c.fields)).collect();
        if self.execute(site, Command::Directory { changes, at: stamp, by: "qt".into() }) {
            self.entrusted_left |= told.iter().any(|line| line.starts_with(ENTRUSTED));
            self.say(format!("the directory: {}", told.join("; ")));
        }
    }

    pub(super) fn retry(&mut self, site: usize) {
        let now = self.now;
        let target = &mut self.sites[site];
        let stamp = target.stamp(now);
        let refused = target.replica().refused().expect("a list");
        if refused.is_empty() {
            return;
        }
        let which = self.chance.random_range(0..refused.len());
        let done = target.replica().retry(refused[which].id, stamp);
        let line = format!("{} tries {} again: {}", target.user, refused[which].command.name(), done.is_ok());
        self.say(line);
    }
}
