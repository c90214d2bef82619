//! Diagnostics for programs: the contract that `"format": 1` names.

use serde::Serialize;

use super::count;
use super::place::Places;
use crate::catalogue::Catalogue;
use crate::diagnostic::{Diagnostic, Severity};
use crate::story::Sources;

#[derive(Serialize)]
struct Report<'a> {
    format: u32,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Finding<'a>>,
}

/// The places are `null` where no file is at fault, `help` where there is none.
#[derive(Serialize)]
struct Finding<'a> {
    severity: &'static str,
    code: &'static str,
    message: String,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    help: Option<String>,
}

/// Diagnostics as one line of JSON, what people read in their language. Lines and columns count from 1, columns in characters; the end
/// is excluded. Several ways out are joined by line breaks.
pub fn json(sources: &Sources, diagnostics: &[Diagnostic], words: &Catalogue) -> String {
    let mut places = Places::of(sources);
    let report = Report {
        format: 1,
        errors: count(diagnostics, Severity::Error),
        warnings: count(diagnostics, Severity::Warning),
        diagnostics: diagnostics.iter().map(|found| finding(found, &mut places, words)).collect(),
    };
    serde_json::to_string(&report).expect("strings and numbers can always be written as JSON")
}

fn finding<'a>(found: &Diagnostic, places: &mut Places<'a>, words: &Catalogue) -> Finding<'a> {
    let place = found.labels.first().map(|label| (places.name(label.span.file), places.bounds(label.span)));
    Finding {
        severity: found.severity().name(),
        code: found.code.name(),
        message: found.message.read(words),
        file: place.map(|(name, _)| name),
        line: place.map(|(_, (start, _))| start.line),
        column: place.map(|(_, (start, _))| start.column),
        end_line: place.map(|(_, (_, end))| end.line),
        end_column: place.map(|(_, (_, end))| end.column),
        help: Some(help(found, words)).filter(|help| !help.is_empty()),
    }
}

fn help(found: &Diagnostic, words: &Catalogue) -> String {
    found.help.iter().map(|help| help.read(words)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::catalogue::{Catalogue, Phrase};
    use crate::diagnostic::{Code, Diagnostic, FileId, Span};
    use crate::story::Sources;

    #[test]
    fn the_contract_is_kept_to_the_letter() {
        let sources = Sources::single("a.toml", "ñ = 1\n  goto = \"nowhere\"\n");
        let found = [
            Diagnostic::new(Code::UnknownScene, Phrase::quoted("no scene has the id `nowhere`"))
                .label(Span::new(FileId(0), 16, 25), Phrase::quoted("not declared in this story"))
                .help(Phrase::quoted("did you mean `now_here`?")),
            Diagnostic::new(Code::NoStart, Phrase::quoted("the story says not where it begins")),
            Diagnostic::new(Code::DeadEnd, Phrase::quoted("nothing follows"))
                .help(Phrase::quoted("one"))
                .help(Phrase::quoted("two")),
        ];
        let expected = concat!(
            r#"{"format":1,"errors":2,"warnings":1,"diagnostics":["#,
            r#"{"severity":"error","code":"unknown-scene","message":"no scene has the id `nowhere`","file":"a.toml","#,
            r#""line":2,"column":10,"end_line":2,"end_column":19,"help":"did you mean `now_here`?"},"#,
            r#"{"severity":"error","code":"no-start","message":"the story says not where it begins","file":null,"#,
            r#""line":null,"column":null,"end_line":null,"end_column":null,"help":null},"#,
            r#"{"severity":"warning","code":"dead-end","message":"nothing follows","file":null,"#,
            r#""line":null,"column":null,"end_line":null,"end_column":null,"help":"one\ntwo"}]}"#,
        );
        assert_eq!(json(&sources, &found, &Catalogue::default()), expected);
    }
}
