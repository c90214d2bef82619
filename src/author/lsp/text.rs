//! Positions as editors count them, lines from 0 and UTF-16 units in the line, and paths as they
//! name them, as URIs.

use std::ops::Range;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::diagnostic::render::encoded;

/// The byte of a position, the end of the line or of the text where it lies beyond.
pub fn offset(text: &str, line: usize, character: usize) -> usize {
    let mut start = 0;
    for _ in 0..line {
        match text[start..].find('\n') {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let mut units = 0;
    for (at, c) in text[start..].char_indices() {
        if units >= character || c == '\n' {
            return start + at;
        }
        units += c.len_utf16();
    }
    text.len()
}

/// The positions of some bytes.
pub fn range(text: &str, bytes: Range<usize>) -> Value {
    json!({ "start": position(text, bytes.start), "end": position(text, bytes.end.max(bytes.start)) })
}

fn position(text: &str, byte: usize) -> Value {
    let byte = (0..=byte.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let before = &text[..byte];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}

/// The path of a `file:` URI.
pub fn path_of(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            _ => byte,
        });
    }
    let path = String::from_utf8(bytes).ok()?;
    // `file:///c:/…`: the slash before a drive is the URI's.
    let drive = path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &path[1..] } else { &path }))
}

/// The `file:` URI of a path.
pub fn uri_of(path: &str) -> String {
    let parts: Vec<String> = path.trim_start_matches('/').split(['/', '\\']).map(encoded).collect();
    format!("file:///{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{offset, path_of, range, uri_of};

    #[test]
    fn positions_count_units_of_utf_16() {
        let text = "a\nñ𝄞b\n";
        let place = |n: usize| range(text, n..n)["start"]["character"].as_u64();
        assert_eq!([place(2), place(4), place(8), place(9)], [Some(0), Some(1), Some(3), Some(4)]);
        assert_eq!([offset(text, 1, 0), offset(text, 1, 3), offset(text, 1, 99), offset(text, 9, 0)], [2, 8, 9, 10]);
    }

    #[test]
    fn paths_are_named_as_uris_and_back() {
        assert_eq!(uri_of("/a b/ñ.toml"), "file:///a%20b/%C3%B1.toml");
        assert_eq!(path_of("file:///a%20b/%C3%B1.toml").as_deref(), Some(Path::new("/a b/ñ.toml")));
        assert_eq!(path_of("file:///c%3A/a.toml").as_deref(), Some(Path::new("c:/a.toml")));
        assert_eq!((path_of("untitled:1"), path_of("file:///%zz")), (None, None));
    }
}
