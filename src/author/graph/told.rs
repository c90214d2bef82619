//! What the files say of each place and choice, as its author wrote it, and where it stands.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::author::export::one_file;
use crate::author::lsp::{Index, Named};
use crate::diagnostic::render::Places;
use crate::story::Sources;

/// The longest text that is shown, in characters: enough to know the place by.
const LONGEST: usize = 420;

/// A place, a choice, a side or an outcome as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The beginning of its text, templates and all.
    pub text: String,
    /// Its guard.
    pub guard: String,
    /// Its effects.
    pub effects: String,
    /// Why it is closed while its guard is.
    pub locked: String,
    /// The guards of its `goto`, entry by entry.
    pub ways: Vec<String>,
    /// Its file, and the line where it is declared, from 1; none where that was not found.
    pub at: Option<(String, usize)>,
}

/// All of them, by name: `queue`, `queue.wait`, `july_days.weaver.rise`.
#[derive(Clone, Debug, Default)]
pub struct Told(BTreeMap<String, Said>);

impl Told {
    /// What is said of a name; nothing where nothing is.
    pub fn of(&self, name: &str) -> Said {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

/// Reads it from the files of a story that loaded.
pub fn told(sources: &Sources) -> Told {
    let mut told = Told::default();
    let whole = one_file(sources).ok().and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
    for scene in tables(&whole, "scene") {
        let id = text(scene, "id");
        told.add(&id, scene);
        told.choices(&id, &id, scene);
    }
    for hinge in tables(&whole, "hinge") {
        let id = text(hinge, "id");
        told.add(&id, hinge);
        for side in tables(hinge, "side") {
            let name = [id.as_str(), &text(side, "role")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(".");
            told.add(&name, side);
            told.choices(&name, &name, side);
        }
        for (number, outcome) in tables(hinge, "outcome").into_iter().enumerate() {
            told.add(&format!("{id}#{number}"), outcome);
        }
    }
    told.place(sources);
    told
}

impl Told {
    fn add(&mut self, name: &str, table: &Table) {
        let said = Said {
            text: beginning(&text(table, "text")),
            guard: code(table, "if"),
            effects: code(table, "do"),
            locked: beginning(&text(table, "locked")),
            ways: table.get("goto").and_then(Value::as_array).into_iter().flatten().map(way).collect(),
            at: None,
        };
        self.0.insert(name.to_owned(), said);
    }

    /// The choices of a table, and those nested below them, which have their names from the scene.
    fn choices(&mut self, holder: &str, above: &str, table: &Table) {
        for choice in tables(table, "choice") {
            let name = format!("{holder}.{}", text(choice, "id"));
            self.add(&name, choice);
            if choice.get("goto").is_none() {
                // Without a `goto` of its own it has the one above.
                let ways = self.of(above).ways;
                self.0.entry(name.clone()).or_default().ways = ways;
            }
            self.choices(holder, &name, choice);
        }
    }

    fn place(&mut self, sources: &Sources) {
        let index = Index::of(sources);
        let mut places = Places::of(sources);
        for name in &index.names {
            let key = match name.kind {
                Named::Scene | Named::Hinge => name.id.clone(),
                Named::Choice => format!("{}.{}", name.holder, name.id),
                _ => continue,
            };
            let line = places.bounds(name.span).0.line;
            let at = Some((places.name(name.span.file).to_owned(), line));
            // A hinge's choices are told by their hinge there, and by their side here.
            let of_side = |known: &String| {
                known.starts_with(&format!("{}.", name.holder)) && known.ends_with(&format!(".{}", name.id))
            };
            let key =
                if self.0.contains_key(&key) { Some(key) } else { self.0.keys().find(|known| of_side(known)).cloned() };
            if let Some(said) = key.and_then(|key| self.0.get_mut(&key)).filter(|said| said.at.is_none()) {
                said.at = at;
            }
        }
        // A choice written in a line of its scene stands where the scene does, as far as is known.
        let scenes: Vec<(String, Option<(String, usize)>)> = self
            .0
            .iter()
            .filter(|(key, _)| !key.contains('.'))
            .map(|(key, said)| (key.clone(), said.at.clone()))
            .collect();
        for (scene, at) in scenes {
            let of = |key: &String| key.split('.').next() == Some(scene.as_str());
            self.0
                .iter_mut()
                .filter(|(key, said)| said.at.is_none() && of(key))
                .for_each(|(_, said)| said.at = at.clone());
        }
    }
}

fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect()
}

fn text(table: &Table, key: &str) -> String {
    table.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Code on one line.
fn code(table: &Table, key: &str) -> String {
    let code = text(table, key);
    code.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

fn way(entry: &Value) -> String {
    entry.as_table().map(|entry| code(entry, "if")).unwrap_or_default()
}

/// The beginning of a text, cut between words.
fn beginning(text: &str) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.to_owned() };
    let cut = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    format!("{} …", text[..cut].trim_end())
}

#[cfg(test)]
mod tests {
    use super::{beginning, told};
    use crate::story::Sources;

    const STORY: &str = r#"
[[scene]]
id = "queue"
text = "Four in the morning."
choice = [{ id = "rake", text = "Rake.", if = "nerve > 1" }]
[[scene.choice]]
id = "no"
[[hinge]]
id = "july"
[[hinge.side]]
role = "weaver"
[[hinge.side.choice]]
id = "rise"
text = "Rise."
"#;

    #[test]
    fn guards_and_places_are_found() {
        let text = STORY.replace("[[scene.choice]]\nid = \"no\"\n", "");
        let told = told(&Sources::single("a.toml", &text));
        let rake = told.of("queue.rake");
        assert_eq!((rake.guard.as_str(), rake.at), ("nerve > 1", Some(("a.toml".to_owned(), 3))));
        assert_eq!(told.of("queue").at, Some(("a.toml".to_owned(), 3)));
        assert_eq!(told.of("july.weaver.rise").at, Some(("a.toml".to_owned(), 11)));
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        let long = "word ".repeat(200);
        assert!(beginning(&long).ends_with("word …") && beginning(&long).chars().count() <= 423);
    }
}
