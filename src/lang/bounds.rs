//! What is known of a number before it is computed: the least and the greatest that it can be.

use super::code::{Comparison, Operation};

/// Least and greatest, both included.
pub type Bounds = (i64, i64);

/// The bounds of an arithmetic operation on numbers within bounds. Of a division the divisor's
/// bounds don't contain zero.
pub fn arithmetic(operation: Operation, x: Bounds, y: Bounds) -> Bounds {
    let corners = |of: fn(i64, i64) -> i64| {
        let all = [of(x.0, y.0), of(x.0, y.1), of(x.1, y.0), of(x.1, y.1)];
        (all.into_iter().min().unwrap_or(0), all.into_iter().max().unwrap_or(0))
    };
    match operation {
        Operation::Add => corners(i64::saturating_add),
        Operation::Subtract => corners(i64::saturating_sub),
        Operation::Multiply => corners(i64::saturating_mul),
        Operation::Divide => corners(|a, b| a.checked_div(b).unwrap_or(0)),
        Operation::Remainder => {
            // As large as the divisor less one, of the left side's sign, and no larger than it.
            let most = y.0.saturating_abs().max(y.1.saturating_abs()) - 1;
            (if x.0 < 0 { (-most).max(x.0) } else { 0 }, if x.1 > 0 { most.min(x.1) } else { 0 })
        }
        Operation::Least => (x.0.min(y.0), x.1.min(y.1)),
        Operation::Greatest => (x.0.max(y.0), x.1.max(y.1)),
        Operation::And | Operation::Or => (0, 1),
    }
}

/// Whether a comparison of numbers within bounds can hold, and whether it can fail.
pub fn comparison(how: Comparison, x: Bounds, y: Bounds) -> (bool, bool) {
    match how {
        Comparison::Less => (x.0 < y.1, x.1 >= y.0),
        Comparison::AtMost => (x.0 <= y.1, x.1 > y.0),
        Comparison::Greater => (x.1 > y.0, x.0 <= y.1),
        Comparison::AtLeast => (x.1 >= y.0, x.0 < y.1),
        Comparison::Equal => (x.0 <= y.1 && y.0 <= x.1, !(x.0 == x.1 && x == y)),
        Comparison::Different => {
            let (equal, different) = comparison(Comparison::Equal, x, y);
            (different, equal)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_what_they_bound() {
        let numbers = [(-3, 2), (0, 4), (1, 1), (-5, -2)];
        let operations =
            [Operation::Add, Operation::Subtract, Operation::Multiply, Operation::Divide, Operation::Remainder];
        for (x, y) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (*x, *y))) {
            for (a, b) in (x.0..=x.1).flat_map(|a| (y.0..=y.1).map(move |b| (a, b))) {
                for operation in operations {
                    let value = match operation {
                        Operation::Add => a + b,
                        Operation::Subtract => a - b,
                        Operation::Multiply => a * b,
                        _ if y.0 <= 0 && y.1 >= 0 => continue,
                        Operation::Divide => a / b,
                        _ => a % b,
                    };
                    let (min, max) = arithmetic(operation, x, y);
                    assert!(min <= value && value <= max, "{a} {operation:?} {b} = {value} not in {min}..={max}");
                }
                for how in [
                    Comparison::Equal,
                    Comparison::Different,
                    Comparison::Less,
                    Comparison::AtMost,
                    Comparison::Greater,
                ] {
                    let (can_hold, can_fail) = comparison(how, x, y);
                    assert!(if how.holds(a, b) { can_hold } else { can_fail }, "{a} {how:?} {b}");
                }
            }
        }
    }
}
