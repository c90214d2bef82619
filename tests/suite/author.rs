//! The author's tools, run as the program runs them.

use std::fs;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use petrograd::story::{Sources, load};
use serde_json::{Value, json};

use crate::check::clean_folder;

const STORIES: [&str; 5] = [
    "docs/examples/ferry.toml",
    "docs/examples/bakery.toml",
    "docs/examples/market",
    "docs/examples/lighthouse",
    "story",
];

fn petrograd(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
    command.current_dir(folder).args(arguments).env("LC_ALL", "C").env_remove("LANGUAGE");
    command.output().expect("the program starts")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_new_story_checks_clean_and_is_never_written_over() {
    let folder = clean_folder("new");
    for path in ["my-story", "one.toml"] {
        let made = petrograd(&folder, &["new", path]);
        assert_eq!(made.status.code(), Some(0), "{}", said(&made));
        assert!(said(&made).contains(&format!("petrograd check {path}")), "{}", said(&made));
        let checked = petrograd(&folder, &["check", "--deny", "warnings", path]);
        assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
        let before = fs::read_dir(folder.join("my-story")).expect("a folder").count();
        let again = petrograd(&folder, &["new", path]);
        assert_eq!(again.status.code(), Some(2), "{}", said(&again));
        assert_eq!(fs::read_dir(folder.join("my-story")).expect("a folder").count(), before);
    }
    let [many, one] = ["my-story", "one.toml"].map(|path| load(&Sources::read(&folder.join(path)).0, None));
    let [many, one] = [many, one].map(|loaded| loaded.story.expect("it loads"));
    assert_eq!((many.scenes.len(), many.events.len()), (one.scenes.len(), one.events.len()));
    assert_eq!((many.manifest.title.as_str(), many.manifest.id.as_str()), ("My story", "my_story"));
}

#[test]
fn a_story_in_one_file_is_the_same_story() {
    for story in STORIES {
        let whole = petrograd(&root(), &["export", "--format", "toml", story]);
        assert_eq!(whole.status.code(), Some(0), "{}", said(&whole));
        let text = String::from_utf8(whole.stdout).expect("it is text");
        let one = load(&Sources::single("one.toml", &text), None);
        let many = load(&Sources::read(&root().join(story)).0, None).story.expect("it loads");
        assert_eq!(one.story.expect("one file loads").logic, many.logic, "{story}");
        let again = petrograd::author::export::one_file(&Sources::single("one.toml", &text)).expect("it is TOML");
        assert_eq!(again, text, "{story}: exporting an export changes nothing");
    }
}

#[test]
fn scripts_hold_every_scene_and_no_broken_anchor() {
    for story in STORIES {
        let script = said(&petrograd(&root(), &["export", "--format", "markdown", story]));
        let page = said(&petrograd(&root(), &["export", "--format", "html", story]));
        let loaded = load(&Sources::read(&root().join(story)).0, None).story.expect("it loads");
        for scene in &loaded.scenes {
            assert!(script.contains(&format!("<a id=\"scene-{}\"></a>", scene.id)), "{story}: {}", scene.id);
        }
        let anchors = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for anchor in anchors {
            assert!(page.contains(&format!("<a id=\"{anchor}\">")), "{story}: #{anchor}");
        }
        assert!(!page.contains("<script") && !page.contains("src="), "{story}");
    }
}

#[test]
fn translations_keep_up_with_their_story() {
    let folder = clean_folder("translate");
    assert!(petrograd(&folder, &["new", "it"]).status.success());
    let run = || {
        let done = petrograd(&folder, &["translate", "it", "--lang", "es"]);
        assert_eq!(done.status.code(), Some(0), "{}", said(&done));
        said(&done)
    };
    let first = run();
    assert!(first.contains("translated 0") && first.contains("put aside 0"), "{first}");
    let file = folder.join("it/lang/es.po");
    let empty = fs::read_to_string(&file).expect("it was written");
    let done = empty.replace("msgid \"It\"\nmsgstr \"\"", "msgid \"It\"\nmsgstr \"Ello\"");
    assert_ne!(done, empty);
    fs::write(&file, &done).expect("it can be written");
    assert!(run().contains("translated 1, to look at again 0"), "kept");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), done, "nothing else changes");
    let manifest = folder.join("it/story.toml");
    let story = fs::read_to_string(&manifest).expect("a story").replace("\"It\"", "\"It again\"");
    fs::write(&manifest, story).expect("it can be written");
    assert!(run().contains("translated 0, to look at again 1"), "marked");
    assert!(fs::read_to_string(&file).expect("it is there").contains("#, fuzzy\n#| msgid \"It\"\nmsgctxt"), "marked");
    let checked = petrograd(&folder, &["check", "it"]);
    assert!(checked.status.success(), "{}", said(&checked));
    for (arguments, code) in
        [(["translate", "it", "--lang", "../es"], 2), (["translate", "it/story.toml", "--lang", "es"], 2)]
    {
        assert_eq!(petrograd(&folder, &arguments).status.code(), Some(code));
    }
}

#[test]
fn the_schema_takes_every_story() {
    let schema: Value = serde_json::from_slice(&petrograd(&root(), &["schema"]).stdout).expect("it is JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("story.json", schema).expect("it can be added");
    let index = compiler.compile("story.json", &mut schemas).expect("it is a schema");
    let valid = |text: &str| {
        let value = json_of(text.parse::<toml::Table>().expect("it is TOML").into());
        schemas.validate(&value, index).is_ok()
    };
    let mut files = 0;
    for story in STORIES {
        for file in Sources::read(&root().join(story)).0.files.iter().filter(|file| file.name.ends_with(".toml")) {
            assert!(valid(&file.text), "{}", file.name);
            files += 1;
        }
    }
    assert!(files > 40, "{files}");
    for wrong in
        ["titel = 1", "[[scene]]\ntitle = \"no id\"", "scene = \"a\"\n[[event]]\nid = \"b\"", "[story]\nformat = 2"]
    {
        assert!(!valid(wrong), "{wrong}");
    }
}

/// As editors see TOML: dates are strings.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json_of(value))).collect(),
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
    }
}

/// An editor's side of a session over standard input and output.
struct Editor {
    child: std::process::Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Editor {
    fn start() -> Editor {
        let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
        let mut child =
            command.args(["lsp", "--stdio"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let answers = BufReader::new(child.stdout.take().expect("it was piped"));
        Editor { child, answers }
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let input = self.child.stdin.as_mut().expect("it was piped");
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens");
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.send(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }));
        match self.next() {
            lsp_server::Message::Response(response) => response.response_result.unwrap_or(Value::Null),
            other => panic!("{other:?}"),
        }
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn next(&mut self) -> lsp_server::Message {
        lsp_server::Message::read(&mut self.answers).expect("it speaks the protocol").expect("it answers")
    }

    /// The codes that are told of the next file.
    fn findings(&mut self) -> (String, Vec<Value>) {
        match self.next() {
            lsp_server::Message::Notification(told) => {
                let file = told.params["uri"].as_str().expect("a file").rsplit('/').next().expect("a name").to_owned();
                (file, told.params["diagnostics"].as_array().expect("a list").clone())
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_editor_is_served() {
    let folder = clean_folder("lsp");
    assert!(petrograd(&folder, &["new", "it"]).status.success());
    let path = folder.join("it/scenes.toml");
    let uri = format!("file://{}", path.display());
    let saved = fs::read_to_string(&path).expect("it was written");
    let broken = saved.replacen("goto       = \"morning\"", "goto       = \"mornin\"", 1);
    assert_ne!(saved, broken);

    let mut editor = Editor::start();
    let able = editor.ask("initialize", &json!({ "capabilities": {} }));
    assert_eq!(able["capabilities"]["definitionProvider"], true);
    editor.tell("initialized", &json!({}));
    let document = |text: &str| json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
    editor.tell("textDocument/didOpen", &json!({ "textDocument": document(&broken) }));
    let (file, found) = editor.findings();
    let of_goto = found.iter().find(|found| found["code"] == "unknown-scene").expect("the unsaved text is checked");
    assert_eq!(file, "scenes.toml");
    assert!(
        of_goto["message"].as_str().is_some_and(|message| message.contains("did you mean `morning`?")),
        "{of_goto}"
    );

    let line = broken.lines().position(|line| line.contains("\"mornin\"")).expect("the broken line");
    assert_eq!(of_goto["range"]["start"], json!({ "line": line, "character": 13 }));
    let at = |line: usize, character: usize| json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
    let hover = editor.ask("textDocument/hover", &at(line, 16));
    assert!(hover["contents"]["value"].as_str().is_some_and(|page| page.starts_with("# unknown-scene")), "{hover}");
    let offered = editor.ask("textDocument/completion", &at(line, 16));
    let labels: Vec<&str> =
        offered.as_array().expect("a list").iter().filter_map(|item| item["label"].as_str()).collect();
    assert_eq!(labels, ["wireless_room", "the_call", "morning", "@return"]);

    let text = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": saved }] });
    editor.tell("textDocument/didChange", &text);
    assert_eq!(editor.findings(), ("scenes.toml".to_owned(), vec![]), "mended, so the file is clean again");
    let places = editor.ask("textDocument/definition", &at(line, 16));
    let declared = saved.lines().position(|line| line.contains("id     = \"morning\"")).expect("the scene");
    assert_eq!(places[0]["range"]["start"]["line"], declared, "{places}");
    let unknown = editor.ask("textDocument/rename", &at(line, 16));
    assert_eq!(unknown, Value::Null, "what is not offered is refused and the session goes on");

    editor.ask("shutdown", &Value::Null);
    editor.tell("exit", &Value::Null);
    assert_eq!(editor.child.wait().expect("it ends").code(), Some(0));
}
