//! Tokens, codes and hashes.

use sha2::{Digest, Sha256};

/// The letters of join codes: none that is mistaken for another, none that spells by accident.
const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Letters of a join code: 24 to the sixth is 1.9 × 10⁸.
pub const CODE: usize = 6;

/// Bytes from the system's generator. Where that fails nothing here is safe, so it ends.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        panic!("the system's random generator does not answer: {error}");
    }
    bytes
}

/// A new token: 128 bits, as letters.
pub fn token() -> String {
    hex(&random::<16>())
}

/// A new join code.
pub fn code() -> String {
    (0..CODE).map(|_| char::from(LETTERS[below(LETTERS.len())])).collect()
}

/// A number below a bound.
pub fn below(bound: usize) -> usize {
    let wide = u128::from(u64::from_le_bytes(random::<8>())) * bound as u128;
    (wide >> 64) as usize
}

/// A number.
pub fn number() -> u64 {
    u64::from_le_bytes(random::<8>())
}

/// A join code as somebody typed it.
pub fn typed_code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect()
}

/// SHA-256.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// SHA-256, as letters: how tokens are kept.
pub fn hash(text: &str) -> String {
    hex(&digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
