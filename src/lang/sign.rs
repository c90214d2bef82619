//! What stands between two operands, and how tightly it binds.

/// How tightly comparisons bind.
pub(super) const COMPARISON: u8 = 4;

/// A sign between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Or,
    And,
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Sign {
    /// All, the longer before those that they begin with.
    pub(super) const ALL: [Sign; 13] = [
        Sign::AtMost,
        Sign::AtLeast,
        Sign::Equal,
        Sign::Different,
        Sign::Less,
        Sign::Greater,
        Sign::Add,
        Sign::Subtract,
        Sign::Multiply,
        Sign::Divide,
        Sign::Remainder,
        Sign::And,
        Sign::Or,
    ];

    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Sign::Or => "or",
            Sign::And => "and",
            Sign::Equal => "==",
            Sign::Different => "!=",
            Sign::Less => "<",
            Sign::AtMost => "<=",
            Sign::Greater => ">",
            Sign::AtLeast => ">=",
            Sign::Add => "+",
            Sign::Subtract => "-",
            Sign::Multiply => "*",
            Sign::Divide => "/",
            Sign::Remainder => "%",
        }
    }

    /// How tightly it binds; comparisons don't chain.
    pub(super) fn strength(self) -> u8 {
        match self {
            Sign::Or => 1,
            Sign::And => 2,
            Sign::Equal | Sign::Different | Sign::Less | Sign::AtMost | Sign::Greater | Sign::AtLeast => COMPARISON,
            Sign::Add | Sign::Subtract => 5,
            Sign::Multiply | Sign::Divide | Sign::Remainder => 6,
        }
    }
}
