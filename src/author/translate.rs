//! A translation's PO file brought up to date with its story: what is there is kept, what changed
//! is marked for another look, what is gone is put aside.
//!
//! The file stays one that msgmerge, Poedit and Weblate work on: lines are not wrapped, comments
//! of translators stay where they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::po::{Message, parse};

/// A piece of prose to translate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// By id and key: `queue.snowball.say`.
    pub context: String,
    /// What it says.
    pub text: String,
    /// Where it stands: `weaver/queue.toml:12`.
    pub place: String,
}

/// The story and the language, for the header of a new file.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// The story's id and version.
    pub project: &'a str,
    /// The language, BCP 47.
    pub language: &'a str,
}

/// How many messages of a file are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// With a translation that is up to date.
    pub translated: usize,
    /// Whose original changed.
    pub fuzzy: usize,
    /// Without a translation.
    pub missing: usize,
    /// Of the story no more.
    pub obsolete: usize,
}

/// One message of the file that was there.
struct Old<'a> {
    message: Message,
    /// Its comments: of translators, and the original before the last change.
    comments: Vec<&'a str>,
    previous: Vec<&'a str>,
}

/// Returns the PO file for these originals, with the translations of the file that was there.
pub fn update(existing: &str, originals: &[Original], header: &Header<'_>) -> (String, Tally) {
    let mut old = read(existing);
    let mut out = String::new();
    let mut tally = Tally::default();
    match old.iter().position(|old| old.message.context.is_none() && old.message.id.is_empty()) {
        Some(index) => {
            let header = old.remove(index);
            comments(&mut out, &header.comments);
            entry(&mut out, "", &header.message);
        }
        None => entry(&mut out, "", &new_header(header)),
    }
    let mut stock = Stock::of(old, originals);
    for original in originals {
        write(&mut out, original, stock.take(original).as_ref(), &mut tally);
    }
    let Stock { rest, .. } = stock;
    for old in rest.iter().filter(|old| !is_empty(&old.message)) {
        tally.obsolete += 1;
        out.push('\n');
        comments(&mut out, &old.comments);
        out.push_str(if old.message.fuzzy { "#, fuzzy\n" } else { "" });
        entry(&mut out, "#~ ", &old.message);
    }
    (out, tally)
}

/// The messages of the file that was there, while they are given out.
struct Stock<'a> {
    by_context: BTreeMap<String, Old<'a>>,
    /// Those whose context is gone.
    rest: Vec<Old<'a>>,
}

impl<'a> Stock<'a> {
    fn of(old: Vec<Old<'a>>, originals: &[Original]) -> Stock<'a> {
        let wanted: BTreeSet<&str> = originals.iter().map(|original| original.context.as_str()).collect();
        let mut stock = Stock { by_context: BTreeMap::new(), rest: Vec::new() };
        for old in old {
            let context = old.message.context.clone().unwrap_or_default();
            let there = stock.by_context.get(&context);
            let shadowed = there.is_some_and(|there| !there.message.obsolete || old.message.obsolete);
            if wanted.contains(context.as_str()) && !shadowed {
                stock.rest.extend(stock.by_context.insert(context, old));
            } else {
                stock.rest.push(old);
            }
        }
        stock
    }

    fn take(&mut self, original: &Original) -> Option<Old<'a>> {
        let same_context = self.by_context.remove(&original.context);
        same_context.or_else(|| {
            // A scene that was given another id has the same prose under a context that is gone.
            let same = |old: &Old<'_>| old.message.id == original.text && !is_empty(&old.message);
            self.rest.iter().position(same).map(|index| self.rest.remove(index))
        })
    }
}

fn is_empty(message: &Message) -> bool {
    message.text.iter().all(String::is_empty)
}

fn read(existing: &str) -> Vec<Old<'_>> {
    let lines: Vec<&str> = existing.lines().collect();
    let old = |message: Message| {
        let end = (message.line as usize).saturating_sub(1).min(lines.len());
        let start = lines[..end].iter().rposition(|line| !line.starts_with('#') || line.starts_with("#~ msg"));
        let above = &lines[start.map_or(0, |start| start + 1)..end];
        let of_translators = |line: &&&str| **line == "#" || line.starts_with("# ");
        let previous = |line: &&&str| line.starts_with("#|");
        Old {
            comments: above.iter().filter(of_translators).copied().collect(),
            previous: above.iter().filter(previous).copied().collect(),
            message,
        }
    };
    parse(existing).messages.into_iter().map(old).collect()
}

fn new_header(header: &Header<'_>) -> Message {
    let text = format!(
        "Project-Id-Version: {}\nPO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\nLast-Translator: \nLanguage-Team: \nLanguage: {}\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n",
        header.project,
        header.language.replace('-', "_")
    );
    Message { text: vec![text], ..Message::default() }
}

fn write(out: &mut String, original: &Original, found: Option<&Old<'_>>, tally: &mut Tally) {
    out.push('\n');
    let translation = found.filter(|old| !is_empty(&old.message));
    let changed = translation.filter(|old| old.message.id != original.text);
    let fuzzy = changed.is_some() || translation.is_some_and(|old| old.message.fuzzy);
    match (translation, fuzzy) {
        (None, _) => tally.missing += 1,
        (Some(_), true) => tally.fuzzy += 1,
        (Some(_), false) => tally.translated += 1,
    }
    if let Some(old) = found {
        comments(out, &old.comments);
    }
    // Names with spaces stand between isolates, as in gettext's own files.
    let place = &original.place;
    out.push_str(&if place.contains(' ') { format!("#: \u{2068}{place}\u{2069}\n") } else { format!("#: {place}\n") });
    if fuzzy {
        out.push_str("#, fuzzy\n");
    }
    match (changed, translation) {
        // The oldest is the one that was translated.
        (_, Some(old)) if fuzzy && !old.previous.is_empty() => comments(out, &old.previous),
        (Some(old), _) => keyword(out, "#| ", "msgid", &old.message.id),
        _ => {}
    }
    let text = translation.map_or_else(|| vec![String::new()], |old| old.message.text.clone());
    let message = Message {
        context: Some(original.context.clone()),
        id: original.text.clone(),
        text: text.into_iter().take(1).collect(),
        ..Message::default()
    };
    entry(out, "", &message);
}

fn comments(out: &mut String, lines: &[&str]) {
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
}

fn entry(out: &mut String, mark: &str, message: &Message) {
    if let Some(context) = &message.context {
        keyword(out, mark, "msgctxt", context);
    }
    keyword(out, mark, "msgid", &message.id);
    keyword(out, mark, "msgstr", message.text.first().map_or("", String::as_str));
}

/// A keyword and its text: a line in the file for each line of the text.
fn keyword(out: &mut String, mark: &str, keyword: &str, text: &str) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    out.push_str(&format!("{mark}{keyword} "));
    if lines.len() != 1 {
        out.push_str("\"\"\n");
    }
    for line in lines.iter() {
        let lead = if lines.len() == 1 { "" } else { mark };
        out.push_str(&format!("{lead}\"{}\"\n", escaped(line)));
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' | '\\' => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Header, Original, Tally, update};

    const HEADER: Header<'_> = Header { project: "bakery 1", language: "es-MX" };

    fn originals(texts: &[(&str, &str)]) -> Vec<Original> {
        let original = |(context, text): &(&str, &str)| Original {
            context: (*context).to_owned(),
            text: (*text).to_owned(),
            place: "bakery.toml:1".to_owned(),
        };
        texts.iter().map(original).collect()
    }

    const THERE: &str = "# Mine.\nmsgid \"\"\nmsgstr \"Language: es\\n\"\n
# A hard one.\n#: old.toml:9\nmsgctxt \"a.text\"\nmsgid \"One.\"\nmsgstr \"Uno.\"\n
msgctxt \"b.text\"\nmsgid \"Two.\"\nmsgstr \"Dos.\"\n
msgctxt \"c.text\"\nmsgid \"Three.\"\nmsgstr \"Tres.\"\n";

    #[test]
    fn a_new_file_has_everything_to_translate() {
        let (out, tally) = update("", &originals(&[("a.text", "Say \"no\".\n\n\tTwo\\.")]), &HEADER);
        assert_eq!(tally, Tally { missing: 1, ..Tally::default() });
        assert!(out.starts_with("msgid \"\"\nmsgstr \"\"\n\"Project-Id-Version: bakery 1\\n\"\n"), "{out}");
        assert!(out.contains("\"Language: es_MX\\n\""), "{out}");
        let entry = "#: bakery.toml:1\nmsgctxt \"a.text\"\nmsgid \"\"\n\"Say \\\"no\\\".\\n\"\n\"\\n\"\n\"\\tTwo\\\\.\"\nmsgstr \"\"\n";
        assert!(out.ends_with(entry), "{out}");
    }

    #[test]
    fn kept_changed_and_gone() {
        let now = originals(&[("a.text", "One."), ("b.text", "Two!"), ("d.text", "Four.")]);
        let (out, tally) = update(THERE, &now, &HEADER);
        assert_eq!(tally, Tally { translated: 1, fuzzy: 1, missing: 1, obsolete: 1 });
        let expected = "# Mine.\nmsgid \"\"\nmsgstr \"Language: es\\n\"\n
# A hard one.\n#: bakery.toml:1\nmsgctxt \"a.text\"\nmsgid \"One.\"\nmsgstr \"Uno.\"\n
#: bakery.toml:1\n#, fuzzy\n#| msgid \"Two.\"\nmsgctxt \"b.text\"\nmsgid \"Two!\"\nmsgstr \"Dos.\"\n
#: bakery.toml:1\nmsgctxt \"d.text\"\nmsgid \"Four.\"\nmsgstr \"\"\n
#~ msgctxt \"c.text\"\n#~ msgid \"Three.\"\n#~ msgstr \"Tres.\"\n";
        assert_eq!(out, expected);
        assert_eq!(update(&out, &now, &HEADER), (out.clone(), tally), "a second time changes nothing");
        let changed_again = update(&out, &originals(&[("b.text", "Two?")]), &HEADER).0;
        assert!(changed_again.contains("#| msgid \"Two.\"\nmsgctxt \"b.text\"\nmsgid \"Two?\""), "{changed_again}");
    }

    #[test]
    fn what_comes_back_or_moves_keeps_its_translation() {
        let now = originals(&[("a.text", "One."), ("second.text", "Two."), ("c.text", "Three.")]);
        let (gone, _) = update(THERE, &originals(&[("a.text", "One.")]), &HEADER);
        assert!(gone.contains("#~ msgstr \"Dos.\""), "{gone}");
        let (back, tally) = update(&gone, &now, &HEADER);
        assert_eq!(tally, Tally { translated: 3, ..Tally::default() });
        assert!(back.contains("msgctxt \"second.text\"\nmsgid \"Two.\"\nmsgstr \"Dos.\""), "{back}");
    }
}
