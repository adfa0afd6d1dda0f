//! What must be true when everybody has met.

use std::collections::{BTreeMap, BTreeSet};

use client_core::view::{Page, PetitionFilter, petitions};
use serde_json::Value;
use server::ingest::{rebuild, verify};
use server::{projection, store};
use sync::document::{Document, Record, RecordKind};
use sync::id::{FeedId, Hash, RecordId};
use sync::model::petition::fold;
use sync::model::time::local_date;
use sync::scope::{feeds_of_petition, feeds_of_posts, feeds_of_sealed, feeds_of_session};

use crate::directory::ENTRUSTED;
use crate::held::{Held, indices, places};
use crate::key::Key;
use crate::minutes::number_of;
use crate::world::{Checked, World};

/// One record at the server.
struct There {
    heads: Vec<Hash>,
    kind: RecordKind,
    feeds: BTreeSet<FeedId>,
}

/// Everything at the server.
#[derive(Default)]
struct Server {
    held: Held,
    texts: BTreeMap<String, usize>,
    records: BTreeMap<RecordId, There>,
}

/// Whether all that must stay true is true.
pub fn check(world: &mut World) -> Checked {
    let server = read_server(world)?;
    nothing_is_lost(world, &server)?;
    nothing_is_twice(&server)?;
    everybody_holds_what_is_theirs(world, &server)?;
    what_was_sealed_is_read_by_the_entrusted(world, &server)?;
    equal_heads_read_equal(world)?;
    everything_stands_where_it_stood(world)?;
    the_server_is_what_its_log_says(world)
}

fn read_server(world: &mut World) -> Result<Server, String> {
    let now = world.now;
    let directory = world.served.ledger().directory();
    let day = local_date(now, directory.zone());
    let conn = world.served.ledger().connection();
    let mut server = Server::default();
    for index in indices(conn) {
        let row = store::record_by_index(conn, index).map_err(|e| e.to_string())?;
        let document = Document::load(&row.snapshot).map_err(|e| format!("{}: {e}", row.id))?;
        let record = Record::read(&document, row.kind).map_err(|e| format!("{}: {e}", row.id))?;
        server.held.add(row.id, &record);
        let feeds = match &record {
            Record::Petition(read) => {
                if read.facts.sealed.is_none() {
                    *server.texts.entry(read.facts.text.clone()).or_default() += 1;
                }
                let folded = fold(&read.facts, read.facts.at, &read.events, |e| e.body.at);
                let last = folded.last();
                let bodies: Vec<_> = last.held.iter().map(|h| h.body.clone()).collect();
                match &read.facts.sealed {
                    Some(office) => feeds_of_sealed(office, &bodies, &directory, day),
                    None => feeds_of_petition(&last.now.unit, last.now.hamlet.as_ref(), &bodies, &directory, day),
                }
            }
            Record::Session(read) => feeds_of_session(&read.facts.unit, &directory, day),
            Record::Directory(_) => BTreeSet::from([FeedId::Directory]),
        };
        server.records.insert(row.id, There { heads: document.heads(), kind: row.kind, feeds });
    }
    Ok(server)
}

/// What was acknowledged is there; what was not is there, or waits refused with its author, and not both.
fn nothing_is_lost(world: &mut World, server: &Server) -> Checked {
    let (lost, put_back) = (&world.lost, world.server_put_back);
    for site in &mut world.sites {
        let user = site.user;
        // Two changes in one place of one stream cannot both be had. A phone that cannot know that it was put back writes the
        // second, and a server that was put back may have forgotten the first.
        if put_back && site.forked {
            continue;
        }
        if let Some(key) = site.acknowledged.iter().find(|k| !server.held.has(k) && !lost.contains(k)) {
            return Err(format!("{user}: {key:?} was acknowledged and is not at the server"));
        }
        let refused: BTreeSet<Key> = site.waiting().refused.into_iter().collect();
        for key in site.done.iter().flatten().filter(|k| !site.gone.contains(k) && !lost.contains(k)) {
            match (server.held.has(key), refused.contains(key)) {
                (true, false) | (false, true) => {}
                (false, false) => return Err(format!("{user}: {key:?} is nowhere")),
                (true, true) => return Err(format!("{user}: {key:?} is at the server and told as refused")),
            }
        }
    }
    Ok(())
}

fn nothing_is_twice(server: &Server) -> Checked {
    if let Some((text, n)) = server.texts.iter().find(|(_, n)| **n > 1) {
        let start: String = text.chars().take(12).collect();
        return Err(format!("“{start}” was logged {n} times"));
    }
    for (record, minutes) in server.held.minutes() {
        let mut seen = BTreeSet::new();
        for paragraph in &minutes.paragraphs {
            // What was put inside has torn no letter out.
            if number_of(paragraph).is_none() {
                return Err(format!("minutes of {record}: “{paragraph}” is not what anybody wrote"));
            }
            if !seen.insert(paragraph) {
                return Err(format!("minutes of {record}: “{paragraph}” stands there twice"));
            }
        }
        for mark in &minutes.marks {
            if !mark.in_its_place {
                return Err(format!("minutes of {record}: {} was put elsewhere", mark.text));
            }
            if !seen.insert(&mark.text) {
                return Err(format!("minutes of {record}: {} stands there twice", mark.text));
            }
        }
    }
    Ok(())
}

/// Each device holds the records of its user's posts, whole, and no others.
fn everybody_holds_what_is_theirs(world: &mut World, server: &Server) -> Checked {
    let directory = world.served.ledger().directory();
    let day = local_date(world.now, directory.zone());
    for site in &mut world.sites {
        let posts = directory.posts_of(&site.user.into(), day);
        let mine = feeds_of_posts(posts, &directory, day);
        let records = server.records.iter().filter(|(_, r)| r.kind != RecordKind::Directory);
        let due: BTreeMap<RecordId, &Vec<Hash>> =
            records.filter(|(_, r)| !mine.is_disjoint(&r.feeds)).map(|(id, r)| (*id, &r.heads)).collect();
        let user = site.user;
        let connection = site.replica().connection();
        let mut select = connection.prepare("SELECT id FROM record WHERE kind <> ?1").map_err(|e| e.to_string())?;
        let rows = select.query_map([RecordKind::Directory as u8], |row| row.get::<_, [u8; 16]>(0));
        let held: Vec<RecordId> = rows
            .map_err(|e| e.to_string())?
            .map(|row| row.map(RecordId::from_bytes))
            .collect::<Result<_, _>>()
            .map_err(|e| e.to_string())?;
        drop(select);
        for id in &held {
            let document = site.replica().document(*id).map_err(|e| e.to_string())?;
            let heads = document.map(|d| d.heads()).unwrap_or_default();
            match due.get(id) {
                None => return Err(format!("{user} holds {id}, which is not for {user}")),
                Some(there) if **there != heads => return Err(format!("{user} holds {id} otherwise than the server")),
                Some(_) => {}
            }
        }
        if let Some(id) = due.keys().find(|id| !held.contains(id)) {
            return Err(format!("{user} lacks {id}"));
        }
    }
    Ok(())
}

/// With a sealed petition came its words and who spoke, and who is entrusted with it reads them. Until they have arrived they
/// are on one phone alone, and after that with the server, until another has them: what went with one of those is gone.
fn what_was_sealed_is_read_by_the_entrusted(world: &mut World, server: &Server) -> Checked {
    if world.server_put_back {
        return Ok(());
    }
    let sealed = world.sealed.clone();
    let there =
        sealed.iter().filter(|(record, site)| server.records.contains_key(record) && !world.sites[*site].put_back);
    let there: Vec<RecordId> = there.map(|(record, _)| *record).collect();
    let conn = world.served.ledger().connection();
    for record in &there {
        let row = store::record(conn, *record).map_err(|e| e.to_string())?.ok_or("no record")?;
        let versions = store::versions_of(conn, row.index).map_err(|e| e.to_string())?;
        if versions.len() < 2 || !versions.iter().any(store::StoredVersion::is_words) {
            return Err(format!("of the sealed {record} {} of 2 parts are at the server", versions.len()));
        }
    }
    if world.entrusted_left {
        return Ok(());
    }
    let now = world.now;
    let entrusted = world.sites.iter_mut().find(|site| site.user == ENTRUSTED).ok_or("nobody")?;
    let rows = petitions(entrusted.replica(), &PetitionFilter::default(), Page::default(), now);
    for row in rows.map_err(|e| e.to_string())? {
        if there.contains(&row.id) && (row.wordless || !row.text.starts_with("Lời kín")) {
            return Err(format!("{ENTRUSTED} cannot read the sealed {}", row.id));
        }
    }
    Ok(())
}

/// Whoever holds the same reads the same.
fn equal_heads_read_equal(world: &mut World) -> Checked {
    let now = world.now;
    let mut first: BTreeMap<(RecordId, Vec<Hash>), (&str, Value)> = BTreeMap::new();
    for site in &mut world.sites {
        let user = site.user;
        let rows = petitions(site.replica(), &PetitionFilter::default(), Page::default(), now);
        for row in rows.map_err(|e| e.to_string())? {
            let document = site.replica().document(row.id).map_err(|e| e.to_string())?;
            let heads = document.map(|d| d.heads()).unwrap_or_default();
            let mut read = serde_json::to_value(&row).map_err(|e| e.to_string())?;
            if let Some(fields) = read.as_object_mut() {
                fields.remove("pending");
                fields.remove("sending");
                // Of a sealed one the words are read by those who are entrusted, by others a summary.
                if row.sealed {
                    ["text", "place", "wordless"].into_iter().for_each(|field| _ = fields.remove(field));
                }
            }
            let (other, before) = first.entry((row.id, heads)).or_insert_with(|| (user, read.clone()));
            if *before != read {
                return Err(format!("{} reads otherwise at {other} and at {user}: {before} / {read}", row.id));
            }
        }
    }
    Ok(())
}

/// What a server put back from a copy had lost, and was given back, has its old place and time, or those it had in a life
/// before, of which an answer came late.
fn everything_stands_where_it_stood(world: &mut World) -> Checked {
    if world.blurred {
        return Ok(());
    }
    let now = places(world.served.ledger().connection());
    match world.placed.iter().find(|(key, place)| now.get(key).is_none_or(|now| now > place)) {
        None => Ok(()),
        Some((key, place)) => Err(format!("{key:?} stood at {place:?}, and stands at {:?}", now.get(key))),
    }
}

/// Every cache of the server once more from the accepted changes alone.
fn the_server_is_what_its_log_says(world: &mut World) -> Checked {
    let ledger = world.served.ledger();
    let found = verify(ledger.connection()).map_err(|e| e.to_string())?;
    if let Some(wrong) = found.wrong.first() {
        return Err(format!("the server's record {wrong} does not read as its changes say"));
    }
    let digest = |conn: &rusqlite::Connection| projection::digest(conn).map_err(|e| e.to_string());
    let before = digest(ledger.connection())?;
    let directory = ledger.directory();
    ledger.write(|tx| rebuild(tx, &directory)).map_err(|e| e.to_string())?;
    if digest(ledger.connection())? != before {
        return Err("the server's rows are others after a rebuild".to_owned());
    }
    Ok(())
}
