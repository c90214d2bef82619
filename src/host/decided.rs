//! What was decided in a play, in order: the day, what was on offer then, the votes, what was
//! taken and what the record has. Gathered by taking the play once more.

use super::event::{Asked, How, Taken};
use super::game::{Game, Round};
use super::world::{Tongue, historical, open_picks, pick_id};
use crate::calendar::Day;
use crate::engine::{Input, Play, options, place_name};
use crate::story::Story;
use crate::story::model::RoleId;
use crate::tr;

/// One decision of one role.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// In which turn, counted from 0.
    pub turn: usize,
    /// Whose.
    pub role: RoleId,
    /// The scene or hinge, by id.
    pub at: String,
    /// The role's day.
    pub day: Day,
    /// What was on offer, by id, as it was called then.
    pub labels: Vec<(String, String)>,
    /// What history did among it.
    pub historical: Option<String>,
    /// The votes on it: the first, then its runoffs.
    pub votes: Vec<(&'a Round, &'a Asked)>,
    /// What was taken, by id; nothing where the lesson ended before that.
    pub taken: Option<String>,
    /// Why; nothing where somebody plays alone.
    pub how: Option<How>,
}

impl Decision<'_> {
    /// What an option was called.
    pub fn label(&self, option: &str) -> String {
        let found = self.labels.iter().find(|(id, _)| id == option);
        found.map_or_else(|| option.to_owned(), |(_, label)| label.clone())
    }
}

/// What a class decided: by votes, or by leaving the vote out.
pub fn of_class<'a>(tongue: &Tongue, game: &'a Game) -> Vec<Decision<'a>> {
    let Some(play) = game.play() else { return Vec::new() };
    let mut walk = Walk { tongue, play: Play::begin(&tongue.story, play.setup().clone()), turn: 0, found: Vec::new() };
    for turn in &game.turns {
        let steps = walk.play.log().len();
        for taken in turn.iter() {
            walk.decide(game, steps, &taken.role, Some(taken));
        }
        walk.turn += 1;
    }
    // What was voted on and not gone on with.
    let steps = walk.play.log().len();
    for &role in &game.roles {
        walk.decide(game, steps, &tongue.story.roles[role.index()].id, None);
    }
    walk.found
}

/// What somebody decided who plays alone.
pub fn of_play(tongue: &Tongue, play: &Play) -> Vec<Decision<'static>> {
    let mut walk = Walk { tongue, play: Play::begin(&tongue.story, play.setup().clone()), turn: 0, found: Vec::new() };
    for entry in play.log() {
        if let Some(mut here) = walk.stands(entry.input.role) {
            here.taken = Some(pick_id(&tongue.story, entry.input.pick));
            walk.found.push(here);
        }
        if walk.play.take_falling(&tongue.story, entry.input, &entry.fell).is_err() {
            break;
        }
        walk.turn += 1;
    }
    walk.found
}

/// A play that is taken once more.
struct Walk<'s, 'a> {
    tongue: &'s Tongue,
    play: Play,
    turn: usize,
    found: Vec<Decision<'a>>,
}

impl<'a> Walk<'_, 'a> {
    fn decide(&mut self, game: &'a Game, steps: usize, role: &str, taken: Option<&Taken>) {
        let story: &Story = &self.tongue.story;
        let Some(id) = story.role_named(role) else { return };
        let rounds = game.past.iter().filter(|round| round.steps == steps);
        let votes: Vec<(&Round, &Asked)> = rounds.filter_map(|round| Some((&**round, round.asked_of(role)?))).collect();
        let is_left_out = taken.is_some_and(|taken| taken.how == How::Skipped);
        if let Some(mut here) = self.stands(id).filter(|_| !votes.is_empty() || is_left_out) {
            here.votes = votes;
            here.taken = taken.map(|taken| taken.option.clone());
            here.how = taken.map(|taken| taken.how);
            self.found.push(here);
        }
        let Some(taken) = taken else { return };
        let pick = open_picks(story, self.play.state(), id).into_iter().find(|(option, _)| *option == taken.option);
        if let Some((_, pick)) = pick {
            // The log was replayed before: what could be taken then can be taken now.
            let _ = self.play.take(story, Input { role: id, pick });
        }
    }

    /// Where a role stands; nothing where it has nothing to decide.
    fn stands(&self, role: RoleId) -> Option<Decision<'a>> {
        let (story, state) = (&self.tongue.story, self.play.state());
        let picks = open_picks(story, state, role);
        let named = |text: String| if text.is_empty() { tr!(self.tongue.words, "Go on") } else { text };
        let labels = options(story, state, role).into_iter().map(|option| (option.id, named(option.text)));
        (picks.len() > 1).then(|| Decision {
            turn: self.turn,
            role,
            at: place_name(story, state, role).to_owned(),
            day: state.today(story, role),
            labels: labels.collect(),
            historical: historical(story, &picks),
            votes: Vec::new(),
            taken: None,
            how: None,
        })
    }
}
