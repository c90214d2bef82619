//! Diagnostics for code hosts: SARIF 2.1.0.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::place::{Places, Position};
use crate::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, Label, Span};
use crate::story::Sources;

/// Diagnostics as a SARIF log of one run. Files below `root` are named relative to it, as code
/// hosts want them; each code that was reported is a rule with its page.
pub fn sarif(sources: &Sources, diagnostics: &[Diagnostic], words: &Catalogue, root: &Path) -> String {
    let mut log = Log { places: Places::of(sources), root, words, rules: rules(diagnostics), seen: BTreeMap::new() };
    let results: Vec<Value> = diagnostics.iter().map(|found| log.result(found)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "language": words.language(),
            "tool": { "driver": {
                "name": "petrograd",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": log.rules.iter().map(|code| rule(*code, words)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).expect("strings and numbers can always be written as JSON")
}

/// The codes that were reported, in the order of declaration.
fn rules(diagnostics: &[Diagnostic]) -> Vec<Code> {
    let mut rules: Vec<Code> = diagnostics.iter().map(|found| found.code).collect();
    rules.sort();
    rules.dedup();
    rules
}

fn rule(code: Code, words: &Catalogue) -> Value {
    let page = code.page(words);
    let summary = page.split("\n\n").nth(1).unwrap_or(page).replace('\n', " ");
    json!({
        "id": code.name(),
        "shortDescription": { "text": summary },
        "fullDescription": { "text": summary },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": code.severity().name() },
    })
}

struct Log<'a> {
    places: Places<'a>,
    root: &'a Path,
    words: &'a Catalogue,
    rules: Vec<Code>,
    /// How often a fingerprint was given: equal lines are told apart by their order.
    seen: BTreeMap<u64, usize>,
}

impl Log<'_> {
    fn result(&mut self, found: &Diagnostic) -> Value {
        let mut result = json!({
            "ruleId": found.code.name(),
            "ruleIndex": self.rules.binary_search(&found.code).ok(),
            "level": found.severity().name(),
            "message": { "text": message(found, self.words) },
        });
        if let Some((first, others)) = found.labels.split_first() {
            result["locations"] = json!([self.location(first)]);
            result["partialFingerprints"] =
                json!({ "primaryLocationLineHash": self.fingerprint(found.code, first.span) });
            if !others.is_empty() {
                let others: Vec<Value> = others.iter().enumerate().map(|(id, label)| self.related(id, label)).collect();
                result["relatedLocations"] = json!(others);
            }
        }
        result
    }

    fn related(&mut self, id: usize, label: &Label) -> Value {
        let mut location = self.location(label);
        location["id"] = json!(id + 1);
        location
    }

    fn location(&mut self, label: &Label) -> Value {
        let (start, mut end) = self.places.bounds(label.span);
        if end == start {
            // An empty region is shown nowhere; one past the line's last character is allowed.
            end = Position { line: start.line, column: start.column + 1 };
        }
        let mut location = json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(self.places.name(label.span.file), self.root) },
                "region": {
                    "startLine": start.line,
                    "startColumn": start.column,
                    "endLine": end.line,
                    "endColumn": end.column,
                },
            },
        });
        if !label.text.is_empty() {
            location["message"] = json!({ "text": label.text.read(self.words) });
        }
        location
    }

    /// Stays the same while lines are added above: made of the code and the line, not its number.
    fn fingerprint(&mut self, code: Code, span: Span) -> String {
        let (start, _) = self.places.bytes(span);
        let line = self.places.line_of(span.file, start);
        let (from, to) = self.places.lines(span.file, line, line);
        let text = self.places.text(span.file)[from..to].trim();
        let hash = fnv(&[self.places.name(span.file), code.name(), text]);
        let count = self.seen.entry(hash).or_insert(0);
        *count += 1;
        format!("{hash:016x}:{count}")
    }
}

fn message(found: &Diagnostic, words: &Catalogue) -> String {
    let label = found.labels.first().map(|label| &label.text).filter(|text| !text.is_empty());
    let all = [&found.message].into_iter().chain(label).chain(&found.help);
    all.map(|phrase| phrase.read(words)).collect::<Vec<_>>().join("\n")
}

/// A file's name as a URI reference: relative below `root`, else absolute.
fn uri(name: &str, root: &Path) -> String {
    let path = Path::new(name);
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> =
        relative.iter().filter(|part| *part != ".").map(|part| encoded(&part.to_string_lossy())).collect();
    if relative.is_absolute() { format!("file:///{}", parts[1..].join("/")) } else { parts.join("/") }
}

/// A part of a path as a URI holds it.
pub(crate) fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Fowler, Noll and Vo's hash 1a of 64 bits: the same on every machine and in every version.
fn fnv(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Phrase;
    use crate::diagnostic::FileId;

    fn log(names: &[&str]) -> Value {
        let mut sources = Sources::default();
        for name in names {
            sources.files.append(&mut Sources::single(name, "id = \"a\"\nid = \"a\"\n").files);
        }
        let found = |file| {
            Diagnostic::new(Code::DuplicateId, Phrase::quoted("two scenes have the id `a`"))
                .label(Span::new(FileId(file), 14, 17), Phrase::quoted("declared again"))
                .label(Span::new(FileId(file), 5, 8), Phrase::quoted("first declared here"))
        };
        let mut found: Vec<Diagnostic> = (0..names.len() as u32).map(found).collect();
        found.push(Diagnostic::new(Code::BadId, Phrase::quoted("at no place")));
        serde_json::from_str(&sarif(&sources, &found, &Catalogue::default(), Path::new("/home/it")))
            .expect("it is JSON")
    }

    #[test]
    fn files_are_named_relative_to_the_root() {
        let log = log(&["/home/it/a b/ñ.toml", "./story/a.toml", "/elsewhere/a.toml"]);
        let uri =
            |n: usize| &log["runs"][0]["results"][n]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!([uri(0), uri(1), uri(2)], ["a%20b/%C3%B1.toml", "story/a.toml", "file:///elsewhere/a.toml"]);
    }

    #[test]
    fn results_point_at_their_rules_and_places() {
        let log = log(&["a.toml"]);
        let run = &log["runs"][0];
        let result = &run["results"][0];
        assert_eq!(run["tool"]["driver"]["rules"][1]["id"], result["ruleId"]);
        assert_eq!(result["ruleIndex"], 1);
        let region = json!({ "startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 9 });
        assert_eq!(result["locations"][0]["physicalLocation"]["region"], region);
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "first declared here");
        assert!(run["results"][1].get("locations").is_none());
    }

    #[test]
    fn equal_lines_are_told_apart() {
        let prints = |log: Value| {
            let results = log["runs"][0]["results"].as_array().expect("a list").clone();
            results
                .iter()
                .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].clone())
                .collect::<Vec<_>>()
        };
        let prints = prints(log(&["a.toml", "a.toml"]));
        let (first, second) = (prints[0].as_str().expect("a text"), prints[1].as_str().expect("a text"));
        assert_eq!(first.split(':').next(), second.split(':').next());
        assert!(first.ends_with(":1") && second.ends_with(":2"));
    }
}
