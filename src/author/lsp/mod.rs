//! A language server: an editor's diagnostics, completion, hover and definitions.
//!
//! One message after the other, on one thread: a story is checked in less time than it takes to
//! press a key. The server never writes a file.

mod complete; // what may stand at a place
mod index; // where ids are declared
mod text; // positions as editors count, paths as they name them
mod workspace; // the story that a file belongs to, unsaved text laid over it

use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde_json::{Value, json};

use self::complete::completions;
pub(in crate::author) use self::index::{Index, Kind as Named};
use self::text::{offset, path_of, range, uri_of};
use self::workspace::Workspace;
use crate::catalogue::Catalogue;
use crate::diagnostic::{Severity, Span};
use crate::tr;

/// Serves an editor until it says goodbye or closes the connection: in the language that it asks
/// for, else in that of `words`. Returns whether it said goodbye in the proper order.
///
/// # Errors
///
/// Where the connection breaks, or what comes over it is no message.
pub fn serve(words: Catalogue, input: &mut impl BufRead, output: &mut dyn Write) -> io::Result<bool> {
    let mut server = Server { words, workspace: Workspace::default(), shut_down: false };
    while let Some(message) = Message::read(input)? {
        let answers = match message {
            Message::Request(request) => vec![Message::Response(server.answer(request))],
            Message::Notification(told) if told.method == "exit" => return Ok(server.shut_down),
            Message::Notification(told) => server.told(&told),
            Message::Response(_) => Vec::new(),
        };
        for answer in answers {
            // `Message::write` asks for a sized writer.
            let mut framed = Vec::new();
            answer.write(&mut framed)?;
            output.write_all(&framed)?;
        }
        output.flush()?;
    }
    Ok(false)
}

struct Server {
    words: Catalogue,
    workspace: Workspace,
    shut_down: bool,
}

/// Where the cursor is.
struct Cursor {
    path: PathBuf,
    text: String,
    offset: usize,
}

impl Server {
    fn answer(&mut self, request: Request) -> Response {
        let result = match request.method.as_str() {
            "initialize" => {
                if let Some(locale) = request.params["locale"].as_str() {
                    self.words = Catalogue::of(locale);
                }
                capabilities()
            }
            "shutdown" => {
                self.shut_down = true;
                Value::Null
            }
            "textDocument/completion" => self.at(&request.params).map_or(Value::Null, |at| self.complete(&at)),
            "textDocument/hover" => self.at(&request.params).map_or(Value::Null, |at| self.hover(&at)),
            "textDocument/definition" => self.at(&request.params).map_or(Value::Null, |at| self.definition(&at)),
            unknown => {
                let message = format!("{unknown} is not offered");
                return Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message);
            }
        };
        Response::new_ok(request.id, result)
    }

    fn told(&mut self, told: &Notification) -> Vec<Message> {
        let document = &told.params["textDocument"];
        let Some(path) = document["uri"].as_str().and_then(path_of) else {
            return Vec::new();
        };
        match told.method.as_str() {
            "textDocument/didOpen" => self.workspace.edit(&path, document["text"].as_str()),
            "textDocument/didChange" => {
                // The whole text is asked for, so the last change is all of it.
                let changes = told.params["contentChanges"].as_array();
                let text = changes.and_then(|changes| changes.last()).and_then(|change| change["text"].as_str());
                self.workspace.edit(&path, text);
            }
            "textDocument/didClose" => self.workspace.close(&path),
            "textDocument/didSave" => {}
            _ => return Vec::new(),
        }
        self.workspace.check(&path).into_iter().map(|file| publish(file, &self.words)).collect()
    }

    fn at(&self, params: &Value) -> Option<Cursor> {
        let path = path_of(params["textDocument"]["uri"].as_str()?)?;
        let text = self.workspace.text(&path)?;
        let number = |key: &str| params["position"][key].as_u64().and_then(|number| usize::try_from(number).ok());
        let offset = offset(&text, number("line")?, number("character")?);
        Some(Cursor { path, text, offset })
    }

    fn complete(&self, at: &Cursor) -> Value {
        let index = Index::of(&self.workspace.sources(&at.path));
        let items = completions(&index, &at.text[..at.offset]);
        let item = |item: complete::Item| json!({ "label": item.label, "kind": item.kind, "detail": item.detail });
        json!(items.into_iter().map(item).collect::<Vec<_>>())
    }

    /// The page of what is wrong here.
    fn hover(&self, at: &Cursor) -> Value {
        let here = |span: &Span| (span.start as usize..=span.end as usize).contains(&at.offset);
        let found = self.workspace.found(&at.path);
        let Some((found, span)) = found.iter().find(|(_, span)| here(span)) else { return Value::Null };
        let place = range(&at.text, span.start as usize..span.end as usize);
        json!({ "contents": { "kind": "markdown", "value": found.code.page(&self.words) }, "range": place })
    }

    fn definition(&self, at: &Cursor) -> Value {
        let sources = self.workspace.sources(&at.path);
        let index = Index::of(&sources);
        let places = index.definitions(&at.text, at.offset).map(|name| {
            let file = sources.file(name.span.file);
            let place = name.span.start as usize..name.span.end as usize;
            json!({ "uri": uri_of(&file.name), "range": range(&file.text, place) })
        });
        json!(places.collect::<Vec<_>>())
    }
}

fn capabilities() -> Value {
    json!({
        "capabilities": {
            "textDocumentSync": { "openClose": true, "change": 1, "save": true },
            "completionProvider": { "triggerCharacters": ["\"", "(", ":", ".", "{", " "] },
            "hoverProvider": true,
            "definitionProvider": true,
        },
        "serverInfo": { "name": "petrograd", "version": env!("CARGO_PKG_VERSION") },
    })
}

fn publish(file: workspace::Findings, words: &Catalogue) -> Message {
    let diagnostics = file.found.iter().map(|(found, span)| {
        let related = found.labels.iter().skip(1).filter_map(|label| {
            let (name, text) = file.others.get(&label.span.file)?;
            let place = range(text, label.span.start as usize..label.span.end as usize);
            Some(json!({ "location": { "uri": uri_of(name), "range": place }, "message": label.text.read(words) }))
        });
        let mut message = found.message.read(words);
        for help in &found.help {
            message.push_str(&format!("\n{}: {}", tr!(words, "help"), help.read(words)));
        }
        json!({
            "range": range(&file.text, span.start as usize..span.end as usize),
            "severity": if found.severity() == Severity::Error { 1 } else { 2 },
            "code": found.code.name(),
            "source": "petrograd",
            "message": message,
            "relatedInformation": related.collect::<Vec<_>>(),
        })
    });
    let params = json!({ "uri": uri_of(&file.name), "diagnostics": diagnostics.collect::<Vec<_>>() });
    Message::Notification(Notification { method: "textDocument/publishDiagnostics".to_owned(), params })
}
