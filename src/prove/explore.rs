//! Everything about the plays of some roles: one exploration for what all of them ask, and one for
//! each thing that would make that one remember more.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::aim::{Aim, Questions, Wish};
use super::arms::Arms;
use super::controls::Controls;
use super::fates::{Fates, Goal, Triple};
use super::fields::FieldId;
use super::findings::Findings;
use super::forecast::Forecast;
use super::laws::{Came, Judged, Plan, Verdict, judge};
use super::live::Live;
use super::order::Order;
use super::run::{Ask, Faults, Keeps, Run, Shown, Wrong, run};
use super::seen::{ArmSeen, Seen};
use super::sweep::Limits;
use super::trace::Trace;
use crate::engine::{Cursor, Pick};
use crate::record::fidelity;
use crate::story::model::{LawId, RoleId, SceneId, Story};

/// What was found of the plays of some roles.
#[derive(Debug)]
pub(super) struct Explored {
    /// Who is played.
    pub roles: Vec<RoleId>,
    /// How many states.
    pub states: usize,
    /// How many ways between them.
    pub transitions: usize,
    /// Whether all was gone through.
    pub complete: bool,
    /// Whether plays that keep to the record keep it.
    pub historical: Verdict,
    /// The play that doesn't.
    pub strayed: Option<Trace>,
    /// What becomes of plays.
    pub fates: Option<Fates>,
    /// The goals of `fates`: endings, outcomes, last the record.
    pub endings: Vec<String>,
    /// By law; `None` where it isn't asked of these roles.
    pub laws: Vec<Option<Judged>>,
    /// What goes wrong, each with the shortest play.
    pub wrong: Vec<(Wrong, Trace)>,
    /// What plays reach.
    pub seen: Seen,
    /// What is worth a look.
    pub findings: Findings,
    /// What states cost.
    pub forecast: Forecast,
    /// The most memory that states took at a time, in bytes.
    pub bytes: usize,
    /// What the engine contradicts: faults of the prover.
    pub astray: Vec<String>,
}

/// Explores the plays of some roles.
pub(super) fn explore(
    story: &Story,
    (roles, laws): (&[RoleId], &[LawId]),
    options: Options,
    limits: &Limits,
) -> Explored {
    let arms = Arms::of(story);
    let mut controls = Controls::of(story, roles, &arms, limits);
    let order = controls.order();
    let plan = Plan::of(story, laws, roles);
    let questions = Questions::of(story, &mut controls, &plan.wishes);
    let task = Task { story, controls: &controls, order: &order, questions: &questions, plan: &plan, options, limits };
    let mut explored = Explored {
        roles: roles.to_vec(),
        states: 0,
        transitions: 0,
        complete: false,
        historical: Verdict::Unknown,
        strayed: None,
        fates: None,
        endings: Vec::new(),
        laws: vec![None; laws.len()],
        wrong: Vec::new(),
        seen: Seen::none(story),
        findings: Findings::default(),
        forecast: Forecast::default(),
        bytes: 0,
        astray: Vec::new(),
    };
    task.explore(&mut explored, laws, &arms);
    explored
}

struct Task<'a> {
    story: &'a Story,
    controls: &'a Controls,
    order: &'a Order,
    questions: &'a Questions,
    plan: &'a Plan,
    options: Options,
    limits: &'a Limits,
}

impl Task<'_> {
    fn explore(&self, explored: &mut Explored, laws: &[LawId], arms: &Arms) {
        let story = self.story;
        let aim = Aim::of(self.controls, self.questions, &[]).with_outcomes(self.questions);
        let live = self.live(&aim);
        explored.forecast = Forecast::of(story, self.controls, self.order, &live);
        let mut came: Vec<Came> = self.plan.wishes.iter().map(|_| Came::default()).collect();
        if !self.controls.complete {
            self.judge(explored, laws, &came);
            return;
        }
        let (with, groups) = self.groups(&live);
        let alone = explored.roles.len() == 1;
        let (looks, looked) = if alone { self.looks(arms, &live) } else { (BTreeSet::new(), Vec::new()) };
        // What all ask.
        let aim = Aim::of(self.controls, self.questions, &with).with_outcomes(self.questions);
        let aim = aim.with_looks(self.controls, |look| looks.contains(&look));
        // No place remembers more, but within a step more may be looked at.
        let live = self.live(&aim);
        let goals = self.goals(alone, &with);
        explored.endings.clone_from(&goals.1);
        let odds = self.options.odds;
        let mut base = self.run((&live, &aim), (with.len(), arms.played.len()), odds.then_some(goals), Faults::All);
        self.count(explored, &mut base);
        self.take(&mut came, &with, &mut base);
        self.see_arms(explored, arms, &looks, &base);
        // What would make all remember more, by itself.
        for group in groups {
            let aim = Aim::of(self.controls, self.questions, &group);
            let live = self.live(&aim);
            let ends = group.iter().any(|wish| matches!(self.plan.wishes[*wish], Wish::Without(_)));
            let counts = group.iter().any(|wish| matches!(self.plan.wishes[*wish], Wish::End(_)));
            let goals = counts.then(|| (self.ends(&group), Vec::new()));
            let faults = if ends { Faults::Ends } else { Faults::None };
            let mut run = self.run((&live, &aim), (group.len(), 0), goals, faults);
            explored.astray.append(&mut run.astray);
            if ends {
                run.hits[0] = run.ends.take();
            }
            self.take(&mut came, &group, &mut run);
        }
        for group in looked {
            let aim =
                Aim::of(self.controls, self.questions, &[]).with_looks(self.controls, |look| group.contains(&look));
            let live = self.live(&aim);
            let run = self.run((&live, &aim), (0, arms.played.len()), None, Faults::None);
            self.see_arms(explored, arms, &group, &run);
        }
        self.judge(explored, laws, &came);
        self.historical(explored, &base);
    }

    fn live(&self, aim: &Aim) -> Live {
        if self.options.reduce { Live::of(self.controls, self.order, aim) } else { Live::all(self.controls) }
    }

    /// Explores for an aim: so many laws and pieces of prose are looked at.
    fn run(
        &self,
        (live, aim): (&Live, &Aim),
        (laws, looks): (usize, usize),
        goals: Option<(Vec<Goal>, Vec<String>)>,
        faults: Faults,
    ) -> Run {
        let story = self.story;
        let certify = self.options.certify && faults == Faults::All;
        let ask = Ask {
            story,
            order: self.order,
            limits: self.limits,
            laws,
            looks,
            goals,
            outcomes: &self.questions.outcomes,
            faults,
            certify,
        };
        let keeps = |control: u32, outcome: Option<u32>| self.keeps(control, outcome);
        launch(self.controls, live, aim, &ask, &keeps)
    }

    /// Whether a play that ends so has kept the record.
    fn keeps(&self, control: u32, outcome: Option<u32>) -> bool {
        let historical = outcome.is_none_or(|outcome| self.story.outcomes[outcome as usize].historical);
        historical && fidelity(self.story, &self.controls.list[control as usize].state) >= 1.0 - 1e-12
    }

    /// Which wishes are looked after by the exploration that there is anyway, and which need one of
    /// their own; those that remember the same share it.
    fn groups(&self, live: &Live) -> (Vec<usize>, Vec<Vec<usize>>) {
        let mut with = Vec::new();
        let mut groups: Vec<(Live, Vec<usize>)> = Vec::new();
        let mut own = Vec::new();
        for (number, wish) in self.plan.wishes.iter().enumerate() {
            if wish.cuts() {
                own.push(vec![number]);
                continue;
            }
            let aim = Aim::of(self.controls, self.questions, &[number]);
            let alone = self.live(&aim);
            if alone.is_within(live) {
                with.push(number);
                continue;
            }
            match groups.iter_mut().find(|(known, _)| known.controls == alone.controls) {
                Some((_, group)) => group.push(number),
                None => groups.push((alone, vec![number])),
            }
        }
        own.extend(groups.into_iter().map(|(_, group)| group));
        (with, own)
    }

    /// Which arms of prose are looked after by the exploration that there is anyway, and which need
    /// their own: those that read the same share it.
    fn looks(&self, arms: &Arms, live: &Live) -> (BTreeSet<u32>, Vec<BTreeSet<u32>>) {
        let mut reads: BTreeMap<u32, BTreeSet<FieldId>> = (0..arms.played.len() as u32)
            .filter(|arm| arms.played[*arm as usize])
            .map(|arm| (arm, BTreeSet::new()))
            .collect();
        for shown in self.controls.residuals.shows() {
            for (arm, asked) in shown {
                let fields = self.controls.residuals.fields(*asked);
                reads.entry(*arm).or_default().extend(fields.iter().copied());
            }
        }
        let mut groups: BTreeMap<BTreeSet<FieldId>, BTreeSet<u32>> = BTreeMap::new();
        for (arm, fields) in reads {
            groups.entry(fields).or_default().insert(arm);
        }
        let (mut with, mut own) = (BTreeSet::new(), Vec::new());
        for (_, group) in groups {
            let aim =
                Aim::of(self.controls, self.questions, &[]).with_looks(self.controls, |look| group.contains(&look));
            if self.live(&aim).is_within(live) {
                with.extend(group);
            } else {
                own.push(group);
            }
        }
        (with, own)
    }

    /// What is expected at the end: endings, outcomes, the record, and what laws bound.
    fn goals(&self, alone: bool, with: &[usize]) -> (Vec<Goal>, Vec<String>) {
        let story = self.story;
        let (mut goals, mut endings) = (Vec::new(), Vec::new());
        if let ([role], true) = (&self.controls.roles[..], alone) {
            for (index, scene) in story.scenes.iter().enumerate() {
                if scene.ending.is_some() && scene.role == *role {
                    let there = Cursor::Ending(SceneId(index as u32));
                    let ends = self.controls.list.iter().map(|control| control.state.cursor(story, *role) == there);
                    goals.push(Goal::Control(ends.collect()));
                    endings.push(scene.id.to_string());
                }
            }
        }
        goals.extend((0..story.outcomes.len() as u32).map(Goal::Outcome));
        goals.extend(self.ends(with));
        let worth = |control: &super::controls::Control| match control.is_over {
            true => fidelity(story, &control.state),
            false => 0.0,
        };
        goals.push(Goal::Worth(self.controls.list.iter().map(worth).collect()));
        (goals, endings)
    }

    /// What laws bound that are looked after here.
    fn ends(&self, wishes: &[usize]) -> Vec<Goal> {
        let ends = |wish: &usize| self.questions.wishes[*wish].end.clone();
        wishes.iter().filter_map(ends).map(Goal::Holds).collect()
    }

    /// Keeps what came of the exploration that all share.
    fn count(&self, explored: &mut Explored, base: &mut Run) {
        explored.states = base.states;
        explored.transitions = base.transitions;
        // Odds that were asked for and not worked out are not finished either.
        explored.complete = base.complete && (base.fates.is_some() || !self.options.odds);
        explored.bytes = base.bytes;
        explored.seen.land(self.controls, &base.landed);
        for control in base.ended.iter() {
            for (outcome, asked) in &self.questions.outcomes[*control as usize] {
                // What is asked may fail in every state that comes here; odds tell.
                let sure = self.controls.residuals.number(*asked) == Some(1);
                explored.seen.outcomes[*outcome as usize] |= sure || base.fates.is_none();
            }
        }
        if let Some(fates) = &base.fates {
            let first = explored.endings.len();
            for (outcome, seen) in explored.seen.outcomes.iter_mut().enumerate() {
                *seen |= fates.courses.iter().any(|course| course.odds[first + outcome].greatest > 0.0);
            }
        }
        explored.fates = base.fates.take();
        explored.findings = std::mem::take(&mut base.findings);
        explored.wrong = base.wrong.drain(..).map(|(wrong, (trace, _))| (wrong, trace)).collect();
        let by_length = |(wrong, trace): &(Wrong, Trace)| (trace.moves.len(), wrong.clone());
        explored.wrong.sort_by_key(by_length);
        explored.astray.append(&mut base.astray);
    }

    fn take(&self, came: &mut [Came], wishes: &[usize], run: &mut Run) {
        let mut counted = 0;
        for (number, &wish) in wishes.iter().enumerate() {
            came[wish].complete = run.complete;
            came[wish].shown = run.hits[number].take();
            if self.questions.wishes[wish].end.is_some() {
                came[wish].chance = run.ends_odds.get(counted).copied();
                counted += 1;
            }
        }
    }

    fn see_arms(&self, explored: &mut Explored, arms: &Arms, looks: &BTreeSet<u32>, run: &Run) {
        for &look in looks.iter().filter(|look| arms.played[**look as usize]) {
            let shown = run.shown[look as usize];
            explored.seen.arms[look as usize] = match (shown, run.complete) {
                (true, _) => ArmSeen::Shown,
                (false, true) => ArmSeen::Hidden,
                (false, false) => ArmSeen::Unknown,
            };
        }
    }

    fn judge(&self, explored: &mut Explored, laws: &[LawId], came: &[Came]) {
        let role = explored.roles.first().copied().unwrap_or(RoleId(0));
        for (number, &(law, is_claim)) in self.plan.owners.iter().enumerate() {
            if !is_claim {
                continue;
            }
            let parts: Vec<&Came> = self
                .plan
                .owners
                .iter()
                .zip(came)
                .filter(|((of, claim), _)| *of == law && !claim)
                .map(|(_, came)| came)
                .collect();
            match judge(self.story, laws[law], role, &came[number], &parts) {
                Some(judged) => explored.laws[law] = Some(judged),
                None => explored.astray.push(self.story.laws[laws[law].index()].id.clone()),
            }
        }
    }

    /// Whether plays that keep to the record wherever they can keep it.
    fn historical(&self, explored: &mut Explored, base: &Run) {
        let keeps = |input: &(crate::engine::Input, u32)| match input.0.pick {
            Pick::Choice(choice) => self.story.choices[choice.index()].historical,
            Pick::Storylet(_) | Pick::Continue => false,
        };
        let some = self.controls.list.iter().any(|control| control.trees.inputs.iter().any(keeps));
        let kept = |control: &u32| {
            let outcomes = &self.questions.outcomes[*control as usize];
            outcomes.iter().all(|(outcome, _)| self.keeps(*control, Some(*outcome)))
                && (!outcomes.is_empty() || self.keeps(*control, None))
        };
        if !some && base.complete && base.ended.iter().all(kept) {
            // No choice is the recorded one: every play was to keep the record, and does.
            explored.historical = Verdict::Holds;
            return;
        }
        let aim = Aim::of(self.controls, self.questions, &[]).with_outcomes(self.questions);
        let aim = aim.historical(self.story, self.controls);
        let live = self.live(&aim);
        let mut run = self.run((&live, &aim), (0, 0), None, Faults::Strays);
        explored.astray.append(&mut run.astray);
        let strayed: Option<Shown> = run.ends.take();
        explored.historical = match strayed {
            Some(_) => Verdict::Broken,
            None => Verdict::unbroken(run.complete),
        };
        explored.strayed = strayed.map(|(trace, _)| trace);
    }
}

/// Explores, packed as narrowly as can be.
fn launch(controls: &Controls, live: &Live, aim: &Aim, ask: &Ask<'_>, keeps: Keeps<'_>) -> Run {
    super::packed!(controls, live, aim, |program| run(&program, ask, keeps), Run::unfinished(controls, ask))
}

/// Chances of what laws bound, out of all that was expected.
pub(super) fn ends_odds(fates: &Fates, goals: &[Goal]) -> Vec<Triple> {
    let Some(course) = fates.courses.first() else { return Vec::new() };
    let holds = |(goal, odds): (&Goal, &Triple)| matches!(goal, Goal::Holds(_)).then_some(*odds);
    goals.iter().zip(&course.odds).filter_map(holds).collect()
}
