//! A hash of everything that can change a play, and of no prose: FNV-1a, 64 bits.

/// The hash while it is fed.
#[derive(Debug)]
pub struct Logic(u64);

impl Default for Logic {
    fn default() -> Logic {
        Logic(0xcbf2_9ce4_8422_2325)
    }
}

impl Logic {
    /// Feeds some text and a mark that ends it.
    pub fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Feeds a number.
    pub fn number(&mut self, number: i64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Sixteen hexadecimal digits.
    pub fn digits(&self) -> String {
        format!("{:016x}", self.0)
    }
}
