//! A class: what its log says, with the names, notes and ballots that stand beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::caucus::{Caucus, is_decision};
use super::event::{Event, Mode, Phase};
use super::game::{Game, Mismatch, checksum};
use super::practice::Practice;
use super::rows::{BallotRow, Change, NoteRow, SeatRow, Undo};
pub use super::sitting::{Abandoned, Claim, Seat, Sitting, Vote};
use super::world::{World, open_picks};
use crate::engine::{Input, Play, Setup};

/// A class.
#[derive(Clone, Debug)]
pub struct Room {
    /// The number of the last line or ballot.
    pub head: u64,
    /// The last line that changed what students see.
    pub shown: u64,
    /// The last line that the teacher's buttons depend on.
    pub steered: u64,
    /// What decides where chance is asked.
    pub seed: u64,
    /// The ids of the story's roles.
    pub role_ids: Arc<Vec<String>>,
    /// The play and its turn.
    pub game: Game,
    /// The lines of the game that count, with their numbers.
    pub course: Vec<(u64, Arc<Event>)>,
    /// The courses that were left.
    pub branches: Vec<Abandoned>,
    /// The seats, by number.
    pub seats: BTreeMap<u32, Arc<Seat>>,
    /// The ballots of the round that is open or was last, by seat.
    pub votes: BTreeMap<u32, Vote>,
    /// The number of the last round.
    pub rounds: u32,
    /// What groups have to themselves.
    pub caucus: Caucus,
    /// A vote on a trifle.
    pub practice: Practice,
    /// Notes, by number.
    pub notes: BTreeMap<u32, Arc<NoteRow>>,
    /// Devices that ask for a seat.
    pub claims: Vec<Claim>,
    /// The number of the last claim.
    pub claimed: u32,
    /// When it was last written to (milliseconds since 1970).
    pub touched: u64,
    /// Whether nobody new comes in.
    pub locked: bool,
    /// Whether new seats need the teacher's tap.
    pub tap: bool,
    /// Whether whoever comes late belongs to no group.
    pub late_undecided: bool,
    /// Until when those who play alone can go on.
    pub due: Option<u64>,
    /// Whether those who play alone are gathered in one place.
    pub gathered: bool,
    /// Whether the lesson is over.
    pub ended: bool,
    /// Whether names and ballots were deleted.
    pub purged: bool,
    /// What undoes the teacher's last command, if that was about seats; others are undone by a fork.
    pub undo: Option<Arc<Undo>>,
}

impl Room {
    /// A class of which nothing has been read.
    pub fn new(world: &World) -> Room {
        let role_ids = world.story().roles.iter().map(|role| role.id.clone()).collect();
        Room {
            role_ids: Arc::new(role_ids),
            head: 0,
            shown: 0,
            steered: 0,
            seed: 0,
            game: Game::unbegun(),
            course: Vec::new(),
            branches: Vec::new(),
            seats: BTreeMap::new(),
            votes: BTreeMap::new(),
            rounds: 0,
            caucus: Caucus::default(),
            practice: Practice::default(),
            notes: BTreeMap::new(),
            claims: Vec::new(),
            claimed: 0,
            touched: 0,
            locked: false,
            tap: false,
            late_undecided: false,
            due: None,
            gathered: false,
            ended: false,
            purged: false,
            undo: None,
        }
    }

    /// The seats in which somebody sits.
    pub fn seated(&self) -> impl Iterator<Item = (u32, &Arc<Seat>)> + '_ {
        self.seats.iter().filter(|(_, seat)| seat.sitting == Sitting::Here).map(|(number, seat)| (*number, seat))
    }

    /// A seat, if somebody sits in it.
    pub fn here(&self, number: u32) -> Option<&Arc<Seat>> {
        self.seats.get(&number).filter(|seat| seat.sitting == Sitting::Here)
    }

    /// The seat whose token has this hash.
    pub fn seat_of(&self, token_hash: &str) -> Option<(u32, &Arc<Seat>)> {
        let holds = |seat: &Seat| seat.sitting != Sitting::Gone && seat.row.token_hash == token_hash;
        self.seats.iter().find(|(_, seat)| holds(seat)).map(|(number, seat)| (*number, seat))
    }

    /// The play that a seat reads, in a language.
    pub fn play_of(&self, world: &World, seat: &Seat, tongue: usize) -> Option<Arc<Play>> {
        if self.game.mode != Some(Mode::Alone) {
            return self.game.plays.get(tongue).or_else(|| self.game.plays.first()).cloned();
        }
        let play = seat.play.as_ref()?;
        if tongue == 0 {
            return Some(play.clone());
        }
        // Prose that was said is kept in one language; in another the play is taken once more.
        let story = &world.tongue(tongue).story;
        let mut other = Play::begin(story, play.setup().clone());
        for entry in play.log() {
            let _ = other.take_falling(story, entry.input, &entry.fell);
        }
        Some(Arc::new(other))
    }

    /// The last line that changed what a seat sees.
    pub fn seen(&self, seat: &Seat) -> u64 {
        self.shown.max(seat.seq)
    }

    /// Takes what was written, its lines and ballots numbered from the head on.
    ///
    /// # Errors
    ///
    /// Returns a [`Mismatch`] where a line does not lead where it led.
    pub fn take(&mut self, world: &World, at: u64, change: &Change) -> Result<(), Mismatch> {
        for row in &change.seats {
            self.seat_row(row);
        }
        for note in &change.notes {
            self.notes.insert(note.note, Arc::new(note.clone()));
        }
        for event in &change.events {
            self.head += 1;
            self.apply(world, self.head, at, event)?;
        }
        if let Some(ballot) = &change.ballot {
            self.head += 1;
            self.ballot(self.head, ballot);
        }
        Ok(())
    }

    /// A seat's row, new or changed.
    pub fn seat_row(&mut self, row: &SeatRow) {
        let seat = self.seats.entry(row.seat).or_insert_with(|| {
            let (sitting, role, play) = (Sitting::Gone, None, None);
            Arc::new(Seat { row: row.clone(), sitting, role, play, seq: 0, stepped: 0 })
        });
        Arc::make_mut(seat).row = row.clone();
    }

    /// A ballot: of a seat's ballots in a round the one with the highest key counts.
    pub fn ballot(&mut self, seq: u64, ballot: &BallotRow) {
        if !is_decision(ballot.round) {
            return self.straw(seq, ballot);
        }
        if ballot.round != self.rounds {
            return;
        }
        Vote::keep(&mut self.votes, seq, ballot);
        self.touch([ballot.seat], seq);
    }

    /// Takes a line of the log.
    ///
    /// # Errors
    ///
    /// Returns a [`Mismatch`] where it does not lead where it led.
    pub fn apply(&mut self, world: &World, seq: u64, at: u64, event: &Event) -> Result<(), Mismatch> {
        self.head = self.head.max(seq);
        self.touched = self.touched.max(at);
        if event.is_of_game() {
            if let Event::DecisionOpened { round, .. } = event {
                self.rounds = *round;
                self.votes.clear();
            }
            self.game.apply(world, self.seed, seq, event)?;
            self.course.push((seq, Arc::new(event.clone())));
            if matches!(event, Event::Begun { .. }) {
                self.deal(world);
            }
        }
        self.roster(world, seq, at, event)?;
        self.caucus_line(world, seq, event);
        let of_students = matches!(
            event,
            Event::SeatOpened { .. } | Event::NoteChanged { .. } | Event::Stepped { .. } | Event::ChairElected { .. }
        );
        if !of_students {
            self.steered = seq;
        }
        // A speaker is drawn for the room, not for the screens; seats are told of what is theirs.
        let quiet = matches!(
            event,
            Event::SeatOpened { .. }
                | Event::SeatChanged { .. }
                | Event::RoleAssigned { .. }
                | Event::Stepped { .. }
                | Event::NoteChanged { .. }
                | Event::Claimed { .. }
                | Event::SeatClosed { .. }
                | Event::SeatReopened { .. }
                | Event::SeatAdmitted { .. }
                | Event::SpeakerDrawn { .. }
                | Event::SpeakersDrawn { .. }
                | Event::SpeakersShown { .. }
                | Event::ChairElected { .. }
                | Event::Nudged { .. }
                | Event::Locked { .. }
                | Event::TapSet { .. }
                | Event::LateSet { .. }
        );
        if !quiet {
            self.shown = seq;
        }
        Ok(())
    }

    fn roster(&mut self, world: &World, seq: u64, at: u64, event: &Event) -> Result<(), Mismatch> {
        match event {
            Event::Created { story, logic, seed, .. } => {
                if *story != world.story().manifest.id || *logic != world.story().logic {
                    return Err(Mismatch(seq));
                }
                self.seed = seed.parse().unwrap_or(0);
            }
            Event::SeatOpened { seat, waiting } => {
                self.sit(*seat, seq, if *waiting { Sitting::Waiting } else { Sitting::Here });
                self.with(*seat, |seat| seat.stepped = at);
                self.begin_alone(world, *seat);
            }
            Event::SeatAdmitted { seat } | Event::SeatReopened { seat } => self.sit(*seat, seq, Sitting::Here),
            Event::SeatClosed { seat } => self.sit(*seat, seq, Sitting::Gone),
            Event::SeatChanged { seat } => self.with(*seat, |seat| seat.seq = seq),
            Event::RoleAssigned { seat, role } => {
                let role = role.as_ref().and_then(|id| world.story().role_named(id));
                self.with(*seat, |seat| (seat.role, seat.seq) = (role, seq));
                // Who plays somebody else now begins anew.
                let is_other = |seat: &Seat| {
                    seat.play
                        .as_ref()
                        .is_none_or(|play| Some(&*play.setup().roles) != role.as_ref().map(std::slice::from_ref))
                };
                if role.is_some() && self.seats.get(seat).is_some_and(|seat| is_other(seat)) {
                    self.begin_alone(world, *seat);
                }
            }
            Event::Claimed { claim, seat } => {
                self.claimed = *claim;
                self.claims.push(Claim { claim: *claim, seat: *seat });
            }
            Event::ClaimAnswered { claim, .. } => self.claims.retain(|one| one.claim != *claim),
            Event::NoteChanged { note } => self.note_line(world, seq, *note),
            Event::Practised { on } => self.practice_line(*on),
            Event::Gathered { on } => self.gathered = *on,
            Event::Locked { on } => self.locked = *on,
            Event::TapSet { on } => self.tap = *on,
            Event::LateSet { undecided } => self.late_undecided = *undecided,
            Event::DueSet { until } => self.due = *until,
            Event::Stepped { seat, turn, option, state } => self.step(world, seq, at, (*seat, *turn, option, state))?,
            Event::Forked { from } => self.fork(world, *from)?,
            Event::Ended => self.ended = true,
            Event::Resumed => self.ended = false,
            Event::Purged => {
                self.purged = true;
                self.ended = true;
                self.seats.clear();
                self.notes.clear();
                self.votes.clear();
                self.practice.votes.clear();
                self.claims.clear();
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn with(&mut self, seat: u32, change: impl FnOnce(&mut Seat)) {
        if let Some(seat) = self.seats.get_mut(&seat) {
            change(Arc::make_mut(seat));
        }
    }

    fn sit(&mut self, seat: u32, seq: u64, sitting: Sitting) {
        // After a purge the log still tells of seats whose names are gone.
        let row = SeatRow { seat, ..SeatRow::default() };
        let entry = self
            .seats
            .entry(seat)
            .or_insert_with(|| Arc::new(Seat { row, sitting, role: None, play: None, seq, stepped: 0 }));
        let entry = Arc::make_mut(entry);
        (entry.sitting, entry.seq) = (sitting, seq);
    }

    /// Whoever came before the story began is given a play of their own where all play alone.
    fn deal(&mut self, world: &World) {
        let opened = self.seats.iter().filter(|(_, seat)| seat.seq > 0);
        let seats: Vec<u32> = opened.map(|(number, _)| *number).collect();
        seats.into_iter().for_each(|seat| self.begin_alone(world, seat));
    }

    fn begin_alone(&mut self, world: &World, number: u32) {
        if self.game.mode != Some(Mode::Alone) {
            return;
        }
        let (seed, digest, first) = (self.seed, self.game.digest, self.game.roles.first().copied());
        let Some(seat) = self.seats.get_mut(&number) else { return };
        let Some(role) = seat.role.or(first) else { return };
        let seat = Arc::make_mut(seat);
        seat.role = Some(role);
        let setup = Setup { roles: vec![role], seed: seed.wrapping_add(u64::from(number)), digest };
        seat.play = Some(Arc::new(Play::begin(world.story(), setup)));
    }

    fn step(&mut self, world: &World, seq: u64, at: u64, step: (u32, u32, &str, &str)) -> Result<(), Mismatch> {
        let (number, turn, option, state) = step;
        let seat = self.seats.get_mut(&number).ok_or(Mismatch(seq))?;
        let seat = Arc::make_mut(seat);
        let (Some(play), Some(role)) = (&mut seat.play, seat.role) else { return Err(Mismatch(seq)) };
        let picks = open_picks(world.story(), play.state(), role);
        let pick = picks.iter().find(|(id, _)| id == option).ok_or(Mismatch(seq))?.1;
        let play = Arc::make_mut(play);
        let taken = play.take(world.story(), Input { role, pick });
        if taken.is_err() || checksum(play) != state || play.log().len() != turn as usize + 1 {
            return Err(Mismatch(seq));
        }
        (seat.seq, seat.stepped) = (seq, at);
        Ok(())
    }

    /// Back to where things stood after a line: the lines of the game up to it are taken again.
    fn fork(&mut self, world: &World, from: u64) -> Result<(), Mismatch> {
        let left = self.course.iter().any(|(seq, event)| *seq > from && matches!(**event, Event::Advanced { .. }));
        if let Some(play) = self.game.plays.first().filter(|_| left) {
            self.branches.push(Abandoned { from, play: play.clone() });
        }
        self.course.retain(|(seq, _)| *seq <= from);
        let mut game = Game::unbegun();
        for (seq, event) in &self.course {
            game.apply(world, self.seed, *seq, event)?;
        }
        self.game = game;
        Ok(())
    }

    /// A hash of all that the log decides: names, notes and single ballots are no part of it.
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut put = |text: String| {
            hash.update(text.as_bytes());
            hash.update([0]);
        };
        put(format!("{} {} {} {} {}", self.seed, self.rounds, self.locked, self.tap, self.ended));
        put(format!("{:?} {:?} {:?}", self.game.phase, self.game.mode, self.game.rules));
        put(self.game.play().map(checksum).unwrap_or_default());
        for round in &self.game.past {
            put(serde_json::to_string(&round.counted).unwrap_or_default());
        }
        // Added only where there is one: logs that were written before there were chairs keep their hash.
        Some(self.chairs()).filter(|chairs| !chairs.is_empty()).into_iter().for_each(&mut put);
        // A row whose line has not come yet is no seat: rows are read before the log.
        for (number, seat) in self.seats.iter().filter(|(_, seat)| seat.seq > 0) {
            let play = seat.play.as_ref().map(|play| checksum(play)).unwrap_or_default();
            put(format!("{number} {:?} {:?} {play}", seat.sitting, seat.role));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether those who play alone may see how others chose: not before the day, or the teacher, says so.
    pub fn shows_others(&self, now: u64) -> bool {
        self.ended || self.gathered || self.due.is_some_and(|due| now > due)
    }

    /// Whether ballots are taken now.
    pub fn is_voting(&self) -> bool {
        self.game.phase == Phase::Vote && !self.game.paused && !self.ended
    }
}
