//! A story as a script to read, in Markdown: for those who look for slips of the pen or of
//! history. Prose and guards stand as their author wrote them.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::catalogue::Catalogue;
use crate::tr;

/// Writes the script of a story that is one TOML file.
///
/// # Errors
///
/// Where it is not TOML.
pub fn script(story: &str, words: &Catalogue) -> Result<String, toml::de::Error> {
    let story: Table = toml::from_str(story)?;
    let hinges = tables(&story, "hinge").into_iter().map(|hinge| text(hinge, "id")).collect();
    let mut script = Script { words, hinges, out: String::new() };
    script.front(table(&story, "story"));
    for (kind, heading) in [
        ("role", tr!(words, "Roles")),
        ("scene", tr!(words, "Scenes")),
        ("hinge", tr!(words, "Hinges")),
        ("event", tr!(words, "The record")),
        ("outcome", tr!(words, "Outcomes")),
        ("person", tr!(words, "People")),
        ("place", tr!(words, "Places")),
        ("term", tr!(words, "Terms")),
    ] {
        let tables = tables(&story, kind);
        if !tables.is_empty() {
            script.line(&format!("\n## {heading}\n"));
        }
        for table in tables {
            script.section(kind, table);
        }
    }
    Ok(script.out)
}

struct Script<'a> {
    words: &'a Catalogue,
    /// By id: a `goto` may lead to one.
    hinges: BTreeSet<String>,
    out: String,
}

impl Script<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn section(&mut self, kind: &str, table: &Table) {
        match kind {
            "role" => self.role(table),
            "scene" => self.scene(table),
            "hinge" => self.hinge(table),
            "event" => self.event(table),
            "outcome" => self.outcome(table),
            _ => self.entry(kind, table),
        }
    }

    fn front(&mut self, story: &Table) {
        self.line(&format!("# {}\n", text(story, "title")));
        let facts = [list(story, "authors"), text(story, "version"), text(story, "license")];
        let days = [text(story, "begins"), text(story, "ends")].join(" – ");
        let known: Vec<String> = facts.into_iter().chain([days]).filter(|fact| !fact.is_empty()).collect();
        self.line(&known.join(" · "));
        self.quote(story, "text", "");
        self.quote(story, "notice", "");
    }

    /// A heading with an anchor, and a line of small facts below it.
    fn head(&mut self, kind: &str, table: &Table, facts: &[String]) {
        let id = text(table, "id");
        let title = [text(table, "title"), text(table, "name"), id.clone()].into_iter().find(|title| !title.is_empty());
        self.line(&format!("\n<a id=\"{kind}-{id}\"></a>\n\n### {}\n", title.unwrap_or_default()));
        let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
        self.line(&[format!("`{id}`"), facts.join(" · ")].join(if facts.is_empty() { "" } else { " · " }));
    }

    /// Prose as a quotation, its links led to the codex.
    fn quote(&mut self, table: &Table, key: &str, indent: &str) {
        let prose = text(table, key);
        if prose.trim().is_empty() {
            return;
        }
        let prose = ["person", "place", "term"]
            .iter()
            .fold(prose, |prose, kind| prose.replace(&format!("]({kind}:"), &format!("](#{kind}-")));
        self.line(indent.trim_end());
        for line in prose.trim().lines() {
            // A line of dashes would make a heading of the paragraph above it.
            let line = if line.trim() == "---" { "* * *" } else { line };
            self.line(format!("{indent}> {line}").trim_end());
        }
    }

    /// A fact with its name, where there is one: `**If** …`.
    fn fact(&mut self, name: &str, value: &str, indent: &str) {
        if !value.is_empty() {
            self.line(indent.trim_end());
            self.line(&format!("{indent}*{name}* {value}"));
        }
    }

    fn scholarship(&mut self, table: &Table) {
        let words = self.words;
        self.fact(&tr!(words, "Sources:"), &list(table, "sources"), "");
        self.fact(&tr!(words, "Note:"), &text(table, "note"), "");
    }

    fn role(&mut self, role: &Table) {
        self.head("role", role, &[self.leads_to(role.get("start"))]);
        self.quote(role, "text", "");
    }

    fn scene(&mut self, scene: &Table) {
        let words = self.words;
        let after = text(scene, "after");
        let facts = [
            text(scene, "role"),
            text(scene, "date"),
            after,
            text(scene, "place"),
            text(scene, "pool"),
            text(scene, "basis"),
        ];
        self.head("scene", scene, &facts);
        self.fact(&tr!(words, "If"), &code(scene, "if"), "");
        self.fact(&tr!(words, "Offered as"), &text(scene, "teaser"), "");
        self.fact(&tr!(words, "Effects:"), &code(scene, "do"), "");
        self.quote(scene, "text", "");
        self.choices(scene, 0);
        let drawn = scene.get("draw").and_then(Value::as_table);
        self.fact(&tr!(words, "Draws from"), &drawn.map(|draw| code(draw, "pool")).unwrap_or_default(), "");
        self.fact("→", &self.leads_to(scene.get("goto")), "");
        self.fact(&tr!(words, "Ending:"), &text(scene, "ending"), "");
        self.scholarship(scene);
    }

    fn choices(&mut self, holder: &Table, depth: usize) {
        let words = self.words;
        for (number, choice) in tables(holder, "choice").into_iter().enumerate() {
            let (lead, indent) = ("    ".repeat(depth), "    ".repeat(depth + 1));
            self.line("");
            let historical = choice.get("historical").and_then(Value::as_bool) == Some(true);
            let mark = if historical { format!(" · {}", tr!(words, "as in the record")) } else { String::new() };
            self.line(&format!("{lead}{}. **{}** `{}`{mark}", number + 1, text(choice, "text"), text(choice, "id")));
            self.fact(&tr!(words, "If"), &code(choice, "if"), &indent);
            self.fact(&tr!(words, "Else:"), &text(choice, "locked"), &indent);
            self.fact(&tr!(words, "Effects:"), &code(choice, "do"), &indent);
            self.quote(choice, "say", &indent);
            self.choices(choice, depth + 1);
            self.fact("→", &self.leads_to(choice.get("goto")), &indent);
        }
    }

    fn hinge(&mut self, hinge: &Table) {
        let words = self.words;
        self.head("hinge", hinge, &[text(hinge, "date"), text(hinge, "place")]);
        self.quote(hinge, "text", "");
        for side in tables(hinge, "side") {
            self.line(&format!("\n#### {}", text(side, "role")));
            self.quote(side, "text", "");
            self.choices(side, 0);
            self.fact("→", &self.leads_to(side.get("goto")), "");
        }
        for outcome in tables(hinge, "outcome") {
            self.line(&format!("\n#### {}", text(outcome, "title")));
            self.fact(&tr!(words, "If"), &code(outcome, "if"), "");
            self.fact(&tr!(words, "Effects:"), &code(outcome, "do"), "");
            self.quote(outcome, "text", "");
            for (role, goto) in outcome.get("goto").and_then(Value::as_table).into_iter().flatten() {
                self.fact(&format!("{role} →"), &self.leads_to(Some(goto)), "");
            }
        }
        self.scholarship(hinge);
    }

    fn event(&mut self, event: &Table) {
        let words = self.words;
        self.head(
            "event",
            event,
            &[text(event, "date"), text(event, "until"), text(event, "place"), text(event, "certainty")],
        );
        self.line(&format!("\n{}", text(event, "summary").trim()));
        self.fact(&tr!(words, "Needs"), &links(event, "needs", "event"), "");
        self.fact(&tr!(words, "If"), &code(event, "if"), "");
        self.fact(&tr!(words, "Effects:"), &code(event, "do"), "");
        self.quote(event, "news", "");
        self.fact(&tr!(words, "Otherwise:"), text(event, "otherwise").trim(), "");
        self.fact(&tr!(words, "Disputed:"), text(event, "dispute").trim(), "");
        self.fact(&tr!(words, "Argued:"), text(event, "argued").trim(), "");
        self.scholarship(event);
    }

    fn outcome(&mut self, outcome: &Table) {
        let words = self.words;
        let historical = outcome.get("historical").and_then(Value::as_bool) == Some(true);
        let mark = if historical { tr!(words, "as in the record") } else { String::new() };
        self.head("outcome", outcome, &[mark]);
        self.fact(&tr!(words, "If"), &code(outcome, "if"), "");
        self.quote(outcome, "text", "");
        self.fact(&tr!(words, "Argued:"), text(outcome, "argued").trim(), "");
        self.scholarship(outcome);
    }

    fn entry(&mut self, kind: &str, entry: &Table) {
        self.head(kind, entry, &[]);
        self.quote(entry, "text", "");
        self.scholarship(entry);
    }

    /// Where a `goto` leads, each entry with its guard or weight.
    fn leads_to(&self, goto: Option<&Value>) -> String {
        match goto {
            Some(Value::Array(entries)) => entries.iter().map(|entry| self.way(entry)).collect::<Vec<_>>().join("; "),
            Some(one) => self.way(one),
            None => String::new(),
        }
    }

    fn way(&self, entry: &Value) -> String {
        let Some(table) = entry.as_table() else { return self.target(entry.as_str().unwrap_or_default()) };
        let weight = text(table, "weight");
        let parts = [
            self.target(&text(table, "to")),
            if weight.is_empty() { weight } else { format!("× {weight}") },
            code(table, "if"),
            code(table, "do"),
            text(table, "say"),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn target(&self, to: &str) -> String {
        let kind = if self.hinges.contains(to) { "hinge" } else { "scene" };
        if to.starts_with('@') { format!("`{to}`") } else { format!("[`{to}`](#{kind}-{to})") }
    }
}

fn table<'t>(table: &'t Table, key: &str) -> &'t Table {
    static NONE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(Table::new);
    table.get(key).and_then(Value::as_table).unwrap_or(&NONE)
}

fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    table.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect()
}

/// A string, a date or a number as it stands; nothing where there is none.
fn text(table: &Table, key: &str) -> String {
    match table.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Datetime(date)) => date.to_string(),
        Some(Value::Integer(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Code on one line, between marks that it doesn't hold.
fn code(table: &Table, key: &str) -> String {
    let lines: Vec<String> =
        text(table, key).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { String::new() } else { format!("`{}`", lines.join("; ").replace('`', "'")) }
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    match table.get(key) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn list(table: &Table, key: &str) -> String {
    strings(table, key).join("; ")
}

fn links(table: &Table, key: &str, kind: &str) -> String {
    strings(table, key).iter().map(|id| format!("[`{id}`](#{kind}-{id})")).collect::<Vec<_>>().join(", ")
}
