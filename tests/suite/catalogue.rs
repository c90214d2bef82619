//! Every message in the source has its Spanish, the help of the command line too, and nothing else
//! is in the file.
//!
//! `UPDATE_PO=1 cargo test --test suite catalogue` adds the messages that are missing, with an
//! empty `msgstr`, and removes those that the source no longer has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use petrograd::catalogue::po::{Message, parse};

const SPANISH: &str = "src/catalogue/es.po";

/// What the source says once: the file where it stands first, and the form for many.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    file: String,
    many: Option<String>,
}

#[test]
fn the_spanish_is_complete() {
    let said = messages_in_source();
    let source = fs::read_to_string(root().join(SPANISH)).expect("the Spanish catalogue");
    if std::env::var_os("UPDATE_PO").is_some() {
        fs::write(root().join(SPANISH), updated(&source, &said)).expect("the Spanish catalogue can be written");
        return;
    }
    let findings = compare(&source, &said);
    assert!(findings.is_empty(), "{SPANISH}:\n{}\n(UPDATE_PO=1 adds and removes)", findings.join("\n"));
}

#[test]
fn what_differs_is_told() {
    let said = scan("a.rs", r#"tr!(w, "Hi {name}."); trn!(w, "{n} turn", "{n} turns", 2); tr!(w, "Bye.")"#);
    let whole = "msgid \"Hi {name}.\"\nmsgstr \"Hola, {name}.\"\nmsgid \"Bye.\"\nmsgstr \"Adiós.\"\n";
    let turns = "msgid \"{n} turn\"\nmsgid_plural \"{n} turns\"\nmsgstr[0] \"un turno\"\nmsgstr[1] \"{n} turnos\"\n";
    assert_eq!(compare(&format!("{whole}{turns}"), &said), [""; 0]);
    let cases = [
        (format!("{whole}{turns}").replace(", {name}", ""), "\"Hi {name}.\": the values differ"),
        (format!("#, fuzzy\n{whole}{turns}"), "\"Hi {name}.\": fuzzy"),
        (format!("{whole}{turns}").replace("Adiós.", ""), "\"Bye.\": not translated"),
        (format!("{whole}{turns}").replace("{n} turnos", "turnos"), "\"{n} turn\": the values differ"),
        (format!("{whole}{turns}").replace("{n} turns", "many"), "\"{n} turn\": the forms differ"),
        (format!("{whole}{turns}msgid \"x\"\nmsgstr \"x\""), "\"x\": no longer used"),
        (whole.to_owned(), "\"{n} turn\": missing"),
    ];
    for (po, finding) in cases {
        assert_eq!(compare(&po, &said), [finding]);
    }
    assert_eq!(compare(&updated(&format!("{whole}{turns}"), &said), &said), [""; 0]);
}

#[test]
fn literals_are_found_where_they_stand() {
    let source = r##"
        // tr!(w, "in a comment")
        let quote = '"'; /* tr!(w, "here /* too */") */
        tr!(words, "a \"b\" \u{e9} \
            c", x = tr!(words, r#"nested "raw""#), y = f("not this", '('));
        $crate::trn!(self.words,
            "one", "many",
            count, name = "value");
        str!(w, "another macro"); say!("said", near = say!("later"), far = f("not this"));
    "##;
    let found: Vec<(String, Option<String>)> = scan("a.rs", source).into_iter().map(|(id, s)| (id, s.many)).collect();
    let expected =
        [("a \"b\" é c", None), ("later", None), ("nested \"raw\"", None), ("one", Some("many")), ("said", None)];
    assert_eq!(found, expected.map(|(id, many)| (id.to_owned(), many.map(str::to_owned))));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What is wrong with a catalogue, one finding a line.
fn compare(source: &str, said: &BTreeMap<String, Said>) -> Vec<String> {
    let file = parse(source);
    let mut findings: Vec<String> = file.faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect();
    let messages: Vec<&Message> = file.messages.iter().filter(|message| !message.id.is_empty()).collect();
    for message in &messages {
        let finding = match said.get(&message.id) {
            None => Some("no longer used"),
            Some(said) => fault_of(message, said),
        };
        findings.extend(finding.map(|finding| format!("{:?}: {finding}", message.id)));
    }
    let there: BTreeSet<&String> = messages.iter().map(|message| &message.id).collect();
    findings.extend(said.keys().filter(|id| !there.contains(id)).map(|id| format!("{id:?}: missing")));
    findings
}

fn fault_of(message: &Message, said: &Said) -> Option<&'static str> {
    let forms = if said.many.is_some() { 2 } else { 1 };
    if message.obsolete {
        Some("no longer used")
    } else if message.fuzzy {
        Some("fuzzy")
    } else if message.id_plural != said.many || message.text.len() != forms {
        Some("the forms differ")
    } else if message.text.iter().any(String::is_empty) {
        Some("not translated")
    } else if !same_values(message) {
        Some("the values differ")
    } else {
        None
    }
}

/// Whether a translation names the values of its original; the form for one may say "a turn".
fn same_values(message: &Message) -> bool {
    let originals = [Some(&message.id), message.id_plural.as_ref()];
    let pairs = message.text.iter().zip(originals.into_iter().flatten());
    pairs.enumerate().all(|(form, (text, original))| {
        let (mut there, mut wanted) = (values(text), values(original));
        if message.id_plural.is_some() && form == 0 {
            there.remove("n");
            wanted.remove("n");
        }
        there == wanted
    })
}

fn values(text: &str) -> BTreeSet<&str> {
    let named = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    named.filter(|name| name.chars().all(|char| char.is_ascii_lowercase() || char == '_')).collect()
}

/// The catalogue with what the source says, by file, what is translated kept.
fn updated(source: &str, said: &BTreeMap<String, Said>) -> String {
    let mut by_file: Vec<(&String, &Said)> = said.iter().collect();
    by_file.sort_by_key(|(id, said)| (&said.file, *id));
    let messages = parse(source).messages;
    let old: BTreeMap<&String, &Message> = messages.iter().map(|message| (&message.id, message)).collect();
    let header = source.split("\n\n").next().filter(|text| text.contains("msgid \"\"\n")).unwrap_or_default();
    let mut written = format!("{}\n", header.trim_end());
    for (id, said) in by_file {
        let old = old.get(id);
        let text = |form: usize| quoted(old.and_then(|old| old.text.get(form)).map_or("", String::as_str));
        let flag = if old.is_some_and(|old| old.fuzzy) { "#, fuzzy\n" } else { "" };
        let _ = write!(written, "\n#: {}\n{flag}msgid {}\n", said.file, quoted(id));
        let _ = match &said.many {
            None => writeln!(written, "msgstr {}", text(0)),
            Some(many) => {
                writeln!(written, "msgid_plural {}\nmsgstr[0] {}\nmsgstr[1] {}", quoted(many), text(0), text(1))
            }
        };
    }
    written
}

/// A text as it stands in PO files, broken after line ends.
fn quoted(text: &str) -> String {
    let quote = |line: &str| format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    let lines: Vec<String> = text.split_inclusive('\n').map(quote).collect();
    match &lines[..] {
        [] => "\"\"".to_owned(),
        [line] => line.clone(),
        lines => format!("\"\"\n{}", lines.join("\n")),
    }
}

fn messages_in_source() -> BTreeMap<String, Said> {
    let mut files = Vec::new();
    gather(&root().join("src"), &mut files);
    files.sort();
    let mut said = BTreeMap::new();
    for path in files {
        let source = fs::read_to_string(&path).expect("a source file");
        let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        for (id, found) in scan(&name, &source) {
            let before = said.entry(id.clone()).or_insert(Said { file: found.file, many: found.many.clone() });
            assert_eq!(before.many, found.many, "{id:?} stands with different forms for many");
        }
    }
    // What clap says of the commands: their comments, gathered by clap.
    for id in petrograd::commands::help_messages() {
        said.entry(id).or_insert(Said { file: "src/commands/help.rs".to_owned(), many: None });
    }
    said
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The messages of `tr!`, `trn!` and `say!` in a source file.
fn scan(file: &str, source: &str) -> BTreeMap<String, Said> {
    let tokens = tokens(source);
    let mut said = BTreeMap::new();
    for (index, window) in tokens.windows(3).enumerate() {
        let [Token::Word(name), Token::Mark('!'), Token::Mark('(')] = window else { continue };
        if name != "tr" && name != "trn" && name != "say" {
            continue;
        }
        let mut arguments = literals(&tokens[index + 3..], name == "say").into_iter();
        let id = arguments.next().unwrap_or_else(|| panic!("{file}: {name}! without a literal message"));
        let many = (name == "trn").then(|| arguments.next().expect("trn! has a form for many"));
        said.insert(id, Said { file: file.to_owned(), many });
    }
    said
}

/// The literals that are arguments by themselves, of a macro call behind its parenthesis; `first`
/// where the first argument is one of them.
fn literals(tokens: &[Token], first: bool) -> Vec<String> {
    let (mut depth, mut literals, mut fresh) = (0, Vec::new(), first);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') if depth == 0 => break,
            Token::Mark(')' | ']' | '}') => depth -= 1,
            Token::Text(text) if depth == 0 && fresh => {
                if matches!(tokens.get(index + 1), Some(Token::Mark(',' | ')'))) {
                    literals.push(text.clone());
                }
            }
            _ => {}
        }
        fresh = matches!(token, Token::Mark(','));
    }
    literals
}

/// As much of Rust's tokens as matters here.
#[derive(Debug)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(char) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if let Some(hashes) = raw_string(rest) {
            let begin = hashes + 2;
            let close = format!("\"{}", "#".repeat(hashes));
            let length = rest[begin..].find(&close).expect("the end of a raw string");
            tokens.push(Token::Text(rest[begin..begin + length].to_owned()));
            begin + length + close.len()
        } else if char == '"' {
            let (text, taken) = string(rest);
            tokens.push(Token::Text(text));
            taken
        } else if char == '\'' {
            quote(rest)
        } else if char.is_alphanumeric() || char == '_' {
            let length = rest.find(|char: char| !char.is_alphanumeric() && char != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].to_owned()));
            length
        } else {
            if !char.is_whitespace() {
                tokens.push(Token::Mark(char));
            }
            char.len_utf8()
        };
        rest = &rest[taken..];
    }
    tokens
}

/// The length of a block comment, which may hold others.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += here.chars().next().expect("the end of a comment").len_utf8();
        }
        if depth == 0 {
            return at;
        }
    }
}

/// How many `#` a raw string has that begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The length of a character literal, or of the mark that begins a lifetime.
fn quote(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => rest[3..].find('\'').expect("the end of a character") + 4,
        Some((at, char)) if rest[at + char.len_utf8()..].starts_with('\'') => at + char.len_utf8() + 1,
        _ => 1,
    }
}

/// A string literal's value and length.
fn string(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (text, at + 1),
            '\\' => match chars.next().expect("an escape").1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'u' => {
                    let digits: String = chars.by_ref().map(|(_, char)| char).take_while(|char| *char != '}').collect();
                    let code = u32::from_str_radix(digits.trim_start_matches('{'), 16).expect("a code point");
                    text.push(char::from_u32(code).expect("a character"));
                }
                '\n' => while chars.next_if(|(_, char)| char.is_whitespace()).is_some() {},
                plain => text.push(plain),
            },
            _ => text.push(char),
        }
    }
    panic!("the end of a string")
}
