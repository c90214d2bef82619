//! The codex places, drawn in characters and listed.

use unicode_width::UnicodeWidthStr;

use super::look::{Look, Tone, clean};
use crate::catalogue::Catalogue;
use crate::story::model::{Entry, EntryId, EntryKind, Story};
use crate::tr;

/// Columns and rows that the places of a story are laid out on.
const GRID: (i64, i64) = (60, 22);

/// Columns below which a map says less than its list.
const NARROWEST: usize = 50;

/// The map where there is room for one, and the list of the places.
pub fn map(story: &Story, words: &Catalogue, look: &Look, here: Option<EntryId>) -> String {
    let places: Vec<(EntryId, &Entry)> = story
        .codex
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == EntryKind::Place && entry.at.is_some())
        .map(|(index, entry)| (EntryId(index as u32), entry))
        .collect();
    if places.is_empty() {
        return look.wrap(&tr!(words, "This story has no map."), "", "");
    }
    let mut parts = Vec::new();
    if look.draws() && look.width >= NARROWEST {
        parts.push(draw(look, &places, here));
    }
    parts.push(list(words, look, &places, here));
    parts.join("\n\n")
}

fn list(words: &Catalogue, look: &Look, places: &[(EntryId, &Entry)], here: Option<EntryId>) -> String {
    let digits = places.len().to_string().len();
    let line = |(index, (id, place)): (usize, &(EntryId, &Entry))| {
        let number = format!("{:>digits$}  ", index + 1);
        let text = match here == Some(*id) {
            true => look.paint(Tone::Strong, &tr!(words, "{place}: you are here", place = place.name)),
            false => clean(&place.name).into_owned(),
        };
        look.wrap(&text, &number, &" ".repeat(digits + 2))
    };
    places.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// Draws the places with their numbers, and with their names where these fit.
fn draw(look: &Look, places: &[(EntryId, &Entry)], here: Option<EntryId>) -> String {
    let columns = look.width.min(GRID.0 as usize) as i64;
    let rows = look.height.map_or(GRID.1, |height| (height as i64 - 2).clamp(8, GRID.1));
    let mut canvas = Canvas::new(columns as usize, rows as usize);
    let scaled = |(x, y): (i64, i64)| {
        let column = (x.clamp(0, GRID.0 - 1) * columns / GRID.0) as usize;
        let row = (y.clamp(0, GRID.1 - 1) * rows / GRID.1) as usize;
        (column, row)
    };
    let sign = |index: usize, id: EntryId| {
        if here == Some(id) { format!("[{}]", index + 1) } else { (index + 1).to_string() }
    };
    let spots: Vec<(usize, usize, String, &str)> = places
        .iter()
        .enumerate()
        .map(|(index, (id, place))| {
            let (column, row) = scaled(place.at.unwrap_or_default());
            (column, row, sign(index, *id), place.name.as_str())
        })
        .collect();
    // All numbers first: a name must never hide a place.
    for (column, row, sign, _) in &spots {
        canvas.put(column.saturating_sub(usize::from(sign.starts_with('['))), *row, sign);
    }
    for (column, row, sign, name) in &spots {
        let right = column + sign.len() + usize::from(!sign.starts_with('['));
        let left = column.checked_sub(name.width() + 1 + usize::from(sign.starts_with('[')));
        if !canvas.put_where_free(right, *row, name)
            && let Some(left) = left
        {
            canvas.put_where_free(left, *row, name);
        }
    }
    canvas.text()
}

/// A grid of characters.
struct Canvas {
    rows: Vec<Vec<char>>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Canvas {
        Canvas { rows: vec![vec![' '; columns]; rows] }
    }

    /// Writes at a place; from further left where it would stand out at the right, from the next
    /// row where the place is taken.
    fn put(&mut self, column: usize, row: usize, text: &str) {
        let free = |row: &Vec<char>| {
            let column = column.min(row.len().saturating_sub(text.len()));
            row[column..].iter().take(text.len()).all(|&c| c == ' ')
        };
        let row = (row..self.rows.len()).find(|&row| free(&self.rows[row])).unwrap_or(row);
        let column = column.min(self.rows[row].len().saturating_sub(text.len()));
        for (offset, c) in text.chars().enumerate() {
            self.rows[row][column + offset] = c;
        }
    }

    /// Writes where there is room, with a space to either side.
    fn put_where_free(&mut self, column: usize, row: usize, text: &str) -> bool {
        let length = text.chars().count();
        // A wide letter would shift what stands to its right.
        if text.width() != length || column + length > self.rows[row].len() || text.chars().any(char::is_control) {
            return false;
        }
        let from = column.saturating_sub(1);
        let until = (column + length + 1).min(self.rows[row].len());
        let own = |at: usize| at == from && column > 0;
        if (from..until).any(|at| self.rows[row][at] != ' ' && !own(at)) {
            return false;
        }
        for (offset, c) in text.chars().enumerate() {
            self.rows[row][column + offset] = c;
        }
        true
    }

    fn text(&self) -> String {
        let line = |row: &Vec<char>| row.iter().collect::<String>().trim_end().to_owned();
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::look::Form;

    fn place(name: &str, at: (i64, i64)) -> Entry {
        Entry {
            kind: EntryKind::Place,
            id: name.to_lowercase(),
            name: name.to_owned(),
            text: None,
            see: Vec::new(),
            sources: Vec::new(),
            at: Some(at),
        }
    }

    #[test]
    fn places_stand_where_they_are_with_their_names() {
        let entries =
            [place("Smolny", (54, 9)), place("Fortress", (20, 9)), place("Palace", (20, 12)), place("Out", (500, -3))];
        let places: Vec<_> = entries.iter().enumerate().map(|(i, e)| (EntryId(i as u32), e)).collect();
        let drawn = draw(&Look::new(80, Some(24), Form::Drawn), &places, Some(EntryId(1)));
        insta::assert_snapshot!(drawn);
    }
}
