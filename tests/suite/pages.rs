//! The pages in `docs/diagnostics` say what the program says, and those in `docs/es/diagnostics` what
//! it says in Spanish, of the same examples: each broken one is checked as it stands, each mended one
//! is clean.
//!
//! `UPDATE_PAGES=1 cargo test --test suite pages` writes what the program says into them.

use std::fs;
use std::path::PathBuf;

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::render::human;
use petrograd::diagnostic::{Code, Diagnostic, Severity};
use petrograd::story::{Source, Sources, load};

/// Codes of the file system: their pages have no story to show. See `files.rs`.
pub const OF_FILES: [Code; 5] = [Code::Unreadable, Code::NotUtf8, Code::TooLarge, Code::FolderLoop, Code::NoStory];

const WORLD: &str = "
[world]
bread  = 55
unrest = 20
warned = false
crown  = { start = \"reigning\", values = [\"reigning\", \"abdicated\"] }
";

const AROUND: &str = "
[[scene]]
id     = \"home\"
ROLE
ending = \"Home\"

[[event]]
id      = \"strike\"
date    = 1917-02-23
title   = \"The strike\"
summary = \"The looms stop.\"
sources = [\"Factory inspector's report, 1917\"]

[[person]]
id      = \"marfa\"
name    = \"Marfa\"
sources = [\"Invented\"]
";

/// One example of a page: what is wrong, what the program says, how it is mended.
struct Example {
    broken: String,
    says: String,
    mended: String,
}

#[test]
fn pages_say_what_the_program_says() {
    let wrong = mistakes("docs/diagnostics", &Catalogue::default());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn spanish_pages_say_what_the_program_says_in_spanish() {
    let mut wrong = mistakes("docs/es/diagnostics", &Catalogue::of("es"));
    let page = |folder: &str, code: Code| read(&path(folder, code));
    let stories = |page: String| examples(&page).0.into_iter().map(|one| (one.broken, one.mended)).collect::<Vec<_>>();
    for &code in Code::ALL {
        if stories(page("docs/es/diagnostics", code)) != stories(page("docs/diagnostics", code)) {
            wrong.push(format!("{code}: the examples are not those of the English page"));
        }
        if page("docs/es/diagnostics", code) == page("docs/diagnostics", code) {
            wrong.push(format!("{code}: the page is not translated"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn path(folder: &str, code: Code) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("{folder}/{code}.md"))
}

fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).expect("each code has a page")
}

/// What the pages of a folder say and the program doesn't, in the language of a catalogue.
fn mistakes(folder: &str, words: &Catalogue) -> Vec<String> {
    let mut wrong = Vec::new();
    for &code in Code::ALL {
        let path = path(folder, code);
        let page = read(&path);
        if !page.starts_with(&format!("# {code}\n\n")) {
            wrong.push(format!("{code}: the page has not its code as its title"));
        }
        let (examples, texts) = examples(&page);
        if examples.is_empty() != OF_FILES.contains(&code) {
            wrong.push(format!("{code}: {} examples", examples.len()));
        }
        let mut updated = page.clone();
        for (example, shared) in examples.iter().map(|example| (example, texts.as_deref())) {
            let said = said(code, &example.broken, shared, words);
            updated = updated.replacen(&fence("text", &example.says), &fence("text", &said), 1);
            if said.starts_with("nothing of") {
                wrong.push(format!("{code}: {said}"));
            } else if said != example.says {
                wrong.push(format!("{code}: the page says\n{}\nthe program says\n{said}", example.says));
            }
            wrong.extend(not_mended(code, &example.mended, shared).map(|why| format!("{code}: mended, but\n{why}")));
        }
        if std::env::var_os("UPDATE_PAGES").is_some() {
            fs::write(&path, updated).expect("the page can be written");
        }
    }
    wrong
}

fn fence(language: &str, text: &str) -> String {
    format!("```{language}\n{text}```\n")
}

/// The examples of a page, and the story that PO files of it translate.
fn examples(page: &str) -> (Vec<Example>, Option<String>) {
    let mut blocks = Vec::new();
    for part in page.split("\n```").collect::<Vec<_>>().chunks(2).filter_map(|pair| pair.get(1)).chain([]) {
        blocks.extend(part.split_once('\n').map(|(language, text)| (language.to_owned(), format!("{text}\n"))));
    }
    // Of translations the story comes first, once.
    let shared = blocks.iter().any(|(language, _)| language == "po").then(|| blocks.remove(0).1);
    let examples = blocks.chunks(3).map(|three| match three {
        [(_, broken), (text, says), (_, mended)] if text == "text" => {
            Example { broken: broken.clone(), says: says.clone(), mended: mended.clone() }
        }
        other => panic!("not an example: {other:?}\n{page}"),
    });
    (examples.collect(), shared)
}

/// An example as a whole story, its own lines first so that they count from 1.
pub fn around(example: &str, shared: Option<&str>) -> Sources {
    let story = shared.unwrap_or(example);
    let has = |what: &str| story.lines().any(|line| line.trim_start().starts_with(what));
    let roles = has("role ") || has("[[role]]");
    let first = story.split("[[scene]]").nth(1).and_then(|scene| scene.split('"').nth(1)).unwrap_or("home");
    let mut text = story.to_owned();
    if !has("[story]") {
        text.push_str(
            "\n[story]\nformat = 1\nid = \"page\"\ntitle = \"Page\"\nbegins = 1917-02-23\nends = 1917-03-31\n",
        );
        if !roles {
            text.push_str(&format!("start = \"{first}\"\n"));
        }
        text.push_str(&AROUND.replace("ROLE\n", if roles { "role = \"weaver\"\n" } else { "" }));
    }
    if roles && !has("[[role]]") {
        text.push_str(
            "[[role]]\nid = \"weaver\"\nname = \"Dunya\"\nstart = \"FIRST\"\n".replace("FIRST", first).as_str(),
        );
    }
    if !has("[world]") {
        text.push_str(WORLD);
    }
    if !has("[[outcome]]") {
        text.push_str("[[outcome]]\nid = \"as_it_was\"\ntitle = \"As it was\"\nhistorical = true\n");
    }
    let mut sources = Sources::single("story.toml", &text);
    if shared.is_some() {
        sources.files.insert(0, Source { name: "lang/es.po".to_owned(), text: example.to_owned().into() });
    }
    sources
}

/// The findings that are about the example and not about what was put around it.
fn found(sources: &Sources, example: &str) -> Vec<Diagnostic> {
    let own = |found: &Diagnostic| {
        let place = found.labels.first().map(|label| label.span);
        place.is_none_or(|span| span.file.0 == 0 && (span.start as usize) < example.len())
    };
    load(sources, None).diagnostics.into_iter().filter(own).collect()
}

fn said(code: Code, example: &str, shared: Option<&str>, words: &Catalogue) -> String {
    let sources = around(example, shared);
    let all = found(&sources, example);
    let of_code: Vec<Diagnostic> = all.iter().filter(|found| found.code == code).take(1).cloned().collect();
    if of_code.is_empty() {
        return format!("nothing of {code}, but\n{}", human(&sources, &all, &Catalogue::default(), 100, false));
    }
    let written = human(&sources, &of_code, words, 100, false);
    // Without the count at the end.
    written.rsplit_once("\n\n").map_or(String::new(), |(first, _)| format!("{first}\n"))
}

fn not_mended(code: Code, example: &str, shared: Option<&str>) -> Option<String> {
    let sources = around(example, shared);
    let mut left = load(&sources, None).diagnostics;
    left.retain(|found| found.severity() == Severity::Error);
    left.extend(found(&sources, example).into_iter().filter(|found| {
        // A page of one mistake doesn't translate the whole story around it.
        found.code == code && (found.severity() == Severity::Error || code != Code::MissingTranslation)
    }));
    (!left.is_empty()).then(|| human(&sources, &left, &Catalogue::default(), 100, false))
}
