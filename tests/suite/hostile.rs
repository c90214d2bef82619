//! Hostile stories: a clear error, or success, in bounded time and memory. Nothing here is timed;
//! what took forever once takes so long that it would be noticed.

use petrograd::catalogue::Catalogue;
use petrograd::diagnostic::Code;
use petrograd::diagnostic::render::{human, json, sarif};
use petrograd::engine::{Input, Play, Setup};
use petrograd::sample::{Plan, sample};
use petrograd::story::{Loaded, Sources, load};

const HEAD: &str = "[story]\nformat = 1\nid = \"x\"\ntitle = \"X\"\nversion = \"1\"\ncalendar = \"julian\"\n\
    begins = 1917-02-01\nends = 1917-12-31\nstart = \"a\"\n";
const END: &str = "[[scene]]\nid = \"z\"\ntitle = \"Z\"\nending = \"End\"\n\
    [[outcome]]\nid = \"o\"\ntitle = \"O\"\nhistorical = true\n";

/// A story of a scene `a` with these keys, and an ending `z`.
fn scene(keys: &str) -> String {
    format!("{HEAD}[world]\nv = 5\n[[scene]]\nid = \"a\"\ntitle = \"A\"\ngoto = \"z\"\n{keys}\n{END}")
}

/// A sound story, with more tables after it.
fn with(tables: &str) -> String {
    format!("{}{tables}", scene(""))
}

/// Loads a story and writes out what was found, all of which must end.
fn loaded(text: &str) -> Loaded {
    let sources = Sources::single("x.toml", text);
    let loaded = load(&sources, None);
    let written = human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false);
    assert!(written.len() < 4_000_000, "{} bytes of findings", written.len());
    assert!(written.matches("-->").count() <= 400, "{} places", written.matches("-->").count());
    json(&sources, &loaded.diagnostics, &Catalogue::default());
    sarif(&sources, &loaded.diagnostics, &Catalogue::default(), "/".as_ref());
    assert!(loaded.diagnostics.len() <= 2_001, "{} findings", loaded.diagnostics.len());
    loaded
}

/// The first error that a story has, and that it has one.
fn error(text: &str) -> &'static str {
    let loaded = loaded(text);
    assert!(loaded.story.is_none());
    let errors: Vec<Code> = loaded.diagnostics.iter().map(|found| found.code).filter(|code| is_error(*code)).collect();
    errors.first().expect("a story that can't be played has an error").name()
}

fn is_error(code: Code) -> bool {
    code.severity() == petrograd::diagnostic::Severity::Error
}

/// Loads a story that is sound and plays it, first choices first, for some steps.
fn play(text: &str) -> Play {
    let sources = Sources::single("x.toml", text);
    let loaded = load(&sources, None);
    let found = human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false);
    let story = loaded.story.unwrap_or_else(|| panic!("{found}"));
    let mut play = Play::begin(&story, Setup { roles: story.playable().take(1).collect(), seed: 1, digest: false });
    for _ in 0..100 {
        let Some(role) = play.next_role(&story) else { break };
        let options = play.view(&story, role).options;
        let open = options.iter().find(|option| option.open).expect("something to choose");
        play.take(&story, Input { role, pick: open.pick }).expect("an option that is open");
    }
    play
}

#[test]
fn what_is_no_toml() {
    let many = |text: &str| text.repeat(100_000);
    let cases = [
        many("["),
        format!("a = {}", many("[")),
        format!("a = {}", "{a=".repeat(50_000)),
        format!("[{}a]", many("a.")),
        "\0".repeat(200_000),
        scene("text = \"a\0b\""),
        scene("").replace('\n', "\r"),
        many("x\n"),
    ];
    for text in cases {
        assert_eq!(error(&text), "toml-syntax", "{}", &text[..40]);
    }
}

#[test]
fn what_is_no_story() {
    for text in ["", "\u{feff}", "# only words\n", "[world]\nbread = 1\n"] {
        assert_eq!(error(text), "no-story", "{text:?}");
    }
}

#[test]
fn marks_and_line_ends_of_other_systems() {
    for text in [format!("\u{feff}{}", scene("")), scene("text = '''\na\n\nb\n'''").replace('\n', "\r\n")] {
        assert_eq!(play(&text).log().len(), 1);
    }
}

#[test]
fn very_long_lines_and_texts() {
    assert_eq!(error(&scene(&format!("text = '{}'", "x".repeat(30_000_000)))), "too-large");
    assert_eq!(error(&"x".repeat(30_000_000)), "too-large");
    assert_eq!(error(&scene(&format!("text = '''{}'''", "many words\n".repeat(200_000)))), "too-large");
    assert_eq!(play(&scene(&format!("text = '''{}'''", "*many* words\n".repeat(50_000)))).log().len(), 1);
}

#[test]
fn nesting() {
    let inline = |depth: usize| {
        let open: String =
            (0..depth).map(|n| format!("{{ id = \"c{n}\", text = \"t\", goto = \"z\", choice = [")).collect();
        scene(&format!("choice = [ {open} {} ]", "] }".repeat(depth)))
    };
    assert_eq!(play(&inline(20)).log().len(), 20);
    assert_eq!(error(&inline(1_000)), "toml-syntax");
    let header = |depth: usize| format!("[[scene{}]]\nid = \"c{depth}\"\ntext = \"t\"\n", ".choice".repeat(depth));
    assert_eq!(error(&scene(&(1..400).map(header).collect::<String>())), "toml-syntax");
    let deep = |open: &str, close: &str| {
        let value = format!("{}v{}", open.repeat(20_000), close.repeat(20_000));
        error(&scene(&format!("do = \"v = {value}\"")))
    };
    for (open, close) in [("(", ")"), ("-", ""), ("min(1, ", ")"), ("1 + ", ""), ("(1 + ", ")"), ("2 * v - ", "")] {
        assert_eq!(deep(open, close), "bad-effect", "{open}");
    }
    let guard =
        |text: &str| error(&scene(&format!("choice = [{{ id = \"c\", text = \"t\", if = \"{text} v > 1\" }}]")));
    for text in ["not ", "v > 1 and ", "v > 1 or "] {
        assert_eq!(guard(&text.repeat(20_000)), "bad-expression", "{text}");
    }
}

#[test]
fn templates_without_end() {
    let text = |line: &str, times: usize| error(&scene(&format!("text = '''\n{}\n'''", line.repeat(times))));
    assert_eq!(text("{if\n", 100_000), "bad-template");
    for line in ["{if v > 3}\n", "{end}\n", "{first}\n", "{or}\n", "{}\n", "}\n"] {
        assert_eq!(text(line, 50_000), "bad-template", "{line}");
    }
    assert_eq!(text("{hungr}\n", 100_000), "unknown-variable");
    let escaped = format!("text = \"\"\"\n{}\"\"\"", "\\t{hungr}\n".repeat(50_000));
    assert_eq!(error(&scene(&escaped)), "unknown-variable");
    let arms = format!(
        "text = '''\n{{cycle}}{}{{end}}{{first}}{}{{end}}'''",
        "{or}b\n".repeat(50_000),
        "{then}c\n".repeat(50_000)
    );
    assert_eq!(play(&scene(&arms)).log().len(), 1);
}

#[test]
fn effects_without_end() {
    assert_eq!(play(&scene(&format!("do = '''{}'''", ";\n".repeat(400_000)))).log().len(), 1);
    assert_eq!(play(&scene(&format!("do = '''{}'''", "v += 1;\n".repeat(100_000)))).log().len(), 1);
    assert_eq!(error(&scene(&format!("do = '''{}'''", "x;\n".repeat(300_000)))), "bad-effect");
}

#[test]
fn long_lists() {
    let goto = |entry: &str, last: &str| {
        scene("").replace("goto = \"z\"", &format!("goto = [\n{}{last}\n]", format!("{entry},\n").repeat(100_000)))
    };
    assert_eq!(play(&goto("{ to = 'z', if = 'v > 9' }", "{ to = 'z' }")).log().len(), 1);
    assert_eq!(play(&goto("{ to = 'z', weight = 1000000 }", "{ to = 'z', weight = 1 }")).log().len(), 1);
    assert_eq!(error(&goto("{ to = 'zz', if = 'v > 9' }", "{ to = 'z' }")), "unknown-scene");
    assert_eq!(error(&goto("{ to = 'z' }", "{ to = 'z' }")), "bad-goto");
    let choices: String = (0..100_000).map(|n| format!("[[scene.choice]]\nid = \"c{n}\"\ntext = \"t\"\n")).collect();
    assert_eq!(error(&scene(&choices)), "too-large");
}

#[test]
fn very_many_things() {
    assert_eq!(error(&with(&"[[scene]]\nid = \"a\"\ntitle = \"A\"\ngoto = \"z\"\n".repeat(10_000))), "duplicate-id");
    let event = |n: usize, keys: &str| {
        format!("[[event]]\nid = \"e{n}\"\ndate = 1917-03-01\ntitle = \"E\"\nsources = [\"x\"]\n{keys}\n")
    };
    let events = |most: usize, needs: &dyn Fn(usize) -> String| -> String {
        with(&(0..most).map(|n| event(n, &needs(n))).collect::<String>())
    };
    assert_eq!(error(&events(5_000, &|n| format!("needs = [\"e{}\"]", (n + 1) % 5_000))), "needs-cycle");
    assert_eq!(
        error(&events(5_000, &|n| if n == 0 { String::new() } else { format!("needs = [\"e{}\"]", n - 1) })),
        "too-large"
    );
    assert_eq!(
        play(&events(900, &|n| if n == 0 { String::new() } else { format!("needs = [\"e{}\"]", n - 1) })).log().len(),
        1
    );
    assert_eq!(error(&events(140_000, &|_| String::new())), "too-large");
    let variables: String = (0..140_000).map(|n| format!("v{n} = {{ start = 0, max = 1000000000 }}\n")).collect();
    assert_eq!(error(&scene("").replace("v = 5\n", &variables)), "too-large");
    let role = |n: usize| {
        format!(
            "[[role]]\nid = \"r{n}\"\nname = \"R\"\nstart = \"s{n}\"\n[[scene]]\nid = \"s{n}\"\nrole = \"r{n}\"\nending = \"E\"\n"
        )
    };
    let roles = format!("{HEAD}{}{END}", (0..70).map(role).collect::<String>()).replace("start = \"a\"\n", "");
    assert_eq!(error(&roles.replace("[[scene]]\nid = \"z\"\n", "[[scene]]\nid = \"z\"\nrole = \"r0\"\n")), "too-large");
    let keys: String = (0..100_000).map(|n| format!("[[scene]]\nid = \"s{n}\"\ntitl = \"A\"\n")).collect();
    assert_eq!(error(&with(&keys)), "unknown-key");
    let slips: String =
        (0..20_000).map(|n| format!("[[scene]]\nid = \"scene_number_{n}\"\ngoto = \"scene_numbr_{n}\"\n")).collect();
    assert_eq!(error(&with(&slips)), "unknown-scene");
    let see: String =
        (0..20_000).map(|n| format!("[[term]]\nid = \"t{n}\"\nname = \"T\"\nsee = [\"term:u{n}\"]\n")).collect();
    assert_eq!(error(&with(&see)), "unknown-entry");
}

/// Writes a story with a number somewhere.
type Write<'a> = dyn Fn(&str) -> String + 'a;

#[test]
fn numbers_out_of_bounds() {
    let event = "[[event]]\nid = \"e\"\ndate = 1917-03-01\ntitle = \"E\"\nsources = [\"x\"]\n";
    let places: [(&str, &Write<'_>); 11] = [
        ("format", &|n| scene("").replace("format = 1", &format!("format = {n}"))),
        ("start", &|n| scene("").replace("v = 5", &format!("v = {n}"))),
        ("min", &|n| scene("").replace("v = 5", &format!("v = {{ start = 5, min = {n} }}"))),
        ("max", &|n| scene("").replace("v = 5", &format!("v = {{ start = 5, max = {n} }}"))),
        ("value", &|n| {
            scene("").replace("v = 5", &format!("v = {{ start = 5, record = [{{ date = 1917-03-01, value = {n} }}] }}"))
        }),
        ("show", &|n| scene(&format!("draw = {{ pool = \"p\", show = {n} }}"))),
        ("weight", &|n| scene("").replace("goto = \"z\"", &format!("goto = [{{ to = \"z\", weight = {n} }}]"))),
        ("window", &|n| with(&format!("{event}window = {n}\n"))),
        ("weight of an event", &|n| with(&format!("{event}weight = {n}\n"))),
        ("an effect", &|n| scene(&format!("do = \"v = {n} + 99999999999999999999\""))),
        ("after", &|n| scene(&format!("after = \"{n} days\""))),
    ];
    let numbers =
        ["99999999999999999999", "-99999999999999999999", "-9223372036854775808", "0x7fffffffffffffff", "1e400", "nan"];
    for ((place, text), number) in places.iter().flat_map(|place| numbers.iter().map(move |number| (place, number))) {
        let code = error(&text(number));
        let codes = ["bad-value", "wrong-type", "missing-key", "bad-effect", "bad-date", "unknown-pool", "toml-syntax"];
        assert!(codes.contains(&code), "{place} = {number}: {code}");
    }
    assert_eq!(error(&with(&format!("{event}window = -1\n"))), "bad-value");
    assert_eq!(
        error(&scene("draw = { pool = \"p\", show = 1000000 }\n[[scene]]\nid = \"s\"\npool = \"p\"")),
        "bad-value"
    );
}

#[test]
fn dates_out_of_bounds() {
    let of = |begins: &str, ends: &str| scene("").replace("1917-02-01", begins).replace("1917-12-31", ends);
    assert_eq!(error(&of("0000-01-01", "9999-12-31")), "bad-date");
    assert_eq!(error(&of("1917-02-29", "1917-12-31")), "toml-syntax");
    assert_eq!(play(&of("0000-01-01", "0000-12-31")).log().len(), 1);
    assert_eq!(play(&of("9999-01-01", "9999-12-31")).log().len(), 1);
    for date in ["0000-01-01", "9999-12-31"] {
        assert_eq!(error(&scene(&format!("date = {date}"))), "bad-date");
        let event = format!("[[event]]\nid = \"e\"\ndate = {date}\ntitle = \"E\"\nsources = [\"x\"]\nwindow = 1000\n");
        assert_eq!(play(&with(&event)).log().len(), 1);
    }
}

#[test]
fn a_story_that_goes_round_for_ever() {
    let round = scene("").replace("goto = \"z\"", "goto = \"b\"\n[[scene]]\nid = \"b\"\ngoto = \"a\"");
    assert_eq!(play(&round).log().len(), 100);
    let story = load(&Sources::single("x.toml", &round), None).story.expect("a loop is no error");
    let roles: Vec<_> = story.playable().collect();
    let tally = sample(&story, Plan { roles: &roles, seed: 1, plays: 3, digest: false, together: false });
    assert_eq!(tally.plays, 3);
}

#[test]
fn markdown_of_the_worst_kind() {
    for (text, times) in [
        ("*", 50_000),
        ("[", 50_000),
        ("> ", 20_000),
        ("`a ", 20_000),
        ("<a ", 20_000),
        ("[a](b ", 20_000),
        ("*a **b ", 20_000),
        ("![[](", 20_000),
    ] {
        assert_eq!(play(&scene(&format!("text = '{}'", text.repeat(times)))).log().len(), 1, "{text}");
    }
}
