//! A whole story in one piece: as one file that loads equally, or as a script to read.

mod page; // the script as a web page
mod script; // the script, in Markdown

pub use self::{page::page, script::script};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Key, Table, TomlError};

use crate::story::Sources;

/// A story's files as one, in TOML: what it means is the same, comments are kept where they
/// stood. Translations are left out.
///
/// # Errors
///
/// Where a file is not TOML, or declares as a list what another declares as a table; a story that
/// loaded is neither.
pub fn one_file(sources: &Sources) -> Result<String, TomlError> {
    let mut whole = Table::new();
    for file in sources.files.iter().filter(|file| file.name.ends_with(".toml")) {
        let mut table = file.text.parse::<DocumentMut>()?.into_table();
        for kind in ["scene", "hinge"] {
            if table.get(kind).is_some_and(Item::is_str) {
                let mut alone = ArrayOfTables::new();
                alone.push(with_id(table, kind));
                table = Table::new();
                table.insert(kind, Item::ArrayOfTables(alone));
            }
        }
        merge(&mut whole, table);
    }
    forget_places(&mut whole);
    let mut document = DocumentMut::new();
    *document.as_table_mut() = whole;
    Ok(document.to_string().trim_start().to_owned())
}

/// The table of a file that is one scene or hinge: its id under `id`.
fn with_id(mut file: Table, kind: &str) -> Table {
    let mut table = Table::new();
    for name in file.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>() {
        let Some((key, item)) = file.remove_entry(&name) else { continue };
        if name == kind {
            let mut id = Key::new("id");
            id.leaf_decor_mut().clone_from(key.leaf_decor());
            table.insert_formatted(&id, item);
        } else {
            table.insert_formatted(&key, item);
        }
    }
    table.decor_mut().set_prefix("\n");
    table
}

fn merge(whole: &mut Table, file: Table) {
    for (name, item) in file {
        match (whole.get_mut(&name), spelt_out(item)) {
            (Some(Item::Table(there)), Item::Table(more)) => there.extend(more),
            (Some(Item::ArrayOfTables(there)), Item::ArrayOfTables(more)) => there.extend(more),
            (_, item) => drop(whole.insert(&name, item)),
        }
    }
}

/// Tables and lists of them under headers of their own, with a line free above.
fn spelt_out(item: Item) -> Item {
    let free_above = |table: &mut Table| {
        if table.decor().prefix().is_none_or(|prefix| prefix.as_str() == Some("")) {
            table.decor_mut().set_prefix("\n");
        }
    };
    match item.into_table() {
        Ok(mut table) => {
            free_above(&mut table);
            Item::Table(table)
        }
        Err(other) => match other.into_array_of_tables() {
            Ok(mut tables) => {
                tables.iter_mut().for_each(free_above);
                Item::ArrayOfTables(tables)
            }
            Err(value) => value,
        },
    }
}

/// Tables are written in the order in which they stand, not at the places of their old files.
fn forget_places(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => forget_places(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(forget_places),
            Item::None | Item::Value(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::one_file;
    use crate::story::{Source, Sources};

    #[test]
    fn files_become_one() {
        let file = |name: &str, text: &'static str| Source { name: name.to_owned(), text: Cow::Borrowed(text) };
        let sources = Sources {
            files: vec![
                file(
                    "1.toml",
                    "[story]\nid = \"a\"\n[world]\nbread = 1\n[[scene]]\nid = \"x\"\n[[scene.choice]]\nid = \"1\"\n",
                ),
                file(
                    "2.toml",
                    "# Of the queue.\nrole = \"w\"\nscene = \"y\"\n\n# A choice.\n[[choice]]\nid = \"2\"\n[[choice.choice]]\nid = \"3\"\n",
                ),
                file("3.toml", "world = { coal = 2 }\nscene = [{ id = \"z\" }]\n"),
                file("lang/es.po", "msgid \"\""),
            ],
        };
        let out = one_file(&sources).expect("it is TOML");
        let expected = "[story]\nid = \"a\"\n\n[world]\nbread = 1\ncoal = 2\n\n[[scene]]\nid = \"x\"\n[[scene.choice]]\nid = \"1\"\n
[[scene]]\n# Of the queue.\nrole = \"w\"\nid = \"y\"\n\n# A choice.\n[[scene.choice]]\nid = \"2\"\n[[scene.choice.choice]]\nid = \"3\"\n
[[scene]]\nid = \"z\"\n";
        assert_eq!(out, expected);
    }
}
