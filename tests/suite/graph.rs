//! `petrograd graph`: pictures that say what plays come to, and break nothing that reads them.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::play::{Folder, petrograd};

/// A story that would end every string, tag and label it gets into, with a scene that no play
/// reaches and one where plays are stuck.
const NASTY: &str = r##"
[story]
format = 1
id = "nasty"
title = "\"<b>&amp;</script>\\ # {x}"
start = "end"
[[scene]]
id = "end"
title = "]--> \"quoted\" </svg>"
text = "</script><script>alert(1)</script>"
[[scene.choice]]
id = "graph"
text = "A \"choice\" <i>"
goto = "subgraph"
[[scene.choice]]
id = "stay"
text = "Stay."
goto = "stuck"
[[scene]]
id = "subgraph"
ending = "Well & done"
text = "Over."
[[scene]]
id = "stuck"
text = "No way."
[[scene.choice]]
id = "no"
text = "No."
if = "visits(attic) > 0"
goto = "attic"
[[scene]]
id = "attic"
ending = "Up"
text = "Never."
[[outcome]]
id = "day"
title = "A day"
historical = true
"##;

fn graph(arguments: &[&str]) -> String {
    let folder = Folder::new();
    let nasty = folder.0.join("nasty.toml");
    fs::write(&nasty, NASTY).expect("written");
    let mut command = petrograd(&folder.0);
    command
        .arg("graph")
        .args(arguments.iter().map(|one| if *one == "NASTY" { nasty.as_os_str() } else { one.as_ref() }));
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// The tags of a text of XML, each closed by its own.
fn is_well_formed(text: &str) -> Result<usize, String> {
    let (mut open, mut count, mut rest) = (Vec::new(), 0, text);
    while let Some(at) = rest.find('<') {
        let between = &rest[..at];
        if between.contains('>')
            || between
                .replace("&lt;", "")
                .replace("&gt;", "")
                .replace("&amp;", "")
                .replace("&quot;", "")
                .replace("&#39;", "")
                .contains('&')
        {
            return Err(format!("unescaped: {between}"));
        }
        let end = rest[at..].find('>').ok_or("a tag without an end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        count += 1;
        if tag.matches('"').count() % 2 == 1 {
            return Err(format!("quotes: {tag}"));
        }
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) if open.pop() != Some(name) => return Err(format!("closed by {name}")),
            (false, false) => open.push(name),
            _ => {}
        }
    }
    if open.is_empty() { Ok(count) } else { Err(format!("left open: {open:?}")) }
}

#[test]
fn the_picture_is_well_formed_whatever_the_story_says() {
    let picture = graph(&["NASTY", "--format", "svg"]);
    assert!(is_well_formed(&picture).expect("well formed") > 20);
    assert!(!picture.contains("</svg>\"") && picture.contains("&lt;/svg&gt;"), "{picture}");
    assert!(
        is_well_formed(&graph(&["--format", "svg", "--plays", "50", "--max-states", "0"])).expect("well formed") > 300
    );
}

#[test]
fn what_no_play_reaches_and_what_is_wrong_is_marked() {
    let picture = graph(&["NASTY", "--format", "svg"]);
    assert!(picture.contains("class=\"node ending never\"") && picture.contains("wrong"), "{picture}");
    let blind = graph(&["NASTY", "--format", "svg", "--plays", "0", "--max-states", "0"]);
    assert!(!blind.contains("class=\"node ending never\""), "nothing was asked");
}

#[test]
fn graphviz_reads_it() {
    let dot = graph(&["NASTY", "--format", "dot"]);
    assert!(dot.contains(r#""end" -> "subgraph""#), "{dot}");
    if !is_there("dot") {
        return;
    }
    for dot in [dot, graph(&["docs/examples/lighthouse", "--format", "dot"])] {
        let mut program = Command::new("dot")
            .arg("-Tsvg")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        program.stdin.take().expect("piped").write_all(dot.as_bytes()).expect("written");
        let output = program.wait_with_output().expect("it ends");
        assert!(
            output.status.success() && output.stdout.ends_with(b"</svg>\n"),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn mermaid_gets_no_word_of_its_own_and_no_open_label() {
    let text = graph(&["NASTY", "--format", "mermaid"]);
    assert!(text.contains("s_end --> s_subgraph"), "{text}");
    assert!(text.contains("s_attic([\"Up<br/>✕\"]):::never"), "{text}");
    for line in text.lines().skip(3).filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count(), 2, "{line}");
    }
    let opened = text.matches("subgraph role").count();
    assert_eq!(text.lines().filter(|line| line.trim() == "end").count(), opened, "{text}");
}

#[test]
fn only_the_roles_that_are_asked_for_are_drawn() {
    let all = graph(&["docs/examples/lighthouse", "--format", "mermaid"]);
    let one = graph(&["docs/examples/lighthouse", "--format", "mermaid", "--role", "keeper"]);
    assert!(
        all.contains("s_deck") && !one.contains("s_deck") && one.contains("subgraph role0") && !one.contains("role1"),
        "{one}"
    );
}

#[test]
fn the_page_says_what_it_knows_and_asks_nothing_of_the_network() {
    let page = graph(&["NASTY"]);
    assert!(!page.contains("</script><script>alert") && !page.contains("src=") && !page.contains("@import"));
    let data = page.split("id=\"data\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("data");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let reach: Vec<&str> =
        data["nodes"].as_array().expect("nodes").iter().map(|node| node["reach"].as_str().expect("text")).collect();
    assert_eq!(reach, ["reached", "reached", "reached", "never"]);
    assert_eq!(data["nodes"][2]["wrong"][0]["trace"][0], "end.stay");
    assert!(graph(&["NASTY", "--lang", "es"]).contains("Camino de un final"));
}

#[test]
fn a_browser_shows_what_is_asked_for() {
    if !is_there("chromium") {
        return;
    }
    let folder = Folder::new();
    let file = folder.0.join("page.html");
    fs::write(&file, graph(&["NASTY"])).expect("written");
    let profile = format!("--user-data-dir={}", folder.0.join("profile").display());
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", &profile])
        .arg(format!("file://{}#stuck", file.display()))
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("<code>stuck</code>") && shown.contains("<pre>end.stay</pre>"), "{shown}");
}
