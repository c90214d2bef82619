//! What groups have to themselves, with plain forms: chairs, the line to take, reminders.

use super::client::Client;
use super::server::{Server, lighthouse};

/// A class in two groups: its students by group, each with the number of their seat.
pub fn groups(server: &Server, teacher: &mut Client, students: usize) -> [Vec<(u32, Client)>; 2] {
    let clients: Vec<Client> = (0..students).map(|_| server.student("")).collect();
    server.must(teacher, "begin", &[("mode", "factions")]);
    let mut groups = [Vec::new(), Vec::new()];
    for (place, mut client) in clients.into_iter().enumerate() {
        let keeper = client.get(&server.path("s", "")).body.contains("keeper of the light");
        groups[usize::from(!keeper)].push((place as u32 + 1, client));
    }
    groups
}

fn want(server: &Server, client: &mut Client, seat: u32) -> u16 {
    client.post(&server.path("s", "/chair"), &[("seat", &seat.to_string())]).status
}

#[test]
fn a_group_elects_its_chair_among_its_seats() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, mut captains] = groups(&server, &mut teacher, 6);
    let (first, second, captain) = (keepers[0].0, keepers[1].0, captains[0].0);
    let console = |teacher: &mut Client| teacher.get(&server.path("t", "")).body;
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 2);
    server.must(&mut teacher, "caucus", &[]);
    let page = keepers[0].1.get(&server.path("s", "")).body;
    assert!(page.contains("data-phase=\"caucus\"") && page.contains("Elect a chair"), "{page}");
    assert_eq!(want(&server, &mut keepers[0].1, captain), 409, "nobody of another group");
    assert_eq!(want(&server, &mut keepers[0].1, first), 303);
    assert_eq!(want(&server, &mut keepers[0].1, first), 303, "said twice, counted once");
    assert!(console(&mut teacher).contains("1 of 3"));
    // A change of mind, and a second voice: more than half.
    assert_eq!(want(&server, &mut keepers[0].1, second), 303);
    assert_eq!(want(&server, &mut keepers[2].1, second), 303);
    let own = keepers[1].1.get(&server.path("s", "")).body;
    assert!(own.contains("You chair your group."), "{own}");
    assert!(keepers[0].1.get(&server.path("s", "")).body.contains("chairs your group."));
    assert!(!captains[0].1.get(&server.path("s", "")).body.contains("chairs your group."), "another group's chair");
    assert!(console(&mut teacher).contains("▲ "));
    assert_eq!(want(&server, &mut keepers[0].1, first), 409, "elected is elected");
    // All different: the lot, and it is in the log.
    for place in 0..3 {
        let seat = captains[(place + 1) % 3].0;
        assert_eq!(want(&server, &mut captains[place].1, seat), 303);
    }
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    let drawn = log
        .lines()
        .filter(|line| line.contains("chair_elected"))
        .filter(|line| line.contains("\"drawn\":0") || line.contains("\"drawn\":1") || line.contains("\"drawn\":2"));
    assert_eq!(drawn.count(), 1, "{log}");
    // On the wall no chair stands anywhere.
    assert!(!server.client().get(&server.path("p", "")).body.contains('▲'));
    // Taken away: no chair. Given back: the same one.
    server.must(&mut teacher, "remove", &[("seat", &second.to_string())]);
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 1);
    server.must(&mut teacher, "undo", &[]);
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 0);
    server.kill();
    server.restart();
    let console = |teacher: &mut Client| teacher.get(&server.path("t", "")).body;
    assert_eq!(console(&mut teacher).matches('▲').count(), 2, "chairs outlive the program");
    server.must(&mut teacher, "move", &[("seat", &second.to_string()), ("role", "")]);
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 1);
    // The teacher counts what there is, and may have it otherwise again.
    assert_eq!(server.steer(&mut teacher, "elect", &[("role", "keeper")]).status, 409, "nobody has said anything");
    assert_eq!(want(&server, &mut keepers[0].1, first), 303);
    server.must(&mut teacher, "elect", &[("role", "keeper")]);
    assert!(keepers[0].1.get(&server.path("s", "")).body.contains("You chair your group."));
    server.must(&mut teacher, "unseat", &[("seat", &first.to_string())]);
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 1);
    server.must(&mut teacher, "undo", &[]);
    assert_eq!(console(&mut teacher).matches("(no chair)").count(), 0);
}

#[test]
fn the_line_of_a_group_is_its_own_and_decides_nothing() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, mut captains] = groups(&server, &mut teacher, 5);
    server.must(&mut teacher, "caucus", &[]);
    let page = keepers[0].1.get(&server.path("s", ""));
    let option = page.fields("option").first().map(|option| (*option).to_owned()).expect("something to choose from");
    let line =
        |client: &mut Client, option: &str| client.post(&server.path("s", "/line"), &[("option", option)]).status;
    assert_eq!(line(&mut keepers[0].1, &option), 303);
    assert_eq!(line(&mut keepers[1].1, &option), 303);
    assert_eq!(line(&mut keepers[1].1, "nothing_of_the_sort"), 409);
    assert!(keepers[2].1.get(&server.path("s", "")).body.contains("2 of your group"));
    assert!(!captains[0].1.get(&server.path("s", "")).body.contains("2 of your group"));
    let log = teacher.get(&server.path("t", "/log.jsonl")).body;
    assert!(!log.contains(&format!("\"{option}\"")), "a straw vote is in no log: {log}");
    assert_eq!(teacher.get(&server.path("t", "/votes.csv")).body.lines().count(), 1, "and no decision");
    server.must(&mut teacher, "argue", &[]);
    server.must(&mut teacher, "corridor", &[]);
    assert!(keepers[0].1.get(&server.path("s", "")).body.contains("Leave your seat and bargain."));
    server.must(&mut teacher, "open", &[]);
    assert_eq!(line(&mut keepers[0].1, &option), 409, "not while they vote");
    // Back to the talk: it is asked anew, and what is said now is kept beside what was said before.
    server.must(&mut teacher, "undo", &[]);
    server.must(&mut teacher, "caucus", &[]);
    assert!(!keepers[2].1.get(&server.path("s", "")).body.contains("2 of your group"));
    assert_eq!(line(&mut keepers[0].1, &option), 303);
    assert!(keepers[2].1.get(&server.path("s", "")).body.contains("1 of your group"));
    server.kill();
    server.restart();
    assert!(keepers[2].1.get(&server.path("s", "")).body.contains("1 of your group"), "and after a restart");
}

#[test]
fn whoever_has_not_voted_is_reminded_and_nobody_else_is() {
    let mut server = Server::start(&lighthouse(), &[]);
    let mut teacher = server.teacher();
    let [mut keepers, mut captains] = groups(&server, &mut teacher, 6);
    assert_eq!(server.steer(&mut teacher, "nudge", &[("role", "keeper")]).status, 409, "no vote is open");
    server.must(&mut teacher, "open", &[]);
    server.vote(&mut keepers[0].1, 0);
    let console = teacher.get(&server.path("t", "")).body;
    assert!(console.contains("Nudge 2"), "{console}");
    let seen = |client: &mut Client| client.get(&server.path("s", "/view")).body.contains("Your vote is missing");
    assert!(!seen(&mut keepers[1].1));
    server.must(&mut teacher, "nudge", &[("role", "keeper")]);
    assert!(!seen(&mut keepers[0].1) && seen(&mut keepers[1].1) && seen(&mut keepers[2].1));
    assert!(!seen(&mut captains[0].1), "another group");
    // Whoever is undecided has nothing to vote on in scenes of the groups' own.
    let mut late = server.student("");
    server.must(&mut teacher, "move", &[("seat", "7"), ("role", "")]);
    assert_eq!(server.steer(&mut teacher, "nudge", &[("role", "")]).status, 409);
    assert!(!seen(&mut late));
    // What was said can't be unsaid, and nothing else is taken back in its stead.
    server.must(&mut teacher, "nudge", &[("role", "keeper")]);
    assert_eq!(server.steer(&mut teacher, "undo", &[]).status, 409);
    assert!(seen(&mut keepers[2].1));
    server.kill();
    server.restart();
    let seen = |client: &mut Client| client.get(&server.path("s", "/view")).body.contains("Your vote is missing");
    assert!(seen(&mut keepers[1].1), "and after a restart");
    server.vote(&mut keepers[1].1, 1);
    assert!(!seen(&mut keepers[1].1));
    server.vote(&mut keepers[2].1, 1);
    assert_eq!(server.steer(&mut teacher, "nudge", &[("role", "keeper")]).status, 409, "all have voted");
    let wall = server.client().get(&server.path("p", "")).body;
    assert!(!wall.contains("missing"), "{wall}");
}
