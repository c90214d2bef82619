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

    /// Adds text below.
    pub fn push(&mut self, text: &str) {
        self.text.push_str("\n\n");
        self.text.push_str(text);
    }
}

/// Gathers pieces on screens of fewer than `room` lines, where a piece is not longer itself.
pub fn screens(blocks: impl Iterator<Item = Block>, room: usize) -> Vec<String> {
    let mut screens: Vec<String> = Vec::new();
    let mut waits = true;
    for block in blocks {
        match screens.last_mut() {
            Some(screen) if !waits && screen.lines().count() + block.text.lines().count() < room => {
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
        assert_eq!(screens(plain(), 4), ["one\n\ntwo\ntwo", "three"]);
        assert_eq!(screens(Block::screens(texts.clone()), 9), ["one", "two\ntwo", "three"]);
        assert_eq!(screens(plain(), 1), ["one", "two\ntwo", "three"], "what is too long stands alone");
    }
}
