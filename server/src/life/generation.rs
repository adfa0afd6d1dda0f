//! Generations of documents from which words were taken out: a file each, beside the journal, replaced by the next. They hold
//! what a database put back from a copy needs to take the words out again, and none of the words.

use std::path::{Path, PathBuf};

use sync::id::RecordId;

use super::folder;
use crate::error::ServerError;
use crate::ingest::Generation;

fn file(data: &Path, record: RecordId) -> Result<PathBuf, ServerError> {
    let folder = folder(data)?.join("rewritten");
    std::fs::create_dir_all(&folder).map_err(|e| ServerError::file(&folder, e))?;
    Ok(folder.join(format!("{record}.cbor")))
}

/// Keeps one, forced to the disk: whole, or the one before.
pub fn keep_generation(data: &Path, generation: &Generation) -> Result<(), ServerError> {
    let path = file(data, generation.record())?;
    let bytes = minicbor::to_vec(generation).map_err(|_| ServerError::Stored("generation"))?;
    let new = path.with_extension("new");
    let written = std::fs::File::create(&new).and_then(|mut file| {
        std::io::Write::write_all(&mut file, &bytes)?;
        file.sync_all()
    });
    written.map_err(|e| ServerError::file(&new, e))?;
    std::fs::rename(&new, &path).map_err(|e| ServerError::file(&path, e))?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|e| ServerError::file(folder, e))?;
    }
    Ok(())
}

/// Those of some records.
pub fn generations(data: &Path, records: &[RecordId]) -> Result<Vec<Generation>, ServerError> {
    let read = records.iter().map(|record| {
        let path = file(data, *record)?;
        let bytes = std::fs::read(&path).map_err(|e| ServerError::file(&path, e))?;
        minicbor::decode(&bytes).map_err(|_| {
            ServerError::Command(format!(
                "{}: cannot be read; it says which words must not come back, so nothing is served: put the file back from \
                 its copy",
                path.display()
            ))
        })
    });
    read.collect()
}
