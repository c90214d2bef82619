//! Which plural form a number takes, by the rule in a PO file's header.

/// Rules nest no deeper; gettext's own rule for Arabic has five levels.
const MAX_DEPTH: u32 = 32;

/// Returns the form for `n` by the rule of a `Plural-Forms` header (`nplurals=2; plural=(n != 1);`),
/// or `None` where the rule can't be read or asks for what can't be computed.
pub fn form(header: &str, n: u64) -> Option<usize> {
    let rule = header.split(';').find_map(|part| part.trim().strip_prefix("plural"))?;
    let rule = rule.trim_start().strip_prefix('=')?;
    let mut rule = Rule { rest: rule, n, depth: 0 };
    let value = rule.ternary()?;
    if rule.rest.trim().is_empty() { usize::try_from(value).ok() } else { None }
}

/// What is left to read of a rule, a C expression over `n`.
struct Rule<'a> {
    rest: &'a str,
    n: u64,
    depth: u32,
}

/// Binary operators by how tightly they bind, loosest first. Where one begins another, the longer
/// stands first.
const LEVELS: [&[&str]; 6] = [&["||"], &["&&"], &["==", "!="], &["<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

impl Rule<'_> {
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn ternary(&mut self) -> Option<u64> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let condition = self.binary(0)?;
        let value = if self.eat("?") {
            let then = self.ternary()?;
            let otherwise = if self.eat(":") { self.ternary()? } else { return None };
            if condition != 0 { then } else { otherwise }
        } else {
            condition
        };
        self.depth -= 1;
        Some(value)
    }

    fn binary(&mut self, level: usize) -> Option<u64> {
        let Some(operators) = LEVELS.get(level) else { return self.operand() };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.eat(operator)) {
            let right = self.binary(level + 1)?;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    fn operand(&mut self) -> Option<u64> {
        let mut negated = None;
        while self.eat("!") {
            negated = Some(!negated.unwrap_or(false));
        }
        let value = if self.eat("(") {
            let value = self.ternary()?;
            if !self.eat(")") {
                return None;
            }
            value
        } else if self.eat("n") {
            self.n
        } else {
            let text = self.rest.trim_start();
            let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
            self.rest = &text[digits..];
            text[..digits].parse().ok()?
        };
        Some(match negated {
            Some(odd) => u64::from((value == 0) == odd),
            None => value,
        })
    }
}

fn apply(operator: &str, left: u64, right: u64) -> Option<u64> {
    Some(match operator {
        "||" => u64::from(left != 0 || right != 0),
        "&&" => u64::from(left != 0 && right != 0),
        "==" => u64::from(left == right),
        "!=" => u64::from(left != right),
        "<=" => u64::from(left <= right),
        ">=" => u64::from(left >= right),
        "<" => u64::from(left < right),
        ">" => u64::from(left > right),
        "+" => left.checked_add(right)?,
        "-" => left.checked_sub(right)?,
        "*" => left.checked_mul(right)?,
        "/" => left.checked_div(right)?,
        _ => left.checked_rem(right)?,
    })
}

#[cfg(test)]
mod tests {
    use super::form;

    const RUSSIAN: &str =
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";
    const ARABIC: &str =
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;";

    #[test]
    fn rules_of_real_languages() {
        let forms = |rule: &str, numbers: &[u64]| -> Vec<usize> {
            numbers.iter().map(|&n| form(rule, n).expect("a rule of a real language")).collect()
        };
        assert_eq!(forms("nplurals=2; plural=(n != 1);", &[0, 1, 2, 21]), [1, 0, 1, 1]);
        assert_eq!(forms("nplurals=2; plural=n > 1", &[0, 1, 2]), [0, 0, 1]);
        assert_eq!(forms(RUSSIAN, &[0, 1, 2, 5, 11, 12, 21, 22, 111]), [2, 0, 1, 2, 2, 2, 0, 1, 2]);
        assert_eq!(forms(ARABIC, &[0, 1, 2, 3, 11, 100, 102]), [0, 1, 2, 3, 4, 5, 5]);
        assert_eq!(forms("nplurals=1; plural=0;", &[7]), [0]);
        assert_eq!(forms("nplurals=2; plural=!(n==1) + !!n - 1;", &[0, 2]), [0, 1]);
    }

    #[test]
    fn what_is_no_rule_has_no_form() {
        let deep = format!("plural={}n{};", "(".repeat(9_000), ")".repeat(9_000));
        for rule in
            ["", "plural", "plural=", "plural=n/0;", "plural=n-2;", "plural=n ? 1;", "plural=(n;", "plural=n n;", &deep]
        {
            assert_eq!(form(rule, 1), None, "{rule:.40}");
        }
    }
}
