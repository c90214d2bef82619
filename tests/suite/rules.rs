//! The rules of the game, one small story each.

use petrograd::engine::{Play, Setup, Status, outcome};
use petrograd::story::Story;
use petrograd::story::model::RoleId;

use crate::generate::sound;

/// A story from its tables: a manifest and an outcome are added.
fn story(tables: &str) -> Story {
    let text = format!(
        "[story]\nformat = 1\nid = \"t\"\ntitle = \"T\"\ncalendar = \"julian\"\nbegins = 1917-02-22\nends = 1917-03-31\n{tables}\n\
         [[outcome]]\nid = \"over\"\ntitle = \"Over\"\nhistorical = true\n"
    );
    sound(&text)
}

/// Plays ids in order, for the role that is to act or the one named before a colon.
fn play(story: &Story, roles: &[&str], picks: &str) -> Play {
    let roles = if roles.is_empty() {
        vec![RoleId(0)]
    } else {
        roles.iter().map(|id| story.role_named(id).expect("a role")).collect()
    };
    let mut play = Play::begin(story, Setup { roles, seed: 7, digest: false });
    for pick in picks.split_whitespace() {
        let (role, id) = match pick.split_once(':') {
            Some((role, id)) => (story.role_named(role).expect("a role"), id),
            None => (play.next_role(story).unwrap_or_else(|| panic!("nobody can take `{pick}`")), pick),
        };
        let view = play.view(story, role);
        let option = view.options.iter().find(|option| option.id == id);
        let option = option.unwrap_or_else(|| panic!("`{id}` is not offered at `{}`: {:?}", view.at, view.options));
        play.take(story, petrograd::engine::Input { role, pick: option.pick })
            .unwrap_or_else(|refusal| panic!("{id}: {refusal}"));
    }
    play
}

fn value(story: &Story, play: &Play, name: &str) -> i64 {
    let index = story.variables.iter().position(|variable| variable.id == name).expect("a variable");
    play.state().value(story, petrograd::story::model::VariableId(index as u32))
}

/// When an event happened, as `02-25`; `averted` or `pending`.
fn fate(story: &Story, play: &Play, event: &str) -> String {
    match play.state().status(story, story.event_named(event).expect("an event")) {
        Status::Pending => "pending".to_owned(),
        Status::Averted => "averted".to_owned(),
        Status::Happened(day) => story.manifest.calendar.iso(day)[5..].to_owned(),
    }
}

fn texts(story: &Story, play: &Play) -> String {
    play.view(story, RoleId(0)).text.plain
}

const MARCH: &str = r#"
start = "a"
[world]
bread = 50
[[event]]
id = "first"
title = "F"
date = 1917-02-25
sources = ["s"]
do = "bread -= 10"
[[event]]
id = "second"
title = "S"
date = 1917-02-27
needs = ["first"]
sources = ["s"]
do = "bread -= 10"
[[event]]
id = "third"
title = "T"
date = 1917-03-02
needs = ["second"]
if = "bread < 35"
sources = ["s"]
[[scene]]
id = "a"
text = "{bread}"
[[scene.choice]]
id = "wait"
text = "Wait."
goto = "b"
[[scene.choice]]
id = "prevent"
text = "Prevent it."
do = "avert first"
goto = "b"
[[scene.choice]]
id = "hasten"
text = "Hasten it."
do = "happen second"
goto = "b"
[[scene.choice]]
id = "feed"
text = "Bake."
do = "bread += 10"
goto = "b"
[[scene]]
id = "b"
date = 1917-03-05
text = "{bread}"
[[scene.choice]]
id = "eat"
text = "Eat."
do = "bread -= 20"
goto = "c"
[[scene.choice]]
id = "leave"
text = "Leave."
goto = "end"
[[scene]]
id = "c"
after = "3 days"
text = "{date}, {bread}"
goto = "end"
[[scene]]
id = "end"
ending = "The end"
text = "Over."
"#;

#[test]
fn what_is_due_happens_by_itself_on_its_day_and_before_a_scene_of_that_day() {
    let story = story(MARCH);
    let left = play(&story, &[], "wait");
    assert_eq!(["first", "second", "third"].map(|event| fate(&story, &left, event)), ["02-25", "02-27", "03-02"]);
    assert_eq!(texts(&story, &left), "30");
}

#[test]
fn news_that_come_out_empty_are_not_told() {
    let story = story(
        r#"
start = "a"
[[event]]
id = "told"
title = "T"
date = 1917-02-25
sources = ["s"]
news = "Told."
[[event]]
id = "spared"
title = "S"
date = 1917-02-25
sources = ["s"]
news = "{if not digest}Spared.{end}"
[[scene]]
id = "a"
goto = "b"
[[scene]]
id = "b"
date = 1917-02-25
ending = "B"
"#,
    );
    let told = |digest| {
        let mut play = Play::begin(&story, Setup { roles: vec![RoleId(0)], seed: 7, digest });
        let pick = play.view(&story, RoleId(0)).options[0].pick;
        play.take(&story, petrograd::engine::Input { role: RoleId(0), pick }).expect("it goes on");
        play.news(RoleId(0)).iter().map(|news| news.text.plain.clone()).collect::<Vec<_>>()
    };
    assert_eq!(told(false), ["Told.", "Spared."]);
    assert_eq!(told(true), ["Told."]);
}

#[test]
fn averting_averts_what_hangs_on_it() {
    let story = story(MARCH);
    let averted = play(&story, &[], "prevent leave");
    assert_eq!(
        ["first", "second", "third"].map(|event| fate(&story, &averted, event)),
        ["averted", "averted", "averted"]
    );
    assert!(averted.state().is_over(&story));
}

#[test]
fn a_scene_brings_an_event_forward_without_asking_what_it_needs() {
    let story = story(MARCH);
    let early = play(&story, &[], "hasten");
    assert_eq!(["first", "second"].map(|event| fate(&story, &early, event)), ["02-25", "02-22"]);
    assert_eq!(value(&story, &early, "bread"), 30, "its effects ran once");
}

#[test]
fn a_guard_keeps_an_event_pending_until_it_holds() {
    let story = story(MARCH);
    let fed = play(&story, &[], "feed");
    assert_eq!(fate(&story, &fed, "third"), "pending");
    let hungry = play(&story, &[], "feed eat");
    assert_eq!(fate(&story, &hungry, "third"), "03-06", "on the first day that came after the guard held");
    assert_eq!(texts(&story, &hungry), "8 March, 20");
}

/// The calendar runs on when the last role has ended; what became of it is told as of its day.
#[test]
fn an_ending_is_read_as_it_was_entered() {
    let story = story(
        r#"
start = "a"
[[event]]
id = "later"
date = 1917-03-20
title = "Later"
summary = "Later."
sources = ["S"]
[[scene]]
id = "a"
date = 1917-03-01
text = "Here."
choice = [{ id = "stop", text = "Stop.", goto = "b" }]
[[scene]]
id = "b"
date = 1917-03-02
ending = "B"
text = "{if happened(later)}It has happened{else}It is the {date}{end}."
"#,
    );
    let play = play(&story, &[], "stop");
    assert_eq!(fate(&story, &play, "later"), "03-20");
    assert_eq!(texts(&story, &play), "It is the 2 March.");
}

#[test]
fn the_end_runs_the_calendar_out() {
    let story = story(MARCH);
    let done = play(&story, &[], "wait leave");
    assert_eq!(done.state().day(&story), story.manifest.ends);
    assert_eq!(outcome(&story, done.state()), Some(petrograd::story::model::OutcomeId(0)));
}

const HINGE: &str = r#"
[world]
unrest = 10
[[role]]
id = "weaver"
name = "Weaver"
start = "w"
[[role]]
id = "soldier"
name = "Soldier"
start = "s"
[role.traits]
nerve = 1
[[role]]
id = "clerk"
name = "Clerk"
[[event]]
id = "due"
title = "D"
date = 1917-03-01
sources = ["s"]
[[scene]]
id = "w"
role = "weaver"
goto = "square"
[[scene]]
id = "s"
role = "soldier"
date = 1917-02-23
[[scene.choice]]
id = "go"
text = "Go."
goto = "square"
[[scene.choice]]
id = "skip"
text = "Stay in barracks."
goto = "late"
[[scene]]
id = "late"
role = "soldier"
date = 1917-03-10
goto = "s_end"
[[hinge]]
id = "square"
title = "The square"
date = 1917-02-26
text = "Everybody."
[[hinge.side]]
role = "soldier"
text = "Your order."
goto = "s_end"
[[hinge.side.choice]]
id = "fire"
text = "Fire."
do = "unrest += 5"
say = "You fire."
historical = true
[[hinge.side.choice]]
id = "refuse"
text = "Refuse."
do = "unrest *= 1"
[[hinge.side]]
role = "weaver"
text = "Your shawl."
goto = "w_end"
[[hinge.side.choice]]
id = "march"
text = "March."
historical = true
[[hinge.side.choice]]
id = "home"
text = "Go home."
do = "unrest -= 5 if unrest > 12"
[[hinge.side]]
role = "clerk"
text = "Your pen."
[[hinge.side.choice]]
id = "note"
text = "Note it."
do = "unrest += 1"
historical = true
[[hinge.outcome]]
if = "chose(soldier.refuse)"
title = "Quiet"
text = "Nobody fires."
goto = { weaver = "w_other" }
[[hinge.outcome]]
title = "Blood"
text = "They fire."
do = "unrest += 20"
[[scene]]
id = "s_end"
role = "soldier"
ending = "E"
[[scene]]
id = "w_end"
role = "weaver"
ending = "E"
[[scene]]
id = "w_other"
role = "weaver"
ending = "F"
"#;

fn hinge() -> Story {
    story(&HINGE.replace("do = \"unrest *= 1\"\n", ""))
}

#[test]
fn at_a_hinge_who_is_absent_does_what_history_did() {
    let story = hinge();
    let alone = play(&story, &["weaver"], "continue home");
    // soldier +5, weaver -5 since unrest was above 12, clerk +1, outcome +20
    assert_eq!(value(&story, &alone, "unrest"), 31);
    assert_eq!(alone.said(RoleId(0)).plain, "They fire.");
    assert!(alone.state().is_over(&story));
}

#[test]
fn at_a_hinge_each_waits_for_the_others_and_an_outcome_sends_them_on() {
    let story = hinge();
    let waiting = play(&story, &["weaver", "soldier"], "weaver:continue");
    assert!(waiting.view(&story, RoleId(0)).waiting, "the soldier has not come");
    let met = play(&story, &["weaver", "soldier"], "weaver:continue soldier:go weaver:march soldier:refuse");
    assert_eq!(met.view(&story, RoleId(0)).at, "w_other");
    assert_eq!(met.view(&story, RoleId(1)).at, "s_end");
    assert_eq!(value(&story, &met, "unrest"), 11);
}

#[test]
fn who_never_comes_to_a_hinge_is_not_waited_for_for_ever() {
    let story = hinge();
    let gone = play(&story, &["weaver", "soldier"], "weaver:continue soldier:skip");
    assert!(gone.view(&story, RoleId(1)).waiting, "an event is due before the soldier's day");
    let turned = play(&story, &["weaver", "soldier"], "weaver:continue soldier:skip weaver:march soldier:continue");
    assert!(turned.state().is_over(&story));
    assert_eq!(fate(&story, &turned, "due"), "03-01");
}

#[test]
fn storylets_are_drawn_return_and_are_used_up() {
    let story = story(
        r#"
start = "hub"
[world]
told = 0
[[scene]]
id = "hub"
text = "{first}New.{then}Again.{then}Old.{end}"
draw = { pool = "p", show = 2 }
[[scene.choice]]
id = "ask"
text = "Ask."
say = "Answered."
once = true
[[scene.choice]]
id = "on"
text = "Go on."
goto = "end"
[[scene]]
id = "low"
pool = "p"
teaser = "Low."
text = "L"
do = "told += 1"
[[scene]]
id = "high"
pool = "p"
priority = 5
once = true
text = "H"
after = "2 days"
[[scene.choice]]
id = "back"
text = "Back."
goto = "@return"
[[scene]]
id = "never"
pool = "p"
priority = 9
if = "told > 5"
text = "N"
[[scene]]
id = "end"
ending = "E"
"#,
    );
    let ids =
        |play: &Play| play.view(&story, RoleId(0)).options.iter().map(|option| option.id.clone()).collect::<Vec<_>>();
    let hub = play(&story, &[], "");
    assert_eq!(ids(&hub), ["ask", "on", "high", "low"]);
    let asked = play(&story, &[], "ask");
    assert_eq!(
        (ids(&asked), asked.said(RoleId(0)).plain.as_str()),
        (vec!["on".into(), "high".into(), "low".into()], "Answered.")
    );
    assert!(!asked.arrived(RoleId(0)), "answered in passing");
    let high = play(&story, &[], "high back");
    assert_eq!((ids(&high), texts(&story, &high)), (vec!["ask".into(), "on".into(), "low".into()], "Again.".into()));
    assert_eq!(high.state().today(&story, RoleId(0)).since(story.manifest.begins), 2);
    let low = play(&story, &[], "low continue low continue low continue");
    assert_eq!((value(&story, &low, "told"), texts(&story, &low)), (3, "Old.".into()));
}

#[test]
fn nested_choices_are_asked_before_the_way_on() {
    let story = story(
        r#"
start = "a"
[world]
n = 0
[[scene]]
id = "a"
text = "A"
[[scene.choice]]
id = "speak"
text = "Speak."
do = "n += 1"
say = "To whom?"
goto = "end"
[[scene.choice.choice]]
id = "clerk"
text = "To the clerk."
do = "n += 10"
[[scene.choice.choice]]
id = "nobody"
text = "To nobody."
goto = "other"
[[scene]]
id = "end"
ending = "E"
[[scene]]
id = "other"
ending = "O"
"#,
    );
    let asked = play(&story, &[], "speak");
    assert_eq!((value(&story, &asked, "n"), asked.said(RoleId(0)).plain.as_str()), (1, "To whom?"));
    let done = play(&story, &[], "speak clerk");
    assert_eq!((value(&story, &done, "n"), done.view(&story, RoleId(0)).at.as_str()), (11, "end"));
    assert_eq!(play(&story, &[], "speak nobody").view(&story, RoleId(0)).at, "other");
}

#[test]
fn templates_leave_no_blank_lines_behind() {
    let story = story(
        r#"
start = "a"
[world]
n = 3
hot = true
crown = { start = "half_gone", values = ["half_gone", "gone"] }
[[scene]]
id = "a"
text = '''
One
{if n > 5}
never
{elif hot}
two
{else}
not this
{end}
three {n}, {crown}{if n < 2}, few{end}.

{if not hot}
Nothing.
{end}

Four {{braces}} on {date}.
---
*Five*{any}!{or}!{end}
'''
goto = "end"
[[scene]]
id = "end"
ending = "E"
"#,
    );
    let begun = play(&story, &[], "");
    assert_eq!(texts(&story, &begun), "One two three 3, half gone.\n\nFour {braces} on 22 February.\n\nFive!");
    let markdown = begun.view(&story, RoleId(0)).text.markdown;
    assert!(markdown.contains("\n\n\u{c}\n\n*Five*!"), "{markdown:?}");
}

#[test]
fn effects_saturate_and_symbols_change() {
    let story = story(
        r#"
start = "a"
[world]
n = { start = 5, min = -10, max = 10 }
crown = { start = "on", values = ["on", "off"] }
[[scene]]
id = "a"
do = "n += 100; n -= 3; crown = off if n == 7; n = n * n * n"
goto = "b"
text = "{n} {crown}"
[[scene]]
id = "b"
ending = "E"
"#,
    );
    assert_eq!(texts(&story, &play(&story, &[], "")), "10 off");
}

#[test]
fn derived_variables_stay_what_they_are() {
    let story = story(
        r#"
start = "a"
[world]
bread = 50
alias = { is = "bread" }
fixed = { is = "5" }
[[scene]]
id = "a"
text = "{if alias < 60}Low.{else}High.{end} {if bread > 60}Much.{end}"
[[scene.choice]]
id = "go"
text = "Go."
if = "alias >= 50"
do = "bread += fixed; bread -= 3 if alias > 10 and bread < 90"
goto = "b"
[[scene]]
id = "b"
ending = "B"
text = "{alias} and {fixed}."
"#,
    );
    assert_eq!(texts(&story, &play(&story, &[], "")), "Low.");
    let over = play(&story, &[], "go");
    assert_eq!((texts(&story, &over).as_str(), value(&story, &over, "alias")), ("52 and 5.", 52));
}
