//! What may stand where somebody types.

use super::index::{Index, Kind, Name};

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What is written.
    pub label: String,
    /// Its kind, by the protocol's numbers.
    pub kind: u32,
    /// What it is.
    pub detail: String,
}

const FUNCTIONS: [(&str, &[Kind]); 8] = [
    ("happened", &[Kind::Event]),
    ("averted", &[Kind::Event]),
    ("days_since", &[Kind::Event]),
    ("visited", &[Kind::Scene]),
    ("visits", &[Kind::Scene]),
    ("ending", &[Kind::Scene]),
    ("chose", &[Kind::Scene, Kind::Hinge]),
    ("outcome", &[Kind::Outcome]),
];

/// The kinds of id that a key's string holds.
const KEYS: [(&str, &[Kind]); 10] = [
    ("goto", &[Kind::Scene, Kind::Hinge]),
    ("to", &[Kind::Scene, Kind::Hinge]),
    ("start", &[Kind::Scene]),
    ("place", &[Kind::Place]),
    ("role", &[Kind::Role]),
    ("roles", &[Kind::Role]),
    ("needs", &[Kind::Event]),
    ("people", &[Kind::Person]),
    ("pool", &[Kind::Pool]),
    ("see", &[]),
];

/// What may follow a text up to the cursor, in the order of declaration, each once.
pub fn completions(index: &Index, before: &str) -> Vec<Item> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let word = line.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '@')).map_or(0, |at| at + 1);
    let lead = line.get(..word).unwrap_or_default();
    let mut items = suggest(index, lead, before);
    let mut seen = std::collections::BTreeSet::new();
    items.retain(|item| seen.insert(item.label.clone()));
    items
}

fn suggest(index: &Index, lead: &str, before: &str) -> Vec<Item> {
    if let Some(kind) = link(lead) {
        return of(index, &kind);
    }
    if let Some(holder) = lead.strip_suffix('.').map(last_word) {
        let belongs = |name: &&Name| name.holder == holder && matches!(name.kind, Kind::Choice | Kind::Variable);
        let bare = |name: &Name| Item { label: name.id.clone(), ..item(name) };
        return index.names.iter().filter(belongs).map(bare).collect();
    }
    let function = lead.strip_suffix('(').map(last_word);
    if let Some((_, kinds)) = FUNCTIONS.iter().find(|(name, _)| Some(*name) == function) {
        return of(index, kinds);
    }
    let verb = lead.trim_end();
    if lead.ends_with(' ') && ["happen", "avert"].contains(&last_word(verb)) {
        return of(index, &[Kind::Event]);
    }
    match key_of_string(lead) {
        Some(key @ ("if" | "do" | "is" | "always" | "never" | "possible" | "inevitable" | "first" | "then" | "of")) => {
            let mut items = expression(index);
            if key == "do" {
                items.extend(["happen", "avert"].map(|verb| word(verb, "effect")));
            }
            items
        }
        Some(key) if !lead.ends_with('{') => {
            let Some((_, kinds)) = KEYS.iter().find(|(name, _)| *name == key) else { return prose(index, lead) };
            let mut items = of(index, kinds);
            if kinds.contains(&Kind::Hinge) {
                items.push(word("@return", "back to the scene that drew this one"));
            }
            items
        }
        _ if before.contains('{') => prose(index, lead),
        _ => Vec::new(),
    }
}

/// In prose: what may follow an opened brace.
fn prose(index: &Index, lead: &str) -> Vec<Item> {
    let Some(open) = lead.rfind('{').filter(|open| !lead[*open..].contains('}')) else { return Vec::new() };
    let inside = lead[open + 1..].trim_start();
    let mut items = expression(index);
    if inside.is_empty() {
        let tags = ["if", "elif", "else", "end", "first", "then", "cycle", "any", "or"];
        items.extend(tags.map(|tag| word(tag, "template")));
    }
    items
}

fn expression(index: &Index) -> Vec<Item> {
    let mut items = of(index, &[Kind::Variable, Kind::Symbol]);
    items.extend(FUNCTIONS.iter().map(|(name, _)| Item {
        label: (*name).to_owned(),
        kind: 3,
        detail: "function".to_owned(),
    }));
    items.extend(
        ["and", "or", "not", "true", "false", "date", "role", "digest", "min", "max"]
            .map(|name| word(name, "expression")),
    );
    items
}

/// The kinds of entry that a link may lead to: `[Marfa](person:`.
fn link(lead: &str) -> Option<[Kind; 1]> {
    let kind = [("person:", Kind::Person), ("place:", Kind::Place), ("term:", Kind::Term)];
    let (_, kind) = kind.into_iter().find(|(prefix, _)| {
        lead.strip_suffix(prefix).is_some_and(|before| before.ends_with('(') || before.ends_with('"'))
    })?;
    Some([kind])
}

/// The key whose string the end of the line lies in.
fn key_of_string(lead: &str) -> Option<&str> {
    let quotes: Vec<usize> = lead.match_indices('"').map(|(at, _)| at).collect();
    let open = quotes.chunks(2).find(|pair| pair.len() == 1)?[0];
    let before = lead[..open].trim_end();
    // `needs = ["a", "`: the key of the list.
    let before = match before.rfind('[') {
        Some(at) if !before[at..].contains(['{', ']']) => before[..at].trim_end(),
        _ => before,
    };
    Some(last_word(before.strip_suffix('=')?.trim_end()))
}

fn last_word(text: &str) -> &str {
    text.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()
}

fn of(index: &Index, kinds: &[Kind]) -> Vec<Item> {
    kinds.iter().flat_map(|kind| index.of_kind(*kind)).map(item).collect()
}

fn word(label: &str, detail: &str) -> Item {
    Item { label: label.to_owned(), kind: 14, detail: detail.to_owned() }
}

fn item(name: &Name) -> Item {
    let detail = format!("{:?}", name.kind).to_lowercase();
    let kind = match name.kind {
        Kind::Variable => 6,
        Kind::Symbol => 20,
        _ => 18,
    };
    let holder = if name.holder.is_empty() { String::new() } else { format!(" of {}", name.holder) };
    let label = match name.kind {
        Kind::Variable if !name.holder.is_empty() => format!("{}.{}", name.holder, name.id),
        _ => name.id.clone(),
    };
    Item { label, kind, detail: detail + &holder }
}

#[cfg(test)]
mod tests {
    use super::completions;
    use crate::author::lsp::index::Index;
    use crate::story::Sources;

    #[test]
    fn ids_are_offered_where_they_may_stand() {
        let story = "[world]\nbread = 1\n[[role]]\nid = \"weaver\"\n[role.traits]\nnerve = 1\n[[scene]]\nid = \"queue\"\n\
                     [[scene.choice]]\nid = \"wait\"\n[[event]]\nid = \"strike\"\n[[person]]\nid = \"marfa\"\n";
        let index = Index::of(&Sources::single("a.toml", story));
        let offered = |before: &str| {
            let labels = completions(&index, before).into_iter().map(|item| item.label);
            labels.take(2).collect::<Vec<_>>().join(" ")
        };
        let cases = [
            ("goto = \"", "queue @return"),
            ("goto = \"qu", "queue @return"),
            ("goto = [{ to = \"", "queue @return"),
            ("text = '''\nAsk [her](person:m", "marfa"),
            ("if = \"", "bread weaver.nerve"),
            ("if = \"bread > 1 and happened(", "strike"),
            ("if = \"chose(", "queue"),
            ("if = \"chose(queue.", "wait"),
            ("if = \"weaver.", "nerve"),
            ("do = \"bread -= 1; happen ", "strike"),
            ("needs = [\"strike\", \"", "strike"),
            ("text = '''\nBread {", "bread weaver.nerve"),
            ("text = '''\nBread {bread} is", ""),
            ("title = \"", ""),
        ];
        for (before, expected) in cases {
            assert_eq!(offered(before), expected, "{before}");
        }
    }
}
