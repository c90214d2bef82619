//! Diagnostics as people read them: the file, the line, the text underlined, the way out.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::count;
use super::place::Places;
use crate::catalogue::{Catalogue, Phrase};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::story::Sources;
use crate::{tr, trn};

/// Labels of one file further apart than this many lines are shown apart. Bounds what is looked
/// through for each finding, too.
const APART: usize = 24;

/// At most so many are shown: a file that is no story at all must not fill a terminal.
const MOST: usize = 200;

/// Diagnostics as people read them, with the text underlined and a closing line that counts them;
/// nothing where there are none. Lines of the story longer than `width` columns are cut around
/// what is underlined.
pub fn human(sources: &Sources, diagnostics: &[Diagnostic], words: &Catalogue, width: usize, color: bool) -> String {
    let renderer =
        if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() }.term_width(width.max(40));
    let mut writer = Writer { places: Places::of(sources), words };
    let mut out = String::new();
    let shown = shown(diagnostics);
    for found in &shown {
        out.push_str(&renderer.render(&[writer.group(found)]));
        out.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        if diagnostics.len() > shown.len() {
            let n = diagnostics.len() - shown.len();
            out.push_str(&trn!(words, "{n} more is not shown; ", "{n} more are not shown; ", n));
        }
        out.push_str(&tally(diagnostics, words));
        out.push('\n');
    }
    out
}

/// Those that are shown: all, or where that would be too many errors before warnings, and the last,
/// which may say that there are more than were gathered.
fn shown(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut errors_left = count(diagnostics, Severity::Error).min(MOST);
    let mut warnings_left = MOST - errors_left;
    let is_shown = |(index, found): &(usize, &Diagnostic)| {
        let left = match found.severity() {
            Severity::Error => &mut errors_left,
            Severity::Warning => &mut warnings_left,
        };
        let is_shown = *left > 0;
        *left -= usize::from(is_shown);
        is_shown || index + 1 == diagnostics.len()
    };
    diagnostics.iter().enumerate().filter(is_shown).map(|(_, found)| found).collect()
}

/// `2 errors, 1 warning`.
fn tally(diagnostics: &[Diagnostic], words: &Catalogue) -> String {
    let counted = [Severity::Error, Severity::Warning].map(|severity| match (count(diagnostics, severity), severity) {
        (0, _) => None,
        (n, Severity::Error) => Some(trn!(words, "{n} error", "{n} errors", n)),
        (n, Severity::Warning) => Some(trn!(words, "{n} warning", "{n} warnings", n)),
    });
    counted.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Writes in one language.
struct Writer<'a> {
    places: Places<'a>,
    words: &'a Catalogue,
}

/// Labels that can be shown in one piece of source, those about the first label first.
fn clusters<'a>(labels: &'a [Label], places: &mut Places<'_>) -> Vec<Vec<&'a Label>> {
    let mut sorted: Vec<(usize, &Label)> = Vec::new();
    for label in labels {
        let (start, _) = places.bytes(label.span);
        sorted.push((places.line_of(label.span.file, start), label));
    }
    sorted.sort_by_key(|(line, label)| (label.span.file, *line, label.span.start));
    let mut clusters: Vec<Vec<(usize, &Label)>> = Vec::new();
    for (line, label) in sorted {
        match clusters.last_mut() {
            Some(near) if near.last().is_some_and(|last| is_near(last, line, label)) => near.push((line, label)),
            _ => clusters.push(vec![(line, label)]),
        }
    }
    let mut clusters: Vec<Vec<&Label>> =
        clusters.into_iter().map(|near| near.into_iter().map(|(_, label)| label).collect()).collect();
    clusters.sort_by_key(|near| !near.iter().any(|label| Some(*label) == labels.first()));
    clusters
}

fn is_near((last, before): &(usize, &Label), line: usize, label: &Label) -> bool {
    before.span.file == label.span.file && line - last <= APART
}

impl<'a> Writer<'a> {
    fn group(&mut self, found: &'a Diagnostic) -> Group<'a> {
        let level = match found.severity() {
            Severity::Error => Level::ERROR.with_name(tr!(self.words, "error")),
            Severity::Warning => Level::WARNING.with_name(tr!(self.words, "warning")),
        };
        let mut group = Group::with_title(level.primary_title(self.visible(&found.message)).id(found.code.name()));
        for near in clusters(&found.labels, &mut self.places) {
            group = group.element(self.snippet(&near, found.labels.first()));
        }
        for help in &found.help {
            group = group.element(Level::HELP.with_name(tr!(self.words, "help")).message(self.visible(help)));
        }
        group
    }

    fn snippet(
        &mut self,
        near: &[&'a Label],
        primary: Option<&Label>,
    ) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let places = &mut self.places;
        let file = near[0].span.file;
        let bytes: Vec<(usize, usize)> = near.iter().map(|label| places.bytes(label.span)).collect();
        let first = places.line_of(file, bytes.iter().map(|(start, _)| *start).min().unwrap_or(0));
        let last = places.line_of(file, bytes.iter().map(|(_, end)| *end).max().unwrap_or(0));
        let (from, to) = places.lines(file, first, last);
        let name = places.name(file);
        let mut snippet =
            Snippet::source(&places.text(file)[from..to]).line_start(first + 1).path(visible(name.to_owned()));
        for (label, (start, end)) in near.iter().zip(bytes) {
            let kind = if Some(*label) == primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(start - from..end - from);
            let text = Some(visible(label.text.read(self.words))).filter(|text| !text.is_empty());
            snippet = snippet.annotation(annotation.label(text));
        }
        snippet
    }

    fn visible(&self, phrase: &Phrase) -> String {
        visible(phrase.read(self.words))
    }
}

/// A text that quotes a story, with what a terminal would obey made visible. The lines of the story
/// themselves are treated so when they are shown.
fn visible(text: String) -> String {
    let obeyed = |c: char| c.is_control() && c != '\n';
    if !text.contains(obeyed) {
        return text;
    }
    let picture = |c: char| match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    };
    text.chars().map(|c| if obeyed(c) { picture(c) } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, FileId, Span};

    fn english() -> Catalogue {
        Catalogue::default()
    }

    /// Finds `needle` in the story's first file.
    fn span(sources: &Sources, needle: &str) -> Span {
        let at = sources.files[0].text.find(needle).expect("the needle stands there");
        Span::new(FileId(0), at, at + needle.len())
    }

    #[test]
    fn the_rule_the_place_the_way_out() {
        let sources = Sources::single("story/weaver.toml", "[[scene]]\nid = \"a\"\n  goto = \"nobel_gate\"\n");
        let found = Diagnostic::new(Code::UnknownScene, Phrase::quoted("no scene has the id `nobel_gate`"))
            .label(span(&sources, "\"nobel_gate\""), Phrase::quoted("not declared in this story"))
            .suggest(Some("nobel_gates"));
        insta::assert_snapshot!(human(&sources, &[found], &english(), 80, false), @r#"
        error[unknown-scene]: no scene has the id `nobel_gate`
         --> story/weaver.toml:3:10
          |
        3 |   goto = "nobel_gate"
          |          ^^^^^^^^^^^^ not declared in this story
          |
          = help: did you mean `nobel_gates`?

        1 error
        "#);
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let prose = "En la cola hacía frío — ¿quién habló? ".repeat(20);
        let sources = Sources::single("a.toml", &format!("text = '''{prose}{{hungr}} 日本語日本語 {prose}'''"));
        let found = Diagnostic::new(Code::UnknownVariable, Phrase::quoted("no variable is called `hungr`"))
            .label(span(&sources, "hungr"), Phrase::quoted("not declared"));
        for width in [40, 80, 120] {
            let out = human(&sources, std::slice::from_ref(&found), &english(), width, false);
            assert!(
                out.lines()
                    .filter(|line| line.contains('|'))
                    .all(|line| unicode_width::UnicodeWidthStr::width(line) <= width),
                "{out}"
            );
            assert!(out.contains("{hungr}") && out.contains("^^^^^ not declared"), "{out}");
        }
    }

    #[test]
    fn places_far_apart_are_shown_apart() {
        let sources = Sources::single("a.toml", &format!("id = \"a\"\n{}id = \"b\"\n", "\n".repeat(99)));
        let found = Diagnostic::new(Code::DuplicateId, Phrase::quoted("two scenes have the id `a`"))
            .label(span(&sources, "\"b\""), Phrase::quoted("declared again"))
            .label(span(&sources, "\"a\""), Phrase::quoted("first declared here"));
        insta::assert_snapshot!(human(&sources, &[found], &english(), 80, false), @r#"
        error[duplicate-id]: two scenes have the id `a`
           --> a.toml:101:6
            |
        101 | id = "b"
            |      ^^^ declared again
            |
           ::: a.toml:1:6
            |
          1 | id = "a"
            |      --- first declared here

        1 error
        "#);
    }

    #[test]
    fn of_very_many_the_errors_are_shown() {
        let sources = Sources::single("a.toml", "a = 1");
        let warning = Diagnostic::new(Code::UnusedVariable, Phrase::quoted("a warning"));
        let mut found = vec![warning; 300];
        found.extend(vec![Diagnostic::new(Code::BadId, Phrase::quoted("an error")); 250]);
        found.push(Diagnostic::new(Code::TooLarge, Phrase::quoted("the last")));
        let out = human(&sources, &found, &english(), 80, false);
        assert_eq!(out.matches("error[bad-id]").count(), 200);
        assert_eq!(out.matches("warning[").count(), 0);
        assert!(
            out.ends_with("error[too-large]: the last\n\n350 more are not shown; 251 errors, 300 warnings\n"),
            "{out}"
        );
        let out = human(&sources, &found[200..400], &english(), 80, false);
        assert_eq!((out.matches("error[").count(), out.matches("warning[").count()), (100, 100));
        let out = human(&sources, &found[..400], &english(), 80, false);
        assert_eq!((out.matches("error[").count(), out.matches("warning[").count()), (100, 100));
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_passed_on() {
        let sources = Sources::single("a.toml", "a = \"\u{1b}[31m\u{7}\"");
        let found = Diagnostic::new(Code::TomlSyntax, Phrase::quoted("control character \u{1b}[2J"))
            .label(span(&sources, "\u{7}"), Phrase::quoted("\u{8}"));
        let out = human(&sources, &[found], &english(), 80, false);
        assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "{out:?}");
    }

    #[test]
    fn findings_are_counted() {
        let found = |code| Diagnostic::new(code, Phrase::quoted("…"));
        let counted = |codes: &[Code]| tally(&codes.iter().map(|code| found(*code)).collect::<Vec<_>>(), &english());
        assert_eq!(counted(&[Code::BadId, Code::DeadEnd, Code::BadId]), "2 errors, 1 warning");
        assert_eq!(counted(&[Code::DeadEnd, Code::DeadEnd]), "2 warnings");
        assert_eq!(human(&Sources::default(), &[], &english(), 80, true), "");
    }
}
