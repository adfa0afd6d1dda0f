//! A text put together from several columns: `{complaint_type}: {descriptor}`.

/// A parsed template. `{{` and `}}` stand for the braces themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    /// Stands between the part before and this one; drops with either.
    separator: String,
    /// Belongs to this part alone, as `(` before and `)` after; drops with it.
    before: String,
    column: String,
    after: String,
}

/// Why a template cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateFault {
    Unclosed,
    StrayBrace,
    EmptyColumn,
    NoColumn,
}

impl TemplateFault {
    pub fn message(self) -> &'static str {
        match self {
            TemplateFault::Unclosed => "dấu { mở mà không đóng; viết {tên cột}, hoặc {{ nếu muốn chính dấu {",
            TemplateFault::StrayBrace => "dấu } không có dấu { mở; viết }} nếu muốn chính dấu }",
            TemplateFault::EmptyColumn => "có {} không ghi tên cột",
            TemplateFault::NoColumn => "không có cột nào; dùng value nếu muốn một giá trị cố định",
        }
    }
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Template, TemplateFault> {
        let mut parts: Vec<Part> = Vec::new();
        let mut literal = String::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '{' | '}' if characters.peek() == Some(&character) => {
                    characters.next();
                    literal.push(character);
                }
                '{' => {
                    let mut column = String::new();
                    loop {
                        match characters.next() {
                            Some('}') => break,
                            Some('{') | None => return Err(TemplateFault::Unclosed),
                            Some(other) => column.push(other),
                        }
                    }
                    let column = super::source::tidy_name(&column);
                    if column.is_empty() {
                        return Err(TemplateFault::EmptyColumn);
                    }
                    let (separator, before) = match parts.last_mut() {
                        None => (String::new(), std::mem::take(&mut literal)),
                        Some(last) => {
                            let (after, separator, before) = share(&literal);
                            last.after = after.to_owned();
                            let shared = (separator.to_owned(), before.to_owned());
                            literal.clear();
                            shared
                        }
                    };
                    parts.push(Part { separator, before, column, after: String::new() });
                }
                '}' => return Err(TemplateFault::StrayBrace),
                other => literal.push(other),
            }
        }
        match parts.last_mut() {
            None => Err(TemplateFault::NoColumn),
            Some(last) => {
                last.after = literal;
                Ok(Template { parts })
            }
        }
    }

    /// The columns it draws on.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.column.as_str())
    }

    /// The text, given what each column says (nothing for blank), in the order of [`Template::columns`].
    /// Blank parts drop with their separator; nothing when all are blank.
    pub fn fill<E>(&self, mut read: impl FnMut(&str) -> Result<Option<String>, E>) -> Result<Option<String>, E> {
        let mut filled = String::new();
        for part in &self.parts {
            let Some(value) = read(&part.column)? else {
                continue;
            };
            if !filled.is_empty() {
                filled.push_str(&part.separator);
            }
            filled.push_str(&part.before);
            filled.push_str(&value);
            filled.push_str(&part.after);
        }
        Ok(Some(filled).filter(|text| !text.is_empty()))
    }
}

/// Splits the literal between two columns into what closes the first, what separates, what opens the second.
fn share(literal: &str) -> (&str, &str, &str) {
    let unclosed = literal.trim_start_matches([')', ']', '}', '»', '”']);
    let after = &literal[..literal.len() - unclosed.len()];
    let separator = unclosed.trim_end_matches(['(', '[', '{', '«', '“']);
    (after, separator, &unclosed[separator.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str, values: &[(&str, &str)]) -> Option<String> {
        let parsed = Template::parse(template).expect("template");
        let read = |column: &str| {
            let value = values.iter().find(|(name, _)| *name == column).expect("column").1;
            Ok::<_, ()>(Some(value.to_owned()).filter(|v| !v.is_empty()))
        };
        parsed.fill(read).expect("filled")
    }

    #[test]
    fn a_blank_part_drops_with_its_separator() {
        assert_eq!(fill("{a}: {b}", &[("a", "Nhà"), ("b", "dột")]).as_deref(), Some("Nhà: dột"));
        assert_eq!(fill("{a}: {b}", &[("a", "Nhà"), ("b", "")]).as_deref(), Some("Nhà"));
        assert_eq!(fill("{a}: {b}", &[("a", ""), ("b", "dột")]).as_deref(), Some("dột"));
        assert_eq!(fill("{a}: {b}", &[("a", ""), ("b", "")]), None);
    }

    #[test]
    fn of_three_parts_any_may_be_blank() {
        let values = |a, b, c| [("a", a), ("b", b), ("c", c)];
        assert_eq!(fill("{a}, {b} - {c}", &values("x", "y", "z")).as_deref(), Some("x, y - z"));
        assert_eq!(fill("{a}, {b} - {c}", &values("x", "", "z")).as_deref(), Some("x - z"));
        assert_eq!(fill("{a}, {b} - {c}", &values("", "y", "z")).as_deref(), Some("y - z"));
        assert_eq!(fill("{a}, {b} - {c}", &values("x", "y", "")).as_deref(), Some("x, y"));
    }

    #[test]
    fn brackets_and_words_around_a_part_drop_with_it() {
        let values = |a, b, c| [("a", a), ("b", b), ("c", c)];
        assert_eq!(fill("{a} ({b}) {c}", &values("x", "y", "z")).as_deref(), Some("x (y) z"));
        assert_eq!(fill("{a} ({b}) {c}", &values("x", "", "z")).as_deref(), Some("x z"));
        assert_eq!(fill("Số {a}, {b} đồng", &[("a", ""), ("b", "5")]).as_deref(), Some("5 đồng"));
        assert_eq!(fill("Số {a}, {b} đồng", &[("a", "7"), ("b", "")]).as_deref(), Some("Số 7"));
    }

    #[test]
    fn braces_double_and_faults_are_named() {
        assert_eq!(fill("{{{a}}}", &[("a", "x")]).as_deref(), Some("{x}"));
        assert_eq!(Template::parse("{a"), Err(TemplateFault::Unclosed));
        assert_eq!(Template::parse("a}"), Err(TemplateFault::StrayBrace));
        assert_eq!(Template::parse("{ }"), Err(TemplateFault::EmptyColumn));
        assert_eq!(Template::parse("a"), Err(TemplateFault::NoColumn));
    }
}
