//! The class's play and where its turn stands: a pure function of the log's lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::count::{Ballots, Circumstances, count};
use super::event::{Asked, Counted, Event, How, Mode, Phase, Rules, Taken};
use super::world::{World, historical, open_picks};
use crate::engine::{Input, Play, Setup};
use crate::story::Story;
use crate::story::model::RoleId;

/// One vote: all that were asked at once.
#[derive(Clone, Debug)]
pub struct Round {
    /// Its number, never used twice in a class.
    pub number: u32,
    /// Whether it decides between what an earlier one left.
    pub runoff: bool,
    /// How it decides.
    pub rules: Rules,
    /// Who is asked what.
    pub asked: Vec<Asked>,
    /// What came of it, once it is closed.
    pub counted: Vec<Counted>,
    /// Whether it is one in which all choose at once, the undecided too.
    pub at_hinge: bool,
    /// How many steps the play had taken.
    pub steps: usize,
}

impl Round {
    /// What a role is asked.
    pub fn asked_of(&self, role: &str) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.role == role)
    }

    /// What came of it.
    pub fn counted_of(&self, role: &str) -> Option<&Counted> {
        self.counted.iter().find(|counted| counted.role == role)
    }
}

/// The class's play, and where its turn stands.
#[derive(Clone, Debug)]
pub struct Game {
    /// Who plays what, once it has begun.
    pub mode: Option<Mode>,
    /// The roles that are played.
    pub roles: Vec<RoleId>,
    /// Whether it is the short course.
    pub digest: bool,
    /// Where the turn stands.
    pub phase: Phase,
    /// The play, in each language; none where everybody plays alone.
    pub plays: Vec<Arc<Play>>,
    /// The vote of this turn, the latest where there is a runoff.
    pub round: Option<Arc<Round>>,
    /// What has been decided in this turn, by role.
    pub settled: BTreeMap<String, (String, How)>,
    /// The votes so far that were closed.
    pub past: Vec<Arc<Round>>,
    /// What was done when the story went on, turn by turn.
    pub turns: Vec<Arc<Vec<Taken>>>,
    /// How decisions are taken from now on.
    pub rules: Rules,
    /// Whether everybody stands up.
    pub paused: bool,
    /// Whether the votes of the undecided are shown with the rest.
    pub shows_casting: bool,
    /// When the vote closes by itself.
    pub timer: Option<u64>,
    /// Who was drawn to speak.
    pub speakers: Vec<Speaker>,
    /// Whether they stand on the projector.
    pub shows_speakers: bool,
}

/// Somebody who was drawn to speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// For which group, if for one: its role by id, or the undecided.
    pub of: Option<Option<String>>,
    /// Which seat.
    pub seat: u32,
}

/// The log does not lead where it led: another story, or another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(pub u64);

impl Game {
    /// Before it has begun.
    pub fn unbegun() -> Game {
        Game {
            mode: None,
            roles: Vec::new(),
            digest: false,
            phase: Phase::Lobby,
            plays: Vec::new(),
            round: None,
            settled: BTreeMap::new(),
            past: Vec::new(),
            turns: Vec::new(),
            rules: Rules::default(),
            paused: false,
            shows_casting: false,
            timer: None,
            speakers: Vec::new(),
            shows_speakers: false,
        }
    }

    /// The class's play in its own language.
    pub fn play(&self) -> Option<&Play> {
        self.plays.first().map(|play| &**play)
    }

    /// Whether the class's play is over.
    pub fn is_over(&self, story: &Story) -> bool {
        self.play().is_some_and(|play| play.state().is_over(story))
    }

    /// What each role is asked now: those that have two things or more to choose from.
    pub fn questions(&self, story: &Story) -> Vec<Asked> {
        let Some(play) = self.play() else { return Vec::new() };
        let asked = |&role: &RoleId| {
            let picks = open_picks(story, play.state(), role);
            let options: Vec<String> = picks.into_iter().map(|(id, _)| id).collect();
            let at = crate::engine::place_name(story, play.state(), role).to_owned();
            let role = story.roles[role.index()].id.clone();
            (options.len() > 1 && !self.settled.contains_key(&role)).then_some(Asked { role, at, options })
        };
        self.roles.iter().filter_map(asked).collect()
    }

    /// What a runoff asks: what the last round left.
    pub fn runoff(&self) -> Vec<Asked> {
        let Some(round) = &self.round else { return Vec::new() };
        let left = round.counted.iter().filter(|counted| counted.how == How::Runoff);
        let asked = left.filter_map(|counted| {
            let at = round.asked_of(&counted.role)?.at.clone();
            Some(Asked { role: counted.role.clone(), at, options: counted.left.clone() })
        });
        asked.collect()
    }

    /// The decisions of the last round that wait for the teacher to say.
    pub fn waiting(&self) -> impl Iterator<Item = &Counted> + '_ {
        let counted = self.round.iter().flat_map(|round| round.counted.iter());
        counted.filter(|counted| counted.how == How::Waits && !self.settled.contains_key(&counted.role))
    }

    /// Whether the undecided voted in the last round.
    pub fn has_casting(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.counted.iter().any(Counted::has_casting))
    }

    /// Whether the result is shown but for the votes of the undecided.
    pub fn holds_casting_back(&self) -> bool {
        self.phase == Phase::Revealed && !self.shows_casting
    }

    /// What came of a role's vote, as far as it is shown.
    pub fn shown_of(&self, role: &str) -> Option<Counted> {
        let counted = self.round.as_ref()?.counted_of(role)?;
        Some(if self.holds_casting_back() { counted.without_casting() } else { counted.clone() })
    }

    /// Whether everything that was asked in this turn has its answer.
    pub fn is_settled(&self, story: &Story) -> bool {
        self.questions(story).is_empty()
    }

    /// Counts the round that is open.
    pub fn count(&self, story: &Story, seed: u64, ballots: impl Fn(&Asked) -> Ballots) -> Vec<Counted> {
        let Some(round) = &self.round else { return Vec::new() };
        let counted = |(place, asked): (usize, &Asked)| {
            let historical = self.historical(story, &asked.role).filter(|id| asked.options.contains(id));
            let with = Circumstances {
                rules: round.rules,
                runoff: round.runoff,
                historical: historical.as_deref(),
                seed,
                round: round.number,
                place: place as u32,
            };
            count(asked, &ballots(asked), with)
        };
        round.asked.iter().enumerate().map(counted).collect()
    }

    /// What history did where a role stands.
    pub fn historical(&self, story: &Story, role: &str) -> Option<String> {
        let play = self.play()?;
        historical(story, &open_picks(story, play.state(), story.role_named(role)?))
    }

    /// What every role does when the story goes on, and the checksum of the state that follows.
    /// Where `skip` is set, what is not decided goes as history did, else by the first option.
    pub fn next_step(&self, story: &Story, skip: bool) -> (Vec<Taken>, String) {
        let Some(play) = self.play() else { return (Vec::new(), String::new()) };
        let mut play = play.clone();
        let mut taken = Vec::new();
        for &role in &self.roles {
            let picks = open_picks(story, play.state(), role);
            let id = &story.roles[role.index()].id;
            let decided = self.settled.get(id).cloned();
            let only = || match &picks[..] {
                [(only, _)] => Some((only.clone(), How::Votes)),
                _ => None,
            };
            let history = || {
                let first = picks.first().map(|(id, _)| id.clone());
                historical(story, &picks).or(first).filter(|_| skip).map(|id| (id, How::Skipped))
            };
            let Some((option, how)) = decided.or_else(only).or_else(history) else { continue };
            let Some(&(_, pick)) = picks.iter().find(|(id, _)| *id == option) else { continue };
            if play.take(story, Input { role, pick }).is_ok() {
                taken.push(Taken { role: id.clone(), option, how });
            }
        }
        (taken, checksum(&play))
    }

    /// Takes a line of the log.
    ///
    /// # Errors
    ///
    /// Returns a [`Mismatch`] where the line does not lead where it led.
    pub fn apply(&mut self, world: &World, seed: u64, seq: u64, event: &Event) -> Result<(), Mismatch> {
        match event {
            Event::Begun { mode, roles, digest } => self.begin(world, seed, *mode, roles, *digest),
            Event::PhaseSet { phase } => (self.phase, self.timer) = (*phase, None),
            Event::Paused { on } => self.paused = *on,
            Event::TimerSet { until } => self.timer = *until,
            Event::RulesSet { rules } => self.rules = *rules,
            Event::DecisionOpened { round, runoff, rules, asked } => {
                (self.phase, self.timer) = (Phase::Vote, None);
                self.shows_casting = false;
                let steps = self.play().map_or(0, |play| play.log().len());
                let (asked, counted) = (asked.clone(), Vec::new());
                let at_hinge = asked.iter().any(|asked| world.story().hinge_named(&asked.at).is_some());
                let (number, runoff, rules) = (*round, *runoff, *rules);
                let round = Round { number, runoff, rules, asked, counted, at_hinge, steps };
                self.round = Some(Arc::new(round));
            }
            Event::DecisionClosed { counted, .. } => self.close(counted),
            Event::TieBroken { role, option, .. } => {
                self.settled.insert(role.clone(), (option.clone(), How::Teacher));
            }
            Event::Revealed { .. } => {
                self.shows_casting = self.phase == Phase::Revealed || !self.has_casting();
                self.phase = Phase::Revealed;
            }
            Event::Advanced { taken, state } => self.advance(world, seq, taken, state)?,
            Event::SpeakerDrawn { role, seat } => {
                self.speakers.retain(|speaker| speaker.of.is_some() && speaker.of.as_ref() != Some(role));
                self.speakers.push(Speaker { of: Some(role.clone()), seat: *seat });
            }
            Event::SpeakersDrawn { seats } => {
                self.speakers = seats.iter().map(|&seat| Speaker { of: None, seat }).collect();
                self.shows_speakers = false;
            }
            Event::SpeakersShown { on } => self.shows_speakers = *on,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, world: &World, seed: u64, mode: Mode, roles: &[String], digest: bool) {
        let story = world.story();
        self.mode = Some(mode);
        self.digest = digest;
        self.roles = roles.iter().filter_map(|id| story.role_named(id)).collect();
        self.phase = Phase::Read;
        if mode != Mode::Alone {
            let setup = Setup { roles: self.roles.clone(), seed, digest };
            let begin = |tongue: &super::world::Tongue| Arc::new(Play::begin(&tongue.story, setup.clone()));
            self.plays = world.tongues().iter().map(begin).collect();
        }
    }

    fn close(&mut self, counted: &[Counted]) {
        let Some(round) = &mut self.round else { return };
        Arc::make_mut(round).counted = counted.to_vec();
        for counted in counted {
            if let Some(winner) = &counted.winner {
                self.settled.insert(counted.role.clone(), (winner.clone(), counted.how));
            }
        }
        self.past.push(round.clone());
        self.phase = Phase::Closed;
        self.timer = None;
    }

    fn advance(&mut self, world: &World, seq: u64, taken: &[Taken], state: &str) -> Result<(), Mismatch> {
        let story = world.story();
        for one in taken {
            let role = story.role_named(&one.role).ok_or(Mismatch(seq))?;
            let play = self.play().ok_or(Mismatch(seq))?;
            let picks = open_picks(story, play.state(), role);
            let pick = picks.iter().find(|(id, _)| *id == one.option).ok_or(Mismatch(seq))?.1;
            for (play, tongue) in self.plays.iter_mut().zip(world.tongues()) {
                let taken = Arc::make_mut(play).take(&tongue.story, Input { role, pick });
                taken.map_err(|_| Mismatch(seq))?;
            }
        }
        if self.play().map(checksum).as_deref() != Some(state) {
            return Err(Mismatch(seq));
        }
        self.turns.push(Arc::new(taken.to_vec()));
        self.round = None;
        self.settled.clear();
        self.speakers.clear();
        self.shows_speakers = false;
        self.timer = None;
        self.phase = if self.is_over(story) { Phase::Over } else { Phase::Read };
        Ok(())
    }
}

/// The checksum of a play's state as logs hold it.
pub fn checksum(play: &Play) -> String {
    format!("{:016x}", play.state().checksum())
}
