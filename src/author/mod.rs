//! What authors are helped with: a story to begin with, a schema for their editor, a file for
//! their translators, a language server, a script to read.

pub mod diff; // what becomes of a story's plays from one version to the next
pub mod export; // the whole story in one piece
pub mod graph; // the story as a picture
pub mod lsp; // a language server
pub mod new; // a small story to begin with
pub mod proved; // what proving says, told by ids
pub mod translate; // a PO file that keeps up with its story

/// The JSON Schema of a story's files, for editors.
pub const SCHEMA: &str = include_str!("story.schema.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::SCHEMA;
    use crate::story::keys::{self, Table};

    fn keys_of(schema: &Value) -> BTreeSet<&str> {
        let properties = schema["properties"].as_object().expect("a table with keys");
        properties.keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_has_every_key_that_is_read_and_no_other() {
        let schema: Value = serde_json::from_str(SCHEMA).expect("it is JSON");
        let named = |name: &str| keys_of(&schema["definitions"][name]);
        let same = |found: BTreeSet<&str>, table: &Table| {
            assert_eq!(found, table.keys.iter().copied().collect(), "{}", table.name);
        };
        let tables = [
            ("story", keys::STORY),
            ("variable_table", keys::VARIABLE),
            ("record", keys::RECORD),
            ("role", keys::ROLE),
            ("scene", keys::SCENE),
            ("choice", keys::CHOICE),
            ("goto_entry", keys::GOTO),
            ("hinge", keys::HINGE),
            ("side", keys::SIDE),
            ("hinge_outcome", keys::HINGE_OUTCOME),
            ("event", keys::EVENT),
            ("outcome", keys::OUTCOME),
            ("law", keys::LAW),
            ("place", keys::CODEX),
        ];
        for (name, table) in tables {
            same(named(name), &table);
        }
        let inside = |name: &str, key: &str| keys_of(&schema["definitions"][name]["properties"][key]);
        same(inside("scene", "draw"), &keys::DRAW);
        same(inside("law", "before"), &keys::BEFORE);
        same(inside("law", "odds"), &keys::ODDS);
        same(keys_of(&schema["oneOf"][0]), &keys::FILE);
        for (layout, table, own) in [(1, &keys::SCENE, "scene"), (2, &keys::HINGE, "hinge")] {
            let mut found = keys_of(&schema["oneOf"][layout]);
            assert!(found.remove(own) && found.insert("id"));
            same(found, table);
        }
    }
}
