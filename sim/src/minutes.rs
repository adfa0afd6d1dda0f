//! Minutes as people of the world write them: paragraphs, and marks inside them that say where they were put.

/// A session's minutes, read.
#[derive(Default)]
pub struct Minutes {
    /// The paragraphs, without what was put inside them.
    pub paragraphs: Vec<String>,
    /// What was put inside them, in order.
    pub marks: Vec<Mark>,
    /// Where something can be put: behind a word, before no mark.
    pub gaps: Vec<Gap>,
}

/// A mark.
pub struct Mark {
    /// The whole of it.
    pub text: String,
    /// Whether it stands where it says.
    pub in_its_place: bool,
}

/// A place inside a paragraph.
pub struct Gap {
    /// In bytes of the text.
    pub at: usize,
    paragraph: String,
    words: usize,
}

impl Gap {
    /// A mark for this place. One word between brackets: of no letter can it be doubtful whether it is the mark's.
    pub fn mark(&self, number: usize) -> String {
        format!("‹m{number}p{}w{}›", number_of(&self.paragraph).unwrap_or_default(), self.words)
    }
}

/// The text of a paragraph.
pub fn paragraph(number: usize) -> String {
    format!("Đoạn số {number}.")
}

/// The number of a paragraph; none when nobody has written it so.
pub fn number_of(paragraph: &str) -> Option<usize> {
    paragraph.strip_prefix("Đoạn số ")?.strip_suffix('.')?.parse().ok()
}

impl Minutes {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        let mut minutes = Self::default();
        let mut from = 0;
        for line in text.split_inclusive('\n') {
            minutes.line(line.trim_end(), from);
            from += line.len();
        }
        minutes
    }

    fn line(&mut self, line: &str, from: usize) {
        let (mut paragraph, mut marks) = (String::new(), Vec::new());
        let mut rest = line;
        while let Some((before, behind)) = rest.split_once('‹') {
            paragraph.push_str(before);
            let (mark, behind) = behind.split_once('›').unwrap_or((behind, ""));
            marks.push((format!("‹{mark}›"), words(&paragraph)));
            rest = behind;
        }
        paragraph.push_str(rest);
        for (text, words) in marks {
            let place = format!("p{}w{words}›", number_of(&paragraph).unwrap_or_default());
            self.marks.push(Mark { in_its_place: text.ends_with(&place), text });
        }
        let free = line.match_indices(' ').map(|(at, _)| at + 1).filter(|at| !line[*at..].starts_with('‹'));
        self.gaps.extend(free.map(|at| Gap { at: from + at, paragraph: paragraph.clone(), words: words(&line[..at]) }));
        self.paragraphs.push(paragraph);
    }
}

/// Marks have no spaces in them.
fn words(text: &str) -> usize {
    text.matches(' ').count()
}
