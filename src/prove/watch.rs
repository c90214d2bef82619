//! What is looked for while trees are run.

use super::controls::ControlId;
use super::live::Reads;
use super::residual::ResidualId;
use super::test::Test;

/// What a law wants to know on an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// That it comes about: the number of the law among those looked at.
    Hit(u16),
    /// Whether the play goes on from here.
    Cut,
}

/// What is asked on an arrival.
#[derive(Clone, Debug)]
pub struct Check {
    /// What for.
    pub want: Want,
    /// What.
    pub test: Test,
}

/// An arrival, ready to be run.
#[derive(Clone, Debug)]
pub struct Landing {
    /// Where.
    pub to: ControlId,
    /// Its chance within the input.
    pub share: f64,
    /// What is asked there.
    pub checks: Box<[Check]>,
}

/// What is looked for in an exploration.
pub trait Watch: Reads {
    /// What is asked on an arrival.
    fn checks(&self, from: Option<ControlId>, arrival: u32) -> Vec<(Want, ResidualId)>;
    /// Which arms of prose are looked at, of this list of those shown: their numbers, and if what.
    fn looks(&self, shows: u32) -> Vec<(u32, ResidualId)>;
    /// Which of some inputs are taken.
    fn taken(&self, control: ControlId, offered: &[u16]) -> Vec<u16>;
}
