//! The program speaks Spanish wherever it speaks: findings, the pages that explain them, the help of
//! the command line and its complaints, an editor's messages.

use std::fs;
use std::process::{Command, Output};
use std::sync::Once;

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::Code;
use serde_json::Value;

const BROKEN: &str = "[story]\nformat = 1\nid = \"a\"\ntitle = \"A\"\nstart = \"hom\"\n
[[scene]]\nid = \"home\"\nending = \"Home\"\n\n[[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n";

/// Runs the program in a folder with a broken story, in the language of an environment.
fn run(lang: &str, arguments: &[&str]) -> Output {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("languages");
    // Tests run beside one another: the file is written once, for all.
    static WRITTEN: Once = Once::new();
    WRITTEN.call_once(|| {
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join("broken.toml"), BROKEN).expect("written");
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
    command.current_dir(folder).args(arguments).env("LC_ALL", lang).env_remove("LANGUAGE");
    command.output().expect("the program starts")
}

fn out(lang: &str, arguments: &[&str]) -> String {
    String::from_utf8(run(lang, arguments).stdout).expect("UTF-8")
}

#[test]
fn findings_are_told_in_the_language_asked_for() {
    let spanish = "\
error[unknown-scene]: ninguna escena tiene el id `hom`
 --> broken.toml:5:9
  |
5 | start = \"hom\"
  |         ^^^^^ no está declarado en esta historia
  |
  = ayuda: ¿querías decir `home`?

1 error
";
    for (lang, arguments) in [
        ("C", &["check", "broken.toml", "--lang", "es"][..]),
        ("C", &["--lang", "es", "check", "broken.toml"]),
        ("C", &["--lang=es", "check", "broken.toml"]),
        ("es_ES.UTF-8", &["check", "broken.toml"]),
    ] {
        assert_eq!(out(lang, arguments), spanish, "{arguments:?}");
    }
    assert!(out("es_ES.UTF-8", &["check", "broken.toml", "--lang", "en"]).contains("no scene has the id `hom`"));
    // A story that can't be played says so in the same words.
    let played = String::from_utf8(run("es_ES.UTF-8", &["play", "broken.toml"]).stderr).expect("UTF-8");
    assert_eq!(played, spanish);
}

#[test]
fn programs_find_the_same_keys_in_every_language() {
    let json = |lang: &str, format: &str| -> Value {
        let told = out("C", &["check", "broken.toml", "--format", format, "--lang", lang]);
        serde_json::from_str(&told).expect("JSON")
    };
    let (mut english, mut spanish) = (json("en", "json"), json("es", "json"));
    assert_eq!(spanish["diagnostics"][0]["message"], "ninguna escena tiene el id `hom`");
    assert_eq!(spanish["diagnostics"][0]["help"], "¿querías decir `home`?");
    for told in [&mut english, &mut spanish] {
        told["diagnostics"][0]["message"].take();
        told["diagnostics"][0]["help"].take();
    }
    assert_eq!(english, spanish);
    let (english, spanish) = (json("en", "sarif"), json("es", "sarif"));
    let run = |log: &Value, pointer: &str| log["runs"][0].pointer(pointer).cloned().expect("it is there");
    assert_eq!(run(&spanish, "/language"), "es");
    assert!(run(&spanish, "/results/0/message/text").as_str().expect("a text").starts_with("ninguna escena"));
    assert!(run(&spanish, "/tool/driver/rules/0/help/text").as_str().expect("a text").contains("El programa dice:"));
    for same in [
        "/results/0/ruleId",
        "/results/0/level",
        "/results/0/partialFingerprints",
        "/results/0/locations/0/physicalLocation",
    ] {
        assert_eq!(run(&english, same), run(&spanish, same), "{same}");
    }
}

#[test]
fn codes_are_explained_in_the_language_asked_for() {
    let page = out("C", &["check", "--explain", "bad-hinge", "--lang", "es"]);
    assert_eq!(page, Code::BadHinge.page(&Catalogue::of("es")));
    assert!(page.starts_with("# bad-hinge\n\nLa encrucijada"), "{page}");
    assert_eq!(out("es_MX.UTF-8", &["check", "--explain", "bad-hinge"]), page);
    assert!(out("C", &["check", "--explain", "bad-hinge"]).starts_with("# bad-hinge\n\nThe hinge"));
}

#[test]
fn help_is_in_the_language_asked_for() {
    for (lang, arguments) in [
        ("C", &["--lang", "es", "--help"][..]),
        ("C", &["--help", "--lang=es"]),
        ("es_ES.UTF-8", &["play", "--help"]),
        ("es_ES.UTF-8", &["help", "check"]),
        ("es_ES.UTF-8", &["translate", "--lang", "de", "--help"]),
    ] {
        let help = out(lang, arguments);
        assert!(help.contains("\nUso: petrograd"), "{arguments:?}: {help}");
        assert!(help.contains("\nOpciones:\n") && help.contains("Muestra la ayuda"), "{arguments:?}: {help}");
        for english in ["Usage", "Options:", "Commands:", "Arguments:", "Print", "default:", "possible"] {
            assert!(!help.contains(english), "{arguments:?}: {english} in {help}");
        }
    }
    // What `translate` is asked for is not the reader's language.
    assert!(out("C", &["translate", "--lang", "es", "--help"]).contains("\nUsage: petrograd translate"));
}

#[test]
fn a_command_line_that_is_wrong_is_told_so_in_the_language_asked_for() {
    let cases: [(&[&str], &str, &str); 7] = [
        (&["check", "--formt", "json"], "aquí no hay ninguna opción `--formt`", "¿querías decir `--format`?"),
        (&["check", "--format", "xml"], "`xml` no es un valor para `--format <FORMATO>`, que admite: human", "--help"),
        (&["sample", "--plays", "x"], "`x` no es un valor para `--plays <N>`", "--help"),
        (&["play", "--role"], "`--role <PAPEL>` necesita un valor", "--help"),
        (&["new"], "falta esto: <RUTA>", "Uso: petrograd new [OPCIONES] <RUTA>"),
        (&["--role", "a", "--roles", "b"], "no va junto con", "Uso: petrograd"),
        (&["--seed", "1", "--seed", "2"], "`--seed <N>` solo se puede dar una vez", "Para saber más"),
    ];
    for (arguments, wrong, more) in cases {
        let told = run("es_ES.UTF-8", arguments);
        let said = String::from_utf8(told.stderr).expect("UTF-8");
        assert_eq!(told.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: "), "{said}");
        assert!(said.contains(wrong) && said.contains(more), "{said}");
    }
}
