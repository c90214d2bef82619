//! What fits on a window, and what waits for Enter.

/// A piece of what is shown.
pub struct Block {
    /// What is read.
    pub text: String,
    /// Whether what follows waits for Enter.
    waits: bool,
}

impl Block {
    /// Text that nothing waits after.
    pub fn new(text: String) -> Block {
        Block { text, waits: false }
    }

    /// The screens of a text, each but the last waiting for Enter.
    pub fn screens(texts: Vec<String>) -> impl Iterator<Item = Block> {
        let last = texts.len().saturating_sub(1);
        texts.into_iter().enumerate().map(move |(index, text)| Block { text, waits: index < last })
    }

    /// Its paragraphs as pieces of their own, where it does not fit on a window.
    fn cut(self, room: usize) -> Vec<Block> {
        if room < LEAST_ROOM || self.text.lines().count() < room {
            return vec![self];
        }
        let mut pieces: Vec<Block> = self.text.split("\n\n").map(|part| Block::new(part.to_owned())).collect();
        if let Some(last) = pieces.last_mut() {
            last.waits = self.waits;
        }
        pieces
    }

    /// Adds text below.
    pub fn push(&mut self, text: &str) {
        self.text.push_str("\n\n");
        self.text.push_str(text);
    }
}

/// A window of fewer lines shows nothing whole, so nothing is cut for it.
const LEAST_ROOM: usize = 8;

/// Gathers pieces on screens of fewer than `room` lines; a piece that is longer is cut between its
/// paragraphs.
pub fn screens(blocks: impl Iterator<Item = Block>, room: usize) -> Vec<String> {
    let mut screens: Vec<String> = Vec::new();
    let mut waits = true;
    for block in blocks.flat_map(|block| block.cut(room)) {
        match screens.last_mut() {
            Some(screen) if !waits && screen.lines().count() + 1 + block.text.lines().count() < room => {
                *screen = format!("{screen}\n\n{}", block.text);
            }
            _ => screens.push(block.text),
        }
        waits = block.waits;
    }
    screens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_ends_where_the_story_says_and_where_the_window_does() {
        let texts = ["one", "two\ntwo", "three"].map(str::to_owned).to_vec();
        let plain = || texts.clone().into_iter().map(Block::new);
        assert_eq!(screens(plain(), 9), ["one\n\ntwo\ntwo\n\nthree"]);
        assert_eq!(screens(plain(), 5), ["one\n\ntwo\ntwo", "three"]);
        assert_eq!(screens(Block::screens(texts.clone()), 9), ["one", "two\ntwo", "three"]);
        assert_eq!(screens(plain(), 1), ["one", "two\ntwo", "three"], "what is too long stands alone");
        let long = || vec![Block::new(["a\nb\nc"; 4].join("\n\n"))].into_iter();
        assert_eq!(screens(long(), 9), ["a\nb\nc\n\na\nb\nc", "a\nb\nc\n\na\nb\nc"], "between paragraphs");
    }
}
