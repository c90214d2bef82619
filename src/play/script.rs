//! A file of choices, one a line, as an author writes it or as a prover prints a trace.

use crate::catalogue::Catalogue;
use crate::engine::{Fall, Input, Play};
use crate::story::model::{Story, Target};
use crate::tr;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands, from 1.
    pub line: usize,
    /// As it is written.
    pub text: String,
    /// The choice: a number, an id, or a name as traces have it.
    pub name: String,
    /// Where chance falls, in order; elsewhere the seed decides.
    pub fell: Vec<String>,
}

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its file, as it was named.
    pub file: String,
    /// Whether it begins with `digest`: the short course.
    pub digest: bool,
    /// The seed of the play, where a next line `seed N` names one.
    pub seed: Option<u64>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
}

impl Script {
    /// A message about a step: `file:line: message`.
    pub fn at(&self, step: &Step, message: &str) -> String {
        format!("{}:{}: {message}", self.file, step.line)
    }
}

/// Reads a script. Empty lines and what follows a `#` are left out; first lines
/// `digest` and `seed N`, as traces have them, say how the play begins.
pub fn read(file: &str, text: &str) -> Script {
    let step = |(index, line): (usize, &str)| {
        let line = line.split('#').next().unwrap_or_default().trim();
        let mut parts = line.split("->").flat_map(|part| part.split(',')).map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let fell = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Some(Step { line: index + 1, text: line.to_owned(), name: name.to_owned(), fell })
    };
    let mut steps: Vec<Step> = text.lines().enumerate().filter_map(step).collect();
    let digest = steps.first().is_some_and(|step| step.name == "digest");
    steps.drain(..usize::from(digest));
    let named = |step: &Step| step.name.strip_prefix("seed ").and_then(|seed| seed.trim().parse().ok());
    let seed = steps.first().and_then(named);
    steps.drain(..usize::from(seed.is_some()));
    Script { file: file.to_owned(), digest, seed, steps }
}

/// Finds what a step means where the play stands.
///
/// # Errors
///
/// Says why it can't be taken.
pub fn resolve(story: &Story, words: &Catalogue, play: &Play, step: &Step) -> Result<(Input, Vec<Fall>), String> {
    let input = input(story, words, play, &step.name)?;
    let fall = |name: &String| {
        Fall::read(name, |name| target(story, name))
            .ok_or_else(|| tr!(words, "no scene or hinge is called `{name}`", name = name))
    };
    Ok((input, step.fell.iter().map(fall).collect::<Result<_, _>>()?))
}

fn target(story: &Story, name: &str) -> Option<Target> {
    let scene = || story.scene_named(name).map(Target::Scene);
    let hinge = || story.hinge_named(name).map(Target::Hinge);
    scene().or_else(hinge).or_else(|| (name == "@return").then_some(Target::Return))
}

fn input(story: &Story, words: &Catalogue, play: &Play, name: &str) -> Result<Input, String> {
    let Some(next) = play.next_role(story) else {
        return Err(tr!(words, "`{choice}` can't be taken: nobody has anything left to do", choice = name));
    };
    // A trace may let another role go first than the one whose turn it would be here.
    let others = play.state().played(story).filter(|&role| role != next);
    let mut offered = Vec::new();
    for role in [next].into_iter().chain(others) {
        let view = play.view(story, role);
        for (index, option) in view.options.iter().enumerate() {
            let input = Input { role, pick: option.pick };
            let full = Play::input_name(story, &view.at, input);
            let number = role == next && name.parse() == Ok(index + 1);
            if full == name || (role == next && (option.id == name || number)) {
                return match option.open {
                    true => Ok(input),
                    false => Err(tr!(words, "`{choice}` is closed: {reason}", choice = name, reason = option.text)),
                };
            }
            if option.open && role == next {
                offered.push(full);
            }
        }
    }
    let at = play.view(story, next).at;
    let offered = offered.join("`, `");
    Err(tr!(
        words,
        "`{choice}` is not offered in `{scene}`; there are `{offered}`",
        choice = name,
        scene = at,
        offered = offered
    ))
}

/// The name of a place where chance could not fall.
pub fn target_name(story: &Story, target: Target) -> String {
    match target {
        Target::Scene(scene) => story.scenes[scene.index()].id.to_string(),
        Target::Hinge(hinge) => story.hinges[hinge.index()].id.to_string(),
        Target::Return => "@return".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_as_traces_are_printed() {
        let script = read("a.script", "# a play\n\nqueue.wait -> nothing_left\n  2  # the second\nhub.a -> b -> c\r\n");
        let steps: Vec<(usize, &str, Vec<&str>)> = script
            .steps
            .iter()
            .map(|step| (step.line, step.name.as_str(), step.fell.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(steps, [(3, "queue.wait", vec!["nothing_left"]), (4, "2", vec![]), (5, "hub.a", vec!["b", "c"])]);
    }
}
