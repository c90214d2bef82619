//! Small stories made up for property tests: every part of the format that changes a play.

use std::fmt::Write as _;

use petrograd::catalogue::Catalogue;
use petrograd::story::{Sources, Story, load};
use proptest::prelude::*;

/// What a generated story is made from. Numbers are brought within what there is, so that every
/// plan gives a story that loads.
#[derive(Clone, Debug)]
pub struct Plan {
    roles: usize,
    scenes: Vec<ScenePlan>,
    events: Vec<EventPlan>,
    hinge: Option<u8>,
}

#[derive(Clone, Debug)]
struct ScenePlan {
    /// Days after the scene before; 0 leaves the date out.
    days: u8,
    storylet: bool,
    draw: bool,
    cycle: bool,
    choices: Vec<ChoicePlan>,
}

#[derive(Clone, Debug)]
struct ChoicePlan {
    effect: u8,
    guard: u8,
    once: bool,
    to: u8,
    /// 0 one way, 1 by a guard, 2 by chance, 3 answered in passing, 4 nested.
    way: u8,
}

#[derive(Clone, Debug)]
struct EventPlan {
    day: u8,
    need: u8,
    guard: bool,
    effect: u8,
}

/// Plans of stories.
pub fn plan() -> impl Strategy<Value = Plan> {
    let choice = (any::<u8>(), any::<u8>(), any::<bool>(), any::<u8>(), 0..5u8)
        .prop_map(|(effect, guard, once, to, way)| ChoicePlan { effect, guard, once, to, way });
    let scene = (
        0..4u8,
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
        any::<bool>(),
        prop::collection::vec(choice, 0..4),
    )
        .prop_map(|(days, storylet, draw, cycle, choices)| ScenePlan { days, storylet, draw, cycle, choices });
    let event = (0..30u8, any::<u8>(), any::<bool>(), any::<u8>()).prop_map(|(day, need, guard, effect)| EventPlan {
        day,
        need,
        guard,
        effect,
    });
    (1..3usize, prop::collection::vec(scene, 2..8), prop::collection::vec(event, 0..5), prop::option::of(any::<u8>()))
        .prop_map(|(roles, scenes, events, hinge)| Plan { roles, scenes, events, hinge })
}

/// The story of a plan, as TOML.
pub fn toml(plan: &Plan) -> String {
    let mut out = String::from(
        "[story]\nformat = 1\nid = \"made\"\ntitle = \"Made\"\ncalendar = \"julian\"\nbegins = 1917-02-22\nends = 1917-04-30\n\n\
         [world]\nbread = { start = 50, name = \"Bread\", scale = [\"little\", \"enough\"] }\nunrest = { start = 3, min = -5, max = 9 }\n\
         warned = false\ncrown = { start = \"reigning\", values = [\"reigning\", \"shaken\", \"gone\"] }\n\
         balance = { is = \"bread - unrest * 5\", name = \"Balance\" }\n\n",
    );
    for role in 0..plan.roles {
        let _ = write!(
            out,
            "[[role]]\nid = \"r{role}\"\nname = \"R{role}\"\nstart = \"s{role}_0\"\n[role.traits]\nnerve = {{ start = 1, max = 4 }}\n\n"
        );
    }
    for (index, event) in plan.events.iter().enumerate() {
        write_event(&mut out, index, event);
    }
    for role in 0..plan.roles {
        for index in 0..plan.scenes.len() {
            write_scene(&mut out, plan, role, index);
        }
        let _ = write!(
            out,
            "[[scene]]\nid = \"end{role}\"\nrole = \"r{role}\"\nending = \"The end\"\ntext = \"Over.\"\n\n"
        );
    }
    if let Some(effect) = plan.hinge {
        write_hinge(&mut out, plan.roles, effect);
    }
    out.push_str("[[outcome]]\nid = \"hungry\"\ntitle = \"Hungry\"\nif = \"bread < 30\"\n\n[[outcome]]\nid = \"fed\"\ntitle = \"Fed\"\nhistorical = true\n");
    out
}

/// Loads the story of a plan.
///
/// # Panics
///
/// Where it doesn't load: the generator is wrong, or the loader.
pub fn story(plan: &Plan) -> Story {
    sound(&toml(plan))
}

/// Loads a story from its text.
///
/// # Panics
///
/// Where it doesn't load, with what is wrong.
pub fn sound(text: &str) -> Story {
    let sources = Sources::single("t.toml", text);
    let loaded = load(&sources, None);
    let found = petrograd::diagnostic::render::human(&sources, &loaded.diagnostics, &Catalogue::default(), 100, false);
    loaded.story.unwrap_or_else(|| panic!("{found}\n{text}"))
}

fn effect(number: u8, events: usize) -> String {
    match number % 8 {
        0 => "bread -= 7".to_owned(),
        1 => "bread += 100; unrest -= 100".to_owned(),
        2 => "unrest += 2 if bread > 20; nerve += 1".to_owned(),
        3 => "warned = not warned".to_owned(),
        4 => "crown = shaken if crown == reigning; crown = gone if nerve > 2".to_owned(),
        5 if events > 0 => format!("happen e{}", usize::from(number / 8) % events),
        6 if events > 0 => format!("avert e{} if warned", usize::from(number / 8) % events),
        _ => "bread = max(bread - unrest * unrest, 0) / max(1, nerve)".to_owned(),
    }
}

fn guard(number: u8, events: usize) -> Option<String> {
    match number % 7 {
        0 => Some("bread >= 40 or warned".to_owned()),
        1 => Some("nerve < 3".to_owned()),
        2 if events > 0 => {
            Some(format!("not happened(e{0}) and days_since(e{0}) < 3", usize::from(number / 7) % events))
        }
        3 => Some("crown != gone and date < 1917-03-20".to_owned()),
        _ => None,
    }
}

fn write_event(out: &mut String, index: usize, event: &EventPlan) {
    let day = 1 + event.day;
    let (month, day) = if day > 7 { (3, day - 7) } else { (2, day + 21) };
    let _ = write!(
        out,
        "[[event]]\nid = \"e{index}\"\ntitle = \"E{index}\"\ndate = 1917-{month:02}-{day:02}\nsources = [\"made up\"]\nnews = \"E{index} on {{date}}.\"\n"
    );
    if index > 0 && event.need.is_multiple_of(2) {
        let _ = writeln!(out, "needs = [\"e{}\"]", usize::from(event.need) % index);
    }
    if event.guard {
        out.push_str("if = \"bread > 10\"\n");
    }
    // The nerve of a role is nobody's when an event happens.
    let _ = writeln!(out, "do = \"{}\"\n", effect(event.effect % 2 * 3, 0));
}

fn write_scene(out: &mut String, plan: &Plan, role: usize, index: usize) {
    let scene = &plan.scenes[index];
    let storylet = scene.storylet && index > 0;
    let pools = plan.scenes.iter().skip(1).any(|scene| scene.storylet);
    let _ = write!(out, "[[scene]]\nid = \"s{role}_{index}\"\nrole = \"r{role}\"\ntitle = \"S{index}\"\n");
    if scene.days > 0 {
        let _ = writeln!(out, "after = \"{} days\"", scene.days);
    }
    let turn = if scene.cycle { "{cycle}a{or}b{or}c{end}" } else { "{first}new{then}old{end} {any}x{or}y{end}" };
    let _ = writeln!(out, "text = '''\nBread {{bread}}, {turn}.\n{{if nerve > 1}}\nBrave.\n{{end}}\n'''");
    if storylet {
        let _ = writeln!(out, "pool = \"p\"\npriority = {}\nonce = true", index % 2);
    } else {
        let next = next_scene(plan, role, index + 1);
        let _ = writeln!(out, "goto = \"{next}\"");
        if scene.draw && pools {
            out.push_str("draw = { pool = \"p\", show = 1 }\n");
        }
    }
    out.push('\n');
    for (number, choice) in scene.choices.iter().enumerate() {
        write_choice(out, plan, role, index, (number, choice), storylet);
    }
}

/// The first scene from `index` on that is no storylet, else the hinge, else the end. Ways lead
/// forward only, but for what is answered in passing.
fn next_scene(plan: &Plan, role: usize, index: usize) -> String {
    let rest = plan.scenes.iter().enumerate().skip(index).find(|(_, scene)| !scene.storylet);
    match rest {
        Some((index, _)) => format!("s{role}_{index}"),
        None if plan.hinge.is_some() => "h".to_owned(),
        None => format!("end{role}"),
    }
}

fn write_choice(
    out: &mut String,
    plan: &Plan,
    role: usize,
    scene: usize,
    (number, choice): (usize, &ChoicePlan),
    storylet: bool,
) {
    let events = plan.events.len();
    let _ = write!(
        out,
        "[[scene.choice]]\nid = \"c{number}\"\ntext = \"Take {number}.\"\ndo = \"{}\"\nsay = \"So, {{bread}}.\"\n",
        effect(choice.effect, events)
    );
    if let Some(guard) = guard(choice.guard, events) {
        let _ = writeln!(out, "if = \"{guard}\"\nlocked = \"No.\"");
    }
    // What is answered in passing is asked once, so that every play comes to an end.
    let once = choice.once || choice.way == 3;
    let _ = writeln!(out, "once = {once}\nhistorical = {}", number == 0);
    let near = if storylet { "@return".to_owned() } else { next_scene(plan, role, scene + 1) };
    let far = next_scene(plan, role, scene + 1 + usize::from(choice.to % 3));
    match choice.way {
        0 => {
            let _ = writeln!(out, "goto = \"{near}\"");
        }
        1 => {
            let _ = writeln!(
                out,
                "goto = [{{ to = \"{far}\", if = \"bread > 30\" }}, {{ to = \"{near}\", do = \"nerve -= 1\" }}]"
            );
        }
        2 => {
            let _ = writeln!(
                out,
                "goto = [{{ to = \"{far}\", weight = 3, if = \"not warned\" }}, {{ to = \"{near}\", weight = 1, say = \"Luck.\" }}]"
            );
        }
        3 => {}
        _ => {
            let _ = writeln!(
                out,
                "goto = \"{near}\"\n[[scene.choice.choice]]\nid = \"n{number}\"\ntext = \"Go on.\"\ndo = \"nerve += 1\"\n"
            );
            let _ = writeln!(out, "[[scene.choice.choice]]\nid = \"m{number}\"\ntext = \"Stop.\"\ngoto = \"{far}\"");
        }
    }
    out.push('\n');
}

fn write_hinge(out: &mut String, roles: usize, number: u8) {
    out.push_str("[[hinge]]\nid = \"h\"\ntitle = \"H\"\ndate = 1917-03-25\ntext = \"All.\"\n\n");
    for role in 0..roles {
        let _ = write!(
            out,
            "[[hinge.side]]\nrole = \"r{role}\"\ntext = \"You.\"\ngoto = \"end{role}\"\n[[hinge.side.choice]]\nid = \"stay\"\ntext = \"Stay.\"\nhistorical = true\n\
             [[hinge.side.choice]]\nid = \"go\"\ntext = \"Go.\"\ndo = \"{}\"\n\n",
            effect(number % 4, 0)
        );
    }
    out.push_str("[[hinge.outcome]]\nif = \"chose(r0.go) and bread > 10\"\ntitle = \"Gone\"\ntext = \"They went.\"\ndo = \"unrest += 1\"\n\n");
    out.push_str("[[hinge.outcome]]\ntitle = \"Stayed\"\ntext = \"They stayed.\"\n\n");
}
