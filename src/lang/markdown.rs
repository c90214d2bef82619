//! Whether prose holds anything that Markdown would read as more than words.

/// Whether Markdown would read more in this than words and paragraphs.
pub(super) fn is_markdown(text: &str) -> bool {
    let is_sign = |byte: &u8| matches!(byte, b'*' | b'_' | b'[' | b'`' | b'#' | b'<' | b'&' | b'\\' | b'~');
    // In chunks without a way out, which is many bytes at a time: every word of a story comes by.
    let mut chunks = text.as_bytes().chunks(64);
    chunks.any(|chunk| chunk.iter().fold(false, |found, byte| found | is_sign(byte)))
        || text.lines().any(begins_a_block)
}

/// Whether a line begins a quotation, or an item of a list.
fn begins_a_block(line: &str) -> bool {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, &line.as_bytes()[digits..]) {
        (0, [b'>', ..]) => true,
        (0, [b'-' | b'+', rest @ ..]) | (1..10, [b'.' | b')', rest @ ..]) => matches!(rest, [] | [b' ' | b'\t', ..]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_markdown;

    #[test]
    fn markdown_is_told_from_words() {
        for plain in ["a - b, 1917. It was", "3.5", "-a", "a\nb", "1234567890. a"] {
            assert!(!is_markdown(plain), "{plain:?}");
        }
        for marked in ["a *b*", "a\n- b", "12. a", "1) a", "> a", "-", "[a](term:a)", "a\\"] {
            assert!(is_markdown(marked), "{marked:?}");
        }
    }
}
