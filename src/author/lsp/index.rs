//! Where ids are declared, found line by line: while somebody types, a file is seldom TOML.

use crate::diagnostic::{FileId, Span};
use crate::story::Sources;

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Scene,
    Hinge,
    Choice,
    Event,
    Role,
    Outcome,
    Law,
    Person,
    Place,
    Term,
    Variable,
    Symbol,
    Pool,
}

/// An id and where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Of what.
    pub kind: Kind,
    /// The id.
    pub id: String,
    /// What it belongs to: a choice's scene or hinge, a trait's role. Empty else.
    pub holder: String,
    /// Where.
    pub span: Span,
}

/// All ids of a story.
pub struct Index {
    /// In the order of the files.
    pub names: Vec<Name>,
}

impl Index {
    /// The ids of these files.
    pub fn of(sources: &Sources) -> Index {
        let mut names = Vec::new();
        for (number, file) in sources.files.iter().enumerate() {
            let mut scan =
                Scan { file: FileId(number as u32), holder: String::new(), table: Table::Other, names: &mut names };
            let (mut at, mut open) = (0, None);
            for line in file.text.split_inclusive('\n') {
                let inside = open.is_some();
                open = still_open(open, line);
                if !inside {
                    scan.line(line, at);
                }
                at += line.len();
            }
        }
        Index { names }
    }

    /// The ids of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(move |name| name.kind == kind)
    }

    /// Where the id at a place is declared; of `a.b` at `b`, only what belongs to `a`.
    pub fn definitions(&self, text: &str, offset: usize) -> impl Iterator<Item = &Name> {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start =
            text[..offset].rfind(|c| !part(c)).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let end = text[offset..].find(|c| !part(c)).map_or(text.len(), |at| offset + at);
        let word = text[start..end].to_owned();
        let holder = text[..start]
            .strip_suffix('.')
            .map(|before| before.rsplit(|c| !part(c)).next().unwrap_or_default().to_owned());
        self.names.iter().filter(move |name| {
            name.id == word && holder.as_ref().is_none_or(|holder| name.holder == *holder || name.holder.is_empty())
        })
    }
}

/// The marks of a text of several lines that goes on after this line.
fn still_open(open: Option<&'static str>, line: &str) -> Option<&'static str> {
    let (mut open, mut rest) = (open, line);
    loop {
        let marks = open.map_or_else(
            || ["'''", "\"\"\""].into_iter().filter(|marks| rest.contains(marks)).min_by_key(|marks| rest.find(marks)),
            Some,
        )?;
        match rest.find(marks) {
            None => return open,
            Some(at) => {
                open = if open.is_some() { None } else { Some(marks) };
                rest = &rest[at + 3..];
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    /// Its `id` names one of these.
    Of(Kind),
    /// Choices of what was named last.
    Choices,
    Variables,
    Other,
}

struct Scan<'a> {
    file: FileId,
    holder: String,
    table: Table,
    names: &'a mut Vec<Name>,
}

impl Scan<'_> {
    fn line(&mut self, line: &str, at: usize) {
        let trimmed = line.trim_start();
        let at = at + line.len() - trimmed.len();
        if let Some(header) = trimmed.strip_prefix('[') {
            self.header(header.trim_start_matches('[').split(']').next().unwrap_or_default().trim());
            return;
        }
        if trimmed.starts_with('{') {
            if let Some(place) = quoted_after(trimmed, "id") {
                self.add(Kind::Choice, &self.holder.clone(), trimmed, place, at);
            }
            return;
        }
        let Some((key, _)) = trimmed.split_once('=') else { return };
        let key = key.trim();
        match (key, self.table) {
            ("scene" | "hinge", Table::Other) => {
                let kind = if key == "scene" { Kind::Scene } else { Kind::Hinge };
                self.named(kind, key, trimmed, at);
            }
            ("id", Table::Of(kind)) => self.named(kind, key, trimmed, at),
            ("id", Table::Choices) => {
                if let Some(place) = quoted_after(trimmed, "id") {
                    self.add(Kind::Choice, &self.holder.clone(), trimmed, place, at);
                }
            }
            ("pool", _) => {
                if let Some(place) = quoted_after(trimmed, "pool") {
                    self.add(Kind::Pool, "", trimmed, place, at);
                }
            }
            (_, Table::Variables) => self.variable(key, trimmed, at),
            _ => {}
        }
    }

    fn header(&mut self, name: &str) {
        self.table = match name {
            "scene" => Table::Of(Kind::Scene),
            "hinge" => Table::Of(Kind::Hinge),
            "event" => Table::Of(Kind::Event),
            "role" => Table::Of(Kind::Role),
            "outcome" if self.table != Table::Choices || self.holder.is_empty() => Table::Of(Kind::Outcome),
            "law" => Table::Of(Kind::Law),
            "person" => Table::Of(Kind::Person),
            "place" => Table::Of(Kind::Place),
            "term" => Table::Of(Kind::Term),
            "world" => {
                self.holder.clear();
                Table::Variables
            }
            "role.traits" => Table::Variables,
            _ if name == "choice" || name.ends_with(".choice") => Table::Choices,
            _ => Table::Of(Kind::Symbol),
        };
    }

    fn named(&mut self, kind: Kind, key: &str, line: &str, at: usize) {
        if let Some(place) = quoted_after(line, key) {
            self.holder = line[place.clone()].to_owned();
            self.add(kind, "", line, place, at);
        }
    }

    fn variable(&mut self, key: &str, line: &str, at: usize) {
        let holder = self.holder.clone();
        self.add(Kind::Variable, &holder, line, 0..key.len(), at);
        let values = line.split_once("values").and_then(|(before, rest)| {
            let end = rest.find(']')?;
            Some((before.len() + "values".len(), &rest[..end]))
        });
        let Some((start, values)) = values else { return };
        for (index, part) in values.match_indices('"').collect::<Vec<_>>().chunks(2).filter_map(|pair| match pair {
            [(from, _), (to, _)] => Some((*from + 1, &values[from + 1..*to])),
            _ => None,
        }) {
            self.add(Kind::Symbol, key, line, start + index..start + index + part.len(), at);
        }
    }

    fn add(&mut self, kind: Kind, holder: &str, line: &str, place: std::ops::Range<usize>, at: usize) {
        let id = line[place.clone()].to_owned();
        let span = Span::new(self.file, at + place.start, at + place.end);
        self.names.push(Name { kind, id, holder: holder.to_owned(), span });
    }
}

/// Where the string after `key =` stands in a line, without its marks.
fn quoted_after(line: &str, key: &str) -> Option<std::ops::Range<usize>> {
    let key = line.find(key)? + key.len();
    let mark = key + line[key..].find(['"', '\''])?;
    let len = line[mark + 1..].find(['"', '\''])?;
    line[key..mark].trim().starts_with('=').then_some(mark + 1..mark + 1 + len)
}

#[cfg(test)]
mod tests {
    use super::{Index, Kind};
    use crate::story::Sources;

    const STORY: &str = r#"[world]
bread = 50
crown = { start = "reigning", values = ["reigning", "abdicated"] }

[[role]]
id = "weaver"
[role.traits]
nerve = 2

[[scene]]
id   = "queue"
text = '''
id = "not this"
'''
choice = [
  { id = "rake", text = "id" },
]

[[scene.choice]]
id = "wait"

[[event]]
id = "strike"
"#;

    #[test]
    fn ids_are_found_with_what_they_belong_to() {
        let index = Index::of(&Sources::single("a.toml", STORY));
        let found: Vec<(Kind, &str, &str)> =
            index.names.iter().map(|name| (name.kind, &*name.holder, &*name.id)).collect();
        let expected = [
            (Kind::Variable, "", "bread"),
            (Kind::Variable, "", "crown"),
            (Kind::Symbol, "crown", "reigning"),
            (Kind::Symbol, "crown", "abdicated"),
            (Kind::Role, "", "weaver"),
            (Kind::Variable, "weaver", "nerve"),
            (Kind::Scene, "", "queue"),
            (Kind::Choice, "queue", "rake"),
            (Kind::Choice, "queue", "wait"),
            (Kind::Event, "", "strike"),
        ];
        assert_eq!(found, expected);
        assert!(index.names.iter().all(|name| STORY[name.span.start as usize..name.span.end as usize] == name.id));
    }

    #[test]
    fn a_file_that_is_a_scene_names_it() {
        let index = Index::of(&Sources::single("a.toml", "scene = \"queue\"\n[[choice]]\nid = \"wait\"\n"));
        assert_eq!(index.names.iter().map(|name| name.id.as_str()).collect::<Vec<_>>(), ["queue", "wait"]);
        let asked = "goto = \"queue\"; chose(queue.wait)";
        let of = |at: usize| index.definitions(asked, at).map(|name| name.kind).collect::<Vec<_>>();
        assert_eq!((of(10), of(32), of(3)), (vec![Kind::Scene], vec![Kind::Choice], vec![]));
    }
}
