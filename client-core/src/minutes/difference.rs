//! What differs between two texts, in whole words: two officers who put the same word right apart leave two words, not one
//! of letters from both. A word never ends inside a letter with its marks, however those are written.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// What goes from `old`, counted in code points, and what comes in its place; in order, and apart from one another.
pub(super) fn between(old: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut changed = Vec::new();
    for (gone, come) in hunks(&old_lines, &new_lines) {
        let start = letters(&old_lines[..gone.start]);
        let (lines, instead) = (old_lines[gone].concat(), new_lines[come].concat());
        changed.extend(words(&lines, &instead).into_iter().map(|(g, text)| (start + g.start..start + g.end, text)));
    }
    changed
}

/// The same inside some lines.
fn words(old: &str, new: &str) -> Vec<(Range<usize>, String)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    let mut joined: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (gone, come) in hunks(&old, &new) {
        match joined.last_mut() {
            // A phrase changed word by word is one change: what others write does not come between its words.
            Some((g, c)) if old[g.end..gone.start].iter().all(|word| word.trim_matches(' ').is_empty()) => {
                (g.end, c.end) = (gone.end, come.end);
            }
            _ => joined.push((gone, come)),
        }
    }
    let place = |gone: Range<usize>| {
        let start = letters(&old[..gone.start]);
        start..start + letters(&old[gone])
    };
    joined.into_iter().map(|(gone, come)| (place(gone), new[come].concat())).collect()
}

fn hunks(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let changed = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let mut hunks: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for op in changed {
        let (gone, come) = (op.old_range(), op.new_range());
        match hunks.last_mut() {
            Some((g, c)) if g.end == gone.start && c.end == come.start => (g.end, c.end) = (gone.end, come.end),
            _ => hunks.push((gone, come)),
        }
    }
    hunks
}

fn letters(parts: &[&str]) -> usize {
    parts.iter().map(|part| part.chars().count()).sum()
}
