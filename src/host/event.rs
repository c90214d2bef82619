//! What is written in a class's log. A class is what its log says: see `room`.
//!
//! Names, tokens and single ballots are not in it, so that they can be erased and the log still
//! replays to the same state.

use serde::{Deserialize, Serialize};

/// Who plays what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Each role is a group; hinges are decided by all groups at once.
    Factions,
    /// One role; everybody votes.
    Class,
    /// Everybody plays alone.
    Alone,
}

/// Where the class stands in a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Seats fill.
    Lobby,
    /// Everybody reads.
    Read,
    /// Each group talks among itself.
    Caucus,
    /// Screens are dark: people talk.
    Argue,
    /// Seats are left, and pledges given.
    Corridor,
    /// Ballots are taken.
    Vote,
    /// Ballots are counted; nobody but the teacher has seen the result.
    Closed,
    /// The result is shown.
    Revealed,
    /// The story is over: the debriefing.
    Over,
}

impl Phase {
    /// Whether people talk in it.
    pub fn is_talk(self) -> bool {
        matches!(self, Phase::Caucus | Phase::Argue | Phase::Corridor)
    }

    /// Whether it comes before a vote, so that one can be opened.
    pub fn is_before(self) -> bool {
        self == Phase::Read || self.is_talk()
    }
}

/// How many votes an option needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The most votes.
    Most,
    /// More than half of those cast; else a runoff.
    Half,
    /// Two thirds of those cast; else a runoff.
    TwoThirds,
}

/// What decides between equals, after the undecided have cast their votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// It is drawn.
    Chance,
    /// They vote again on the equals; if they are equal again, it is drawn.
    Again,
    /// What history did, if it is among the equals; else it is drawn.
    History,
    /// The teacher says.
    Teacher,
}

/// Who sees how people voted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// A roll-call: names stand beside the options.
    Open,
    /// The count of each option.
    Tally,
    /// What won, and nothing else.
    Secret,
}

/// How decisions are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How many votes are needed.
    pub rule: Rule,
    /// What decides between equals.
    pub tie: Tie,
    /// Who sees how people voted.
    pub secrecy: Secrecy,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { rule: Rule::Most, tie: Tie::Chance, secrecy: Secrecy::Tally }
    }
}

/// What one role is asked in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The role, by id.
    pub role: String,
    /// The scene or hinge, by id.
    pub at: String,
    /// What can be taken, by id.
    pub options: Vec<String>,
}

/// Why an option won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By votes.
    Votes,
    /// By the votes of the undecided.
    Casting,
    /// It was drawn.
    Chance,
    /// History decided between equals.
    History,
    /// The teacher said.
    Teacher,
    /// Nobody voted: it went as it did in 1917, or as the first option says.
    Nobody,
    /// The vote was left out: it went as it did in 1917.
    Skipped,
    /// Nothing won: there is a runoff between those that are left.
    Runoff,
    /// Nothing won: the teacher has to say.
    Waits,
}

/// What came of one role's vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The role, by id.
    pub role: String,
    /// Votes by option, in the order of the options.
    pub votes: Vec<u32>,
    /// Votes of the undecided, likewise; empty where there are none.
    pub casting: Vec<u32>,
    /// How many passed.
    pub passed: u32,
    /// What won.
    pub winner: Option<String>,
    /// Why.
    pub how: How,
    /// What is left for a runoff, or for the teacher to say.
    pub left: Vec<String>,
    /// What was drawn, where chance decided: a number below the number of equals.
    pub drawn: Option<u32>,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A class begins its log.
    Created { story: String, logic: String, engine: String, seed: String },
    /// Somebody took a seat; a waiting one needs the teacher's tap.
    SeatOpened { seat: u32, waiting: bool },
    /// The teacher let somebody in.
    SeatAdmitted { seat: u32 },
    /// A seat was taken away.
    SeatClosed { seat: u32 },
    /// It was given back.
    SeatReopened { seat: u32 },
    /// A seat's name, token or language is another now.
    SeatChanged { seat: u32 },
    /// A seat belongs to this group; to none where it is undecided.
    RoleAssigned { seat: u32, role: Option<String> },
    /// A device asks for a seat, by its words.
    Claimed { claim: u32, seat: u32 },
    /// The teacher has answered it.
    ClaimAnswered { claim: u32, granted: bool },
    /// A note came in, or what is to happen with it was said.
    NoteChanged { note: u32 },
    /// The story begins.
    Begun { mode: Mode, roles: Vec<String>, digest: bool },
    /// The class goes to this phase.
    PhaseSet { phase: Phase },
    /// Everybody stands up.
    Paused { on: bool },
    /// The vote closes at this time (milliseconds since 1970), or when the teacher says.
    TimerSet { until: Option<u64> },
    /// Decisions are taken so from now on.
    RulesSet { rules: Rules },
    /// Nobody new comes in.
    Locked { on: bool },
    /// New seats need the teacher's tap.
    TapSet { on: bool },
    /// Whoever comes late belongs to no group, or fills the smallest.
    LateSet { undecided: bool },
    /// Whoever plays alone can go on until this time (milliseconds since 1970).
    DueSet { until: Option<u64> },
    /// Ballots are taken.
    DecisionOpened { round: u32, runoff: bool, rules: Rules, asked: Vec<Asked> },
    /// They were counted: those up to `cut`.
    DecisionClosed { round: u32, cut: u64, counted: Vec<Counted> },
    /// The teacher said between equals.
    TieBroken { round: u32, role: String, option: String },
    /// The result is shown; once more, and the votes of the undecided are too.
    Revealed { round: u32 },
    /// The story went on.
    Advanced { taken: Vec<Taken>, state: String },
    /// Somebody who plays alone went on.
    Stepped { seat: u32, turn: u32, option: String, state: String },
    /// Somebody was drawn to speak for a group.
    SpeakerDrawn { role: Option<String>, seat: u32 },
    /// A group has a chair now, by so many votes; where `drawn` is set the lot decided between so
    /// many equals. It has none where no seat is named.
    ChairElected { role: String, seat: Option<u32>, votes: u32, drawn: Option<u32> },
    /// Whoever in a group has not voted yet is reminded; the undecided where no group is named.
    Nudged { role: Option<String> },
    /// These were drawn to speak.
    SpeakersDrawn { seats: Vec<u32> },
    /// Who was drawn stands on the projector, or no longer.
    SpeakersShown { on: bool },
    /// A vote on a trifle is open, or no longer.
    Practised { on: bool },
    /// Those who play alone are led to one place, or go on from theirs.
    Gathered { on: bool },
    /// Back to where things stood after this line; what came since is kept as a branch.
    Forked { from: u64 },
    /// The lesson is over.
    Ended,
    /// It was not: it goes on.
    Resumed,
    /// Names, tokens, notes and ballots were deleted.
    Purged,
}

/// What one role did when the story went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The role, by id.
    pub role: String,
    /// What it took, by id; `continue` where it read on.
    pub option: String,
    /// Why.
    pub how: How,
}

impl Counted {
    /// Whether the undecided voted in it.
    pub fn has_casting(&self) -> bool {
        self.casting.iter().any(|votes| *votes > 0)
    }

    /// What is shown before the votes of the undecided are: they come last.
    #[must_use]
    pub fn without_casting(&self) -> Counted {
        let mut veiled = self.clone();
        veiled.casting.clear();
        if matches!(self.how, How::Casting | How::Chance | How::History | How::Waits | How::Teacher) {
            (veiled.winner, veiled.how) = (None, How::Casting);
        }
        veiled
    }
}

impl Event {
    /// Whether it belongs to the game and is taken back by a fork; seats and notes are not.
    pub fn is_of_game(&self) -> bool {
        matches!(
            self,
            Event::Begun { .. }
                | Event::PhaseSet { .. }
                | Event::Paused { .. }
                | Event::TimerSet { .. }
                | Event::RulesSet { .. }
                | Event::DecisionOpened { .. }
                | Event::DecisionClosed { .. }
                | Event::TieBroken { .. }
                | Event::Revealed { .. }
                | Event::Advanced { .. }
                | Event::SpeakerDrawn { .. }
                | Event::SpeakersDrawn { .. }
                | Event::SpeakersShown { .. }
        )
    }

    /// The name of its kind, as it stands in the log.
    pub fn kind(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default().to_owned()
    }

    /// A key that can stand in a class's log once: however many processes close a vote, one does.
    pub fn once(&self) -> Option<String> {
        match self {
            Event::DecisionOpened { round, .. } => Some(format!("opened {round}")),
            Event::DecisionClosed { round, .. } => Some(format!("closed {round}")),
            Event::SeatOpened { seat, .. } => Some(format!("seat {seat}")),
            _ => None,
        }
    }
}
