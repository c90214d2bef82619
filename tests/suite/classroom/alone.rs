//! Everybody at their own pace: the map, a seat as the teacher sees it, coming together, what of
//! others is hidden until the day; and the vote for practice before anything is at stake.

use petrograd::host::event::Event;
use petrograd::host::room::Room;

use super::client::{Answer, Client};
use super::server::{Server, lighthouse};

/// One step of somebody who plays alone, with a reason where one is asked.
fn step(server: &Server, student: &mut Client, place: usize) -> Option<Answer> {
    let page = student.get(&server.path("s", ""));
    let options = page.fields("option");
    let option = (*options.get(place % options.len().max(1))?).to_owned();
    let turn = page.field("turn")?.to_owned();
    let mut fields = vec![("turn", turn.as_str()), ("option", option.as_str())];
    if page.body.contains("id=\"reason\"") {
        fields.push(("reason", "because the ship has a hundred people aboard and the lamp has oil"));
    }
    Some(student.post(&server.path("s", "/step"), &fields))
}

#[test]
fn those_who_play_alone_are_seen_gathered_and_let_go() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    server.must(&mut teacher, "begin", &[("mode", "alone"), ("role", "keeper")]);
    for turn in 0..60 {
        if step(&server, &mut students[0], turn).is_none() {
            break;
        }
    }
    step(&server, &mut students[1], 0);
    let console = teacher.get(&server.path("t", "")).body;
    assert!(console.contains("Where everybody is") && console.contains("1 has finished"), "{console}");
    for seat in 1..4 {
        assert!(console.contains(&server.path("t", &format!("/seat/{seat}"))), "{seat}: {console}");
    }
    let watched = teacher.get(&server.path("t", "/seat/2"));
    let own = students[1].get(&server.path("s", "")).body;
    let title =
        |page: &str| page.split_once("<h1").map(|(_, rest)| rest.split("</h1>").next().unwrap_or_default().to_owned());
    assert_eq!(title(&watched.body), title(&own), "the teacher sees what the seat sees");
    assert!(!watched.body.contains("<form") && !watched.body.contains("<button"), "and presses nothing");
    assert_eq!(teacher.get(&server.path("t", "/seat/99")).status, 404);
    // A reason of ten words is with the teacher, beside its scene.
    let words = teacher.get(&server.path("t", "/words.csv")).body;
    assert!(words.contains("\"reason\"") && words.contains("\"the_light\""), "{words}");
    // What others chose is hidden.
    let debrief = |client: &mut Client| client.get(&server.path("s", "/debrief"));
    assert!(!debrief(&mut students[0]).body.contains("Choice by choice"));
    assert_eq!(debrief(&mut students[1]).status, 303, "the second is still playing");
    let done = teacher.get(&server.path("t", "/completion.csv")).body;
    assert_eq!(done.matches("\"yes\"").count(), 1, "{done}");
    assert_eq!(done.lines().next(), Some("class,name,complete,choices"), "names in class and nothing else");
    // Together: all see one place, and nobody goes on.
    assert_eq!(server.next(&mut teacher).as_deref(), Some("gather"));
    server.must(&mut teacher, "gather", &[]);
    let scene = students[1].get(&server.path("s", "")).body;
    assert!(scene.contains("data-phase=\"gathered\"") && scene.contains("How the record ends"), "{scene}");
    assert_eq!(students[1].post(&server.path("s", "/step"), &[("turn", "1"), ("option", "continue")]).status, 409);
    assert!(debrief(&mut students[1]).body.contains("Choice by choice"), "now the class is laid side by side");
    assert_eq!(server.next(&mut teacher).as_deref(), Some("end"));
    server.kill();
    server.restart();
    assert!(students[1].get(&server.path("s", "")).body.contains("data-phase=\"gathered\""));
    server.must(&mut teacher, "ungather", &[]);
    assert_eq!(title(&students[1].get(&server.path("s", "")).body), title(&own), "places are kept");
    assert_eq!(step(&server, &mut students[1], 0).map(|answer| answer.status), Some(303));
    server.must(&mut teacher, "due", &[("seconds", "3")]);
    assert!(students[1].get(&server.path("s", "")).body.contains("Open until "));
}

#[test]
fn what_others_chose_is_hidden_until_the_day() {
    let world = super::replay::world();
    let mut room = Room::new(&world);
    assert!(!room.shows_others(u64::MAX), "without a day it stays hidden");
    room.apply(&world, 1, 0, &Event::DueSet { until: Some(5) }).expect("a line");
    assert!(!room.shows_others(5) && room.shows_others(6));
    room.apply(&world, 2, 0, &Event::DueSet { until: None }).expect("a line");
    room.apply(&world, 3, 0, &Event::Gathered { on: true }).expect("a line");
    assert!(room.shows_others(0), "the teacher has gathered them");
}

#[test]
fn a_vote_for_practice_leaves_nothing_in_the_story() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut students: Vec<Client> = (0..3).map(|_| server.student("")).collect();
    server.must(&mut teacher, "practise", &[]);
    assert_eq!(server.steer(&mut teacher, "practise", &[]).status, 409);
    assert_eq!(server.next(&mut teacher).as_deref(), Some("practised"));
    let first = server.vote(&mut students[0], 0).expect("recorded");
    assert_eq!(first["effective"], "tea");
    server.vote(&mut students[1], 1);
    server.vote(&mut students[1], 0);
    let wall = server.client().get(&server.path("p", "")).body;
    assert!(wall.contains("Practice") && wall.contains("2 votes"), "the count is live: {wall}");
    assert!(students[1].get(&server.path("s", "")).body.contains("Recorded"));
    server.kill();
    server.restart();
    assert!(server.client().get(&server.path("p", "")).body.contains("2 votes"), "and outlives the program");
    server.must(&mut teacher, "practised", &[]);
    let late = [("round", "536870913"), ("key", "9"), ("option", "tea")];
    assert_eq!(students[2].post(&server.path("s", "/ballot"), &late).status, 409, "closed is closed");
    assert!(students[0].get(&server.path("s", "")).body.contains("data-phase=\"lobby\""));
    assert_eq!(teacher.get(&server.path("t", "/votes.csv")).body.lines().count(), 1, "no decision of the class");
    server.must(&mut teacher, "begin", &[("mode", "class"), ("role", "keeper")]);
    server.must(&mut teacher, "open", &[]);
    assert!(server.vote(&mut students[0], 0).is_some(), "the first real vote is the first");
    assert_eq!(server.steer(&mut teacher, "practise", &[]).status, 409, "not while something is at stake");
    assert!(!teacher.get(&server.path("t", "/debrief")).body.contains("Tea first"));
}

#[test]
fn an_ended_lesson_goes_on_and_latecomers_may_stay_undecided() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let mut first = server.student("");
    server.must(&mut teacher, "begin", &[("mode", "factions")]);
    server.must(&mut teacher, "late_undecided", &[]);
    let mut late = server.student("");
    assert!(late.get(&server.path("s", "")).body.contains("undecided"));
    server.must(&mut teacher, "late_in_groups", &[]);
    let mut later = server.student("");
    assert!(!later.get(&server.path("s", "")).body.contains("undecided"));
    server.must(&mut teacher, "end", &[]);
    server.kill();
    server.arguments.extend(["--code".to_owned(), server.code.to_lowercase()]);
    server.restart();
    assert!(first.get(&server.path("s", "")).body.contains("data-phase=\"ended\""));
    server.must(&mut teacher, "again", &[]);
    assert!(first.get(&server.path("s", "")).body.contains("data-phase=\"read\""), "from where it stood");
}
