//! What an author would want to know that is no fault: seen from the whole story, without a proof.

use std::collections::BTreeMap;

use super::link::Linker;
use super::model::{Basis, Goto, HingeId, Holder, Kind, SceneId, Target};
use crate::diagnostic::{Code as Fault, Span};
use crate::lang::Change;
use crate::say;

/// Looks at a story that was linked. Where something is wrong with it already, only what does not
/// follow from that is told.
pub fn check(linker: &mut Linker<'_>) {
    let broken = linker.found.has_errors();
    returns(linker);
    if broken {
        return;
    }
    reachable(linker);
    variables(linker);
    for index in 0..linker.scenes.len() {
        stuck(linker, SceneId(index as u32));
        sourced(linker, SceneId(index as u32));
        same(linker, SceneId(index as u32));
    }
}

/// The scenes to which something leads, from a set of places.
fn spread(linker: &Linker<'_>, scenes: &mut [bool], hinges: &mut [bool], from: Vec<Target>) {
    let mut ahead = from;
    while let Some(target) = ahead.pop() {
        match target {
            Target::Scene(scene) => {
                if !std::mem::replace(&mut scenes[scene.index()], true) {
                    ahead.extend(linker.ways(scene));
                }
            }
            Target::Hinge(hinge) => {
                if !std::mem::replace(&mut hinges[hinge.index()], true) {
                    ahead.extend(linker.ways_of_hinge(hinge));
                }
            }
            Target::Return => {}
        }
    }
}

fn reachable(linker: &mut Linker<'_>) {
    let (mut scenes, mut hinges) = (vec![false; linker.scenes.len()], vec![false; linker.raw.hinges.len()]);
    let starts = linker.starts();
    spread(linker, &mut scenes, &mut hinges, starts);
    for (index, reached) in scenes.iter().enumerate() {
        if !reached {
            let scene = SceneId(index as u32);
            let id = linker.scenes[index].id.to_string();
            let (label, way) = match &linker.scenes[index].storylet {
                Some(_) => (
                    say!("nothing draws its pool"),
                    say!("let a scene that is reached `draw` its pool, or take it out"),
                ),
                None => (say!("no `goto` leads here"), say!("lead to it with a `goto`, or take it out")),
            };
            let message = say!("nothing leads to `{id}`", id = id);
            let found = linker.report(Fault::UnreachableScene, linker.span_of(scene), message, label);
            found.help.push(say!("no play comes here: {way}", way = way));
        }
    }
    for (index, _) in hinges.iter().enumerate().filter(|(_, reached)| !**reached) {
        let raw = &linker.raw.hinges[index];
        let id = raw.id.map_or("", |id| id.value);
        let span = raw.id.map_or(raw.span, |id| id.span);
        linker.report(
            Fault::UnreachableScene,
            span,
            say!("nothing leads to the hinge `{id}`", id = id),
            say!("no `goto` leads here"),
        );
    }
}

/// `@return` leads back from storylets, and from what they lead to.
fn returns(linker: &mut Linker<'_>) {
    let (mut scenes, mut hinges) = (vec![false; linker.scenes.len()], vec![false; linker.raw.hinges.len()]);
    let storylets = (0..linker.scenes.len()).filter(|&index| linker.scenes[index].storylet.is_some());
    let storylets = storylets.map(|index| Target::Scene(SceneId(index as u32))).collect();
    spread(linker, &mut scenes, &mut hinges, storylets);
    let raw = linker.raw;
    for (index, scene) in
        raw.scenes.iter().enumerate().filter(|(index, _)| !scenes.get(*index).copied().unwrap_or(true))
    {
        let choices = linker.declared.scene_choices[index].range();
        let gotos = scene.goto.iter().chain(choices.filter_map(|choice| linker.raw_goto(choice)));
        let wrong: Vec<Span> = gotos
            .flat_map(|goto| goto.entries.iter())
            .filter_map(|entry| entry.to)
            .filter(|to| to.value == "@return")
            .map(|to| to.span)
            .collect();
        for span in wrong {
            let found = linker.report(
                Fault::BadReturn,
                span,
                say!("nothing to return to"),
                say!("no storylet leads to this scene"),
            );
            found.help.push(say!("`@return` leads back to the scene that drew a storylet; give the scene a `pool`"));
        }
    }
}

fn variables(linker: &mut Linker<'_>) {
    let world = linker.raw.world.iter().map(|raw| raw.id.span);
    let traits = linker.raw.roles.iter().flat_map(|role| role.traits.iter().map(|raw| raw.id.span));
    let spans: Vec<Span> = world.chain(traits).collect();
    for (index, span) in spans.into_iter().enumerate() {
        let known = &linker.declared.variables[index];
        let name = known.name.clone();
        let derived = known.derived.is_some();
        let constant = matches!(known.kind, Kind::Integer(min, max) if min == max);
        match (known.read, known.written) {
            (false, true) if !derived => {
                let found = linker.report(
                    Fault::UnreadVariable,
                    span,
                    say!("nothing looks at `{name}`", name = name),
                    say!("written, never read"),
                );
                found.help.push(say!("guards, templates, `record` and barometers look at variables"));
            }
            (true, false) if !constant => {
                let message = say!("nothing changes `{name}`", name = name);
                linker.report(Fault::UnwrittenVariable, span, message, say!("read, never written"));
            }
            (false, false) => {
                linker.report(
                    Fault::UnusedVariable,
                    span,
                    say!("`{name}` is never used", name = name),
                    say!("neither read nor written"),
                );
            }
            _ => {}
        }
    }
}

/// A scene from which nothing can lead on.
fn stuck(linker: &mut Linker<'_>, id: SceneId) {
    let scene = &linker.scenes[id.index()];
    let ends = scene.ending.is_some() || scene.storylet.is_some();
    let own = scene.choices.range();
    let leads = |index: usize| {
        let choice = &linker.choices[index];
        !choice.goto.entries.is_empty() || !choice.nested.is_empty()
    };
    if ends || !scene.goto.entries.is_empty() || scene.draw.is_some() || own.clone().any(leads) {
        return;
    }
    let name = scene.id.to_string();
    let label =
        if own.is_empty() { say!("no choice, no `goto`, no `ending`") } else { say!("no choice leads anywhere") };
    let found = linker.report(
        Fault::DeadEnd,
        linker.span_of(id),
        say!("the story goes nowhere from `{name}`", name = name),
        label,
    );
    found.help.push(say!("give it an `ending`, a `goto` or a choice that leads on"));
}

/// A scene that stands on the record names its sources.
fn sourced(linker: &mut Linker<'_>, id: SceneId) {
    let scene = &linker.scenes[id.index()];
    let scholarship = scene.scholarship.as_deref();
    if scholarship.is_some_and(|scholarship| !scholarship.sources.is_empty()) {
        return;
    }
    let recorded = scholarship.and_then(|scholarship| scholarship.basis).is_some_and(|basis| basis == Basis::Recorded);
    let effects =
        scene.effects.range().chain(scene.choices.range().flat_map(|index| linker.choices[index].effects.range()));
    let touches = effects.map(|index| linker.effect(index)).find_map(|change| match change {
        Change::Happen(event) | Change::Avert(event) => Some(event),
        _ => None,
    });
    let touched = touches.filter(|event| !linker.events[event.index()].counterfactual);
    if !recorded && touched.is_none() {
        return;
    }
    let name = scene.id.to_string();
    let label = match touched {
        Some(event) => {
            say!(
                "it brings about or averts `{event}`, which is in the record",
                event = &linker.events[event.index()].id
            )
        }
        None => say!("its `basis` is the record"),
    };
    let found = linker.report(
        Fault::UnsourcedScene,
        linker.span_of(id),
        say!("`{name}` names no `sources`", name = name),
        label,
    );
    found.help.push(say!("say where it can be checked: `sources = [\"author, title, year, page\"]`"));
}

/// Choices that change nothing, alone or beside another.
fn same(linker: &mut Linker<'_>, id: SceneId) {
    let mut seen: BTreeMap<Vec<(u8, u32)>, usize> = BTreeMap::new();
    for index in linker.scenes[id.index()].choices.range() {
        let choice = &linker.choices[index];
        let changes =
            !choice.effects.is_empty() || choice.say.is_some() || !choice.nested.is_empty() || choice.taken.is_some();
        if changes || !matches!(choice.holder, Holder::Scene(_)) {
            continue;
        }
        let raw = linker.raw_choice(index);
        let span = raw.id.map_or(raw.span, |id| id.span);
        if choice.goto.entries.is_empty() {
            let found = linker.report(
                Fault::EmptyChoice,
                span,
                say!("this choice changes nothing"),
                say!("no `do`, no `say`, no `goto`"),
            );
            found.help.push(say!("let it do, say or lead to something"));
            continue;
        }
        if choice.guard.is_some() || choice.goto.weighted || linker.is_conditional(choice.goto) {
            continue;
        }
        let way: Vec<(u8, u32)> = linker.goto_targets(choice.goto).map(number).collect();
        if let Some(first) = seen.insert(way, index) {
            let other = linker.raw_choice(first).id.map_or("", |id| id.value);
            let message = say!("choosing this or `{other}` makes no difference", other = other);
            linker.report(
                Fault::EmptyChoice,
                span,
                message,
                say!("the same `goto`, and neither does or says anything"),
            );
        }
    }
}

fn number(target: Target) -> (u8, u32) {
    match target {
        Target::Scene(scene) => (0, scene.0),
        Target::Hinge(hinge) => (1, hinge.0),
        Target::Return => (2, 0),
    }
}

impl<'t> Linker<'t> {
    fn starts(&self) -> Vec<Target> {
        self.role_starts().collect()
    }

    /// Everything that a scene leads to.
    fn ways(&self, scene: SceneId) -> Vec<Target> {
        let declared = &self.scenes[scene.index()];
        let mut ways: Vec<Target> = self.goto_targets(declared.goto).collect();
        for index in self.declared.scene_choices[scene.index()].range() {
            ways.extend(self.goto_targets(self.choices[index].goto));
        }
        if let Some((pool, _)) = declared.draw {
            ways.extend(self.pools[pool.index()].storylets.iter().copied().map(Target::Scene));
        }
        ways
    }

    fn ways_of_hinge(&self, hinge: HingeId) -> Vec<Target> {
        let sides = self.sides.iter().filter(|side| side.hinge == hinge);
        let mut ways: Vec<Target> = sides.flat_map(|side| self.goto_targets(side.goto)).collect();
        ways.extend(self.outcome_gotos(hinge).flat_map(|goto| self.goto_targets(goto)));
        ways
    }

    fn is_conditional(&self, goto: Goto) -> bool {
        goto.entries.range().any(|index| {
            let entry = &self.gotos[index];
            !entry.effects.is_empty() || entry.say.is_some()
        })
    }
}
