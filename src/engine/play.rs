//! One play: a story, who is played, a seed and a log. Everything else can be computed from these.

use super::chance::{Fall, Falling};
use super::observe::Observe;
use super::offer::Pick;
use super::state::{Cursor, State};
use super::step::{Input, Refusal, Setup, advance, start_with};
use super::view::{News, View, Words, barometers, view};
use crate::calendar::Day;
use crate::lang::ProseId;
use crate::story::model::{EventId, HingeId, RoleId, SceneId, Story, Target, VariableId};

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub input: Input,
    /// Where the story stood when it was done, by id: the scene or hinge.
    pub at: String,
    /// Where chance was told to lead, in order; elsewhere the seed decides.
    pub fell: Vec<Fall>,
    /// Where chance led, told or not, in order: a story that has changed since is replayed so.
    pub led: Vec<Target>,
    /// The checksum of the state that followed.
    pub checksum: u64,
}

/// A play under way.
#[derive(Clone, Debug)]
pub struct Play {
    setup: Setup,
    log: Vec<Entry>,
    state: State,
    told: Told,
}

/// What was said to each role since it last had something to choose, and the news since.
#[derive(Clone, Debug, Default)]
struct Told {
    said: Vec<Words>,
    news: Vec<Vec<News>>,
    /// Whether the role entered the place where it stands with the last step.
    arrived: Vec<bool>,
    /// Where chance led in the last step.
    led: Vec<Target>,
    /// What a role saw when it came to its ending, for the calendar goes on without it.
    closing: Vec<Option<Closing>>,
}

/// What a role saw when it came to its ending.
#[derive(Clone, Debug)]
struct Closing {
    text: Words,
    barometers: Vec<(VariableId, i64)>,
}

/// What became of an input that was offered and open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was taken.
    Yes,
    /// Chance could not fall to this place; the play is as it was.
    Unmet(Fall),
    /// Who asked did not want what follows; the play is as it was.
    Unwanted,
}

impl Told {
    fn of(story: &Story) -> Told {
        let roles = story.roles.len();
        Told {
            said: vec![Words::default(); roles],
            news: vec![Vec::new(); roles],
            arrived: vec![false; roles],
            led: Vec::new(),
            closing: vec![None; roles],
        }
    }

    /// What the role that acts now has read is no longer new to it.
    fn forget(&mut self, role: RoleId) {
        self.said[role.index()] = Words::default();
        self.news[role.index()].clear();
        self.arrived[role.index()] = false;
        self.led.clear();
    }
}

impl Observe for Told {
    fn said(&mut self, story: &Story, state: &State, role: RoleId, _: Option<SceneId>, prose: ProseId) {
        self.said[role.index()].append(&Words::render(story, state, role, Some(prose)));
    }

    fn entered(&mut self, story: &Story, state: &State, role: RoleId, scene: SceneId) {
        self.arrived[role.index()] = true;
        let declared = &story.scenes[scene.index()];
        if declared.ending.is_some() {
            let text = Words::render(story, state, role, declared.text);
            self.closing[role.index()] = Some(Closing { text, barometers: barometers(story, state) });
        }
    }

    fn reached(&mut self, _: &Story, _: &State, role: RoleId, _: HingeId) {
        self.arrived[role.index()] = true;
    }

    fn fell(&mut self, _: &Story, to: Target) {
        self.led.push(to);
    }

    fn happened(&mut self, story: &Story, state: &State, event: EventId, day: Day) {
        let Some(prose) = story.events[event.index()].news else { return };
        for (role, news) in self.news.iter_mut().enumerate() {
            let role = RoleId(role as u32);
            if state.is_played(story, role) && !matches!(state.cursor(story, role), Cursor::Ending(_)) {
                let text = Words::render(story, state, role, Some(prose));
                // What comes out empty, as on the short course, is no news.
                if !text.is_empty() {
                    news.push(News { event, day, text });
                }
            }
        }
    }
}

impl Play {
    /// Begins a play.
    pub fn begin(story: &Story, setup: Setup) -> Play {
        let mut told = Told::of(story);
        let state = start_with(story, &setup, &mut super::chance::Seeded, &mut told);
        Play { setup, log: Vec::new(), state, told }
    }

    /// Who is played, and how.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// All that was done so far.
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// Where the play stands.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes an input.
    ///
    /// # Errors
    ///
    /// Returns a [`Refusal`] when it is not offered or closed; the play is as it was.
    pub fn take(&mut self, story: &Story, input: Input) -> Result<(), Refusal> {
        self.take_falling(story, input, &[]).map(|_| ())
    }

    /// As [`Play::take`], with chance falling to given places, in order. Returns the place that
    /// chance could not fall to, if there was one: the play is as it was then.
    ///
    /// # Errors
    ///
    /// As [`Play::take`].
    pub fn take_falling(&mut self, story: &Story, input: Input, fell: &[Fall]) -> Result<Option<Fall>, Refusal> {
        match self.take_if(story, input, fell, |_, _| true)? {
            Taken::Unmet(unmet) => Ok(Some(unmet)),
            Taken::Yes | Taken::Unwanted => Ok(None),
        }
    }

    /// As [`Play::take_falling`], if what would follow is wanted: the line of the log and the
    /// state are shown first.
    ///
    /// # Errors
    ///
    /// As [`Play::take`].
    pub fn take_if(
        &mut self,
        story: &Story,
        input: Input,
        fell: &[Fall],
        is_wanted: impl FnOnce(&Entry, &State) -> bool,
    ) -> Result<Taken, Refusal> {
        super::offer::is_offered(story, &self.state, input)?;
        let mut told = self.told.clone();
        told.forget(input.role);
        let mut next = self.state.clone();
        let at = place_name(story, &self.state, input.role).to_owned();
        let mut chance = Falling::to(fell);
        advance(story, &mut next, input, &mut chance, &mut told)?;
        if let Some(unmet) = chance.unmet() {
            return Ok(Taken::Unmet(unmet));
        }
        let entry = Entry { input, at, fell: fell.to_vec(), led: told.led.clone(), checksum: next.checksum() };
        if !is_wanted(&entry, &next) {
            return Ok(Taken::Unwanted);
        }
        self.log.push(entry);
        self.state = next;
        self.told = told;
        Ok(Taken::Yes)
    }

    /// Takes back the last `turns` inputs, or all there are. Chance falls out the same way when
    /// the same is chosen again.
    pub fn undo(&mut self, story: &Story, turns: usize) -> usize {
        let kept = self.log.len().saturating_sub(turns);
        let undone = self.log.len() - kept;
        let log = std::mem::take(&mut self.log);
        *self = Play::begin(story, self.setup.clone());
        for entry in &log[..kept] {
            // It was taken before from the same state, and a step is a function of its arguments.
            let _ = self.take_falling(story, entry.input, &entry.fell);
        }
        undone
    }

    /// The role that is to act: of those that have something to choose the one on the earliest
    /// day, `None` when the play is over or stuck.
    pub fn next_role(&self, story: &Story) -> Option<RoleId> {
        super::offer::next_role(story, &self.state, &mut Vec::new())
    }

    /// What a role sees: see [`view`]. At its ending the prose and the barometers, too, are those
    /// of that day, however far the calendar has gone on.
    pub fn view(&self, story: &Story, role: RoleId) -> View {
        let mut view = view(story, &self.state, role);
        if let (Some(_), Some(closing)) = (view.ending, &self.told.closing[role.index()]) {
            view.text.clone_from(&closing.text);
            view.barometers.clone_from(&closing.barometers);
        }
        view
    }

    /// What the role's last choice, or the hinge, answered.
    pub fn said(&self, role: RoleId) -> &Words {
        &self.told.said[role.index()]
    }

    /// What happened around the role since it last acted.
    pub fn news(&self, role: RoleId) -> &[News] {
        &self.told.news[role.index()]
    }

    /// Whether the role entered a scene since it last acted: if not, its scene was read before.
    pub fn arrived(&self, role: RoleId) -> bool {
        self.told.arrived[role.index()] || matches!(self.log.last(), Some(entry) if entry.input.role != role)
    }

    /// An input's name in logs and traces: `queue.snowball`, `queue.continue`, `hub.storylet`.
    pub fn input_name(story: &Story, at: &str, input: Input) -> String {
        match input.pick {
            Pick::Choice(choice) => story.choice_name(choice),
            Pick::Storylet(scene) => format!("{at}.{}", story.scenes[scene.index()].id),
            Pick::Continue => format!("{at}.continue"),
        }
    }
}

/// The id of the scene or hinge where a role stands; empty where it stands nowhere.
pub fn place_name<'a>(story: &'a Story, state: &State, role: RoleId) -> &'a str {
    match state.cursor(story, role) {
        Cursor::Scene(scene) | Cursor::Asked(scene, _) | Cursor::Ending(scene) => &story.scenes[scene.index()].id,
        Cursor::Hinge(hinge, _) => &story.hinges[hinge.index()].id,
        Cursor::Absent | Cursor::Going(_) => "",
    }
}
