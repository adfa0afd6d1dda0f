//! The calls as TypeScript: one file, written from the types that are used here.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use super::{Fault, calls};
use crate::view::EventSays;

/// Is shown every call.
pub(super) trait Each {
    fn call<Takes: TS + 'static, Gives: TS + 'static>(&mut self, name: &str, says: &[&str]);
}

#[derive(Default)]
struct Written {
    config: Config,
    /// Declarations by name.
    types: BTreeMap<String, String>,
    calls: String,
}

impl Written {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        // What has no file of its own is written in place.
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.types.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.types.insert(name, format!("{docs}export {}\n", T::decl(&self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Written {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

impl Each for Written {
    fn call<Takes: TS + 'static, Gives: TS + 'static>(&mut self, name: &str, says: &[&str]) {
        self.add::<Takes>();
        self.add::<Gives>();
        let (takes, gives) = (Takes::name(&self.config), Gives::name(&self.config));
        let says: String = says.iter().map(|line| format!("  /**{line} */\n")).collect();
        self.calls.push_str(&format!("{says}  {name}: {{ takes: {takes}; gives: {gives} }};\n"));
    }
}

/// The file.
pub fn typescript() -> String {
    let mut written = Written::default();
    written.add::<Fault>();
    calls::each(&mut written);
    // What an event says stands beside what every event has.
    written.add::<EventSays>();
    if let Some(event) = written.types.get_mut("EventView") {
        *event = event.trim_end().trim_end_matches(';').to_owned() + " & EventSays;\n";
    }
    let types: Vec<String> = written.types.into_values().collect();
    format!(
        "// Written by `cargo xtask web` from the core's types; changes here are lost.\n\n{}\n/** The calls. */\nexport interface Api {{\n{}}}\n",
        types.join("\n"),
        written.calls
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_declared_with_the_models_own_words() {
        let module = typescript();
        let declared = |part: &str| assert!(module.contains(part), "{part}\n{module}");
        declared(r#"export type Kind = "feedback" | "proposal" | "complaint" | "denunciation" | "mixed";"#);
        declared(r#""verb": "not-duplicate""#);
        declared("export type LogForm = {");
        declared("export type PetitionDetail = {");
        declared("  log: { takes: LogForm; gives: Logged };");
        declared("  who: { takes: WhoForm; gives: WhoView | null };");
        // What is declared names nothing that is not.
        for name in ["RecordId", "EventId", "Date", "Timestamp", "bigint", "JsonValue"] {
            assert!(!module.split(|c: char| !c.is_alphanumeric()).any(|word| word == name), "{name}\n{module}");
        }
    }
}
