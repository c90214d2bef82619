//! What the teacher may do, and what it writes. Pure.

use super::caucus;
use super::command::{Refusal, Steer};
use super::count::Ballots;
use super::event::{Asked, Event, Mode, Phase};
use super::notes;
use super::practice;
use super::room::{Room, Sitting};
use super::rows::{Change, NoteRow, SeatRow, Undo};
use super::seats;
use super::world::World;
use crate::story::Story;

/// Whether an id is a hinge's.
pub fn is_hinge(story: &Story, id: &str) -> bool {
    story.hinge_named(id).is_some()
}

/// Decides what a teacher's command writes.
///
/// # Errors
///
/// Returns a [`Refusal`] where it may not be done now.
pub fn steer(world: &World, room: &Room, what: &Steer, now: u64) -> Result<Change, Refusal> {
    if room.purged {
        return Err(Refusal::Over);
    }
    match what {
        Steer::Create { seed } => create(world, room, *seed),
        Steer::Begin { mode, role, digest } => begin(world, room, *mode, role.as_deref(), *digest),
        Steer::Undo => undo(room),
        Steer::Rewind(from) => rewind(room, *from),
        Steer::Practise(on) => practice::set(room, *on),
        Steer::Gather(on) if room.game.mode == Some(Mode::Alone) && room.gathered != *on => {
            Ok(Change::of([Event::Gathered { on: *on }]))
        }
        Steer::Gather(_) => Err(Refusal::NotNow),
        Steer::Lock(on) => Ok(Change::of([Event::Locked { on: *on }])),
        Steer::Tap(on) => Ok(Change::of([Event::TapSet { on: *on }])),
        Steer::Late(undecided) => Ok(Change::of([Event::LateSet { undecided: *undecided }])),
        Steer::Resume => Ok(Change::of(room.ended.then_some(Event::Resumed))),
        Steer::Due(until) => Ok(Change::of([Event::DueSet { until: *until }])),
        Steer::Rules(rules) => Ok(Change::of([Event::RulesSet { rules: *rules }])),
        Steer::End => Ok(Change::of((!room.ended).then_some(Event::Ended))),
        Steer::Purge => Ok(Change { events: vec![Event::Purged], purge: true, ..Change::default() }),
        Steer::Note(number, state) => {
            let note = room.notes.get(number).ok_or(Refusal::NotNow)?;
            Ok(notes::changed(NoteRow { state: *state, ..NoteRow::clone(note) }))
        }
        Steer::Admit(_)
        | Steer::Remove(_)
        | Steer::RemoveSince(_)
        | Steer::Restore(_)
        | Steer::Rename(..)
        | Steer::Move(..)
        | Steer::Reissue(..)
        | Steer::Merge(..)
        | Steer::Answer { .. }
        | Steer::Speaker(..)
        | Steer::Speakers(_)
        | Steer::ShowSpeakers(_) => seats::steer(world, room, what, now),
        Steer::Elect(role) => caucus::elect(world, room, role),
        Steer::Unseat(seat) => caucus::unseat(room, *seat),
        Steer::Nudge(role) => caucus::nudge(world, room, role.as_deref()),
        _ if room.ended => Err(Refusal::Over),
        _ => pace(world, room, what, now),
    }
}

fn create(world: &World, room: &Room, seed: u64) -> Result<Change, Refusal> {
    if room.head > 0 {
        return Err(Refusal::NotNow);
    }
    let story = world.story();
    Ok(Change::of([Event::Created {
        story: story.manifest.id.clone(),
        logic: story.logic.clone(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        seed: seed.to_string(),
    }]))
}

fn begin(world: &World, room: &Room, mode: Mode, role: Option<&str>, digest: bool) -> Result<Change, Refusal> {
    let story = world.story();
    if room.game.phase != Phase::Lobby || room.head == 0 {
        return Err(Refusal::NotNow);
    }
    let playable = story.playable().map(|role| story.roles[role.index()].id.clone());
    let chosen: Vec<String> = match (mode, role) {
        (Mode::Factions, _) => playable.collect(),
        (Mode::Class | Mode::Alone, Some(role)) => playable.filter(|id| id == role).collect(),
        (Mode::Class, None) => playable.take(1).collect(),
        (Mode::Alone, None) => playable.collect(),
    };
    if chosen.is_empty() {
        return Err(Refusal::NotOffered);
    }
    let mut sizes = vec![0usize; chosen.len()];
    let name = |seat: &std::sync::Arc<super::room::Seat>| seat.role.map(|role| story.roles[role.index()].id.as_str());
    for (_, seat) in room.seated() {
        if let Some(place) = chosen.iter().position(|id| Some(id.as_str()) == name(seat)) {
            sizes[place] += 1;
        }
    }
    let mut events = Vec::new();
    for (number, seat) in room.seats.iter().filter(|(_, seat)| seat.sitting != Sitting::Gone) {
        if name(seat).is_some_and(|id| chosen.iter().any(|chosen| chosen == id)) {
            continue;
        }
        let place = (0..sizes.len()).min_by_key(|&place| sizes[place]).unwrap_or(0);
        sizes[place] += 1;
        events.push(Event::RoleAssigned { seat: *number, role: chosen.get(place).cloned() });
    }
    events.push(Event::Begun { mode, roles: chosen, digest });
    Ok(Change::of(events))
}

/// The turn: read, argue, vote, count, reveal, go on.
fn pace(world: &World, room: &Room, what: &Steer, now: u64) -> Result<Change, Refusal> {
    let (story, game) = (world.story(), &room.game);
    let event = match what {
        Steer::Pause(on) => Event::Paused { on: *on },
        Steer::Timer(0) => Event::TimerSet { until: None },
        Steer::Timer(seconds) => {
            let from = game.timer.filter(|until| *until > now).unwrap_or(now);
            Event::TimerSet { until: Some(from + seconds.min(&3_600) * 1_000) }
        }
        Steer::Phase(phase) if phase.is_before() && game.phase.is_before() => Event::PhaseSet { phase: *phase },
        Steer::Open => return opening(story, room),
        Steer::Close if game.phase == Phase::Vote => closing(world, room),
        Steer::Reveal if game.phase == Phase::Closed || game.holds_casting_back() => {
            Event::Revealed { round: game.round.as_ref().map_or(0, |round| round.number) }
        }
        Steer::Break { role, option } => {
            let waits = game.waiting().any(|counted| counted.role == *role && counted.left.contains(option));
            let round = game.round.as_ref().map_or(0, |round| round.number);
            match waits {
                true => Event::TieBroken { round, role: role.clone(), option: option.clone() },
                false => return Err(Refusal::NotNow),
            }
        }
        Steer::Advance | Steer::Skip => return advancing(story, room, *what == Steer::Skip),
        _ => return Err(Refusal::NotNow),
    };
    Ok(Change::of([event]))
}

fn opening(story: &Story, room: &Room) -> Result<Change, Refusal> {
    let runoff = room.game.runoff();
    let (asked, is_runoff) = match room.game.phase {
        phase if phase.is_before() => (room.game.questions(story), false),
        Phase::Closed | Phase::Revealed if !runoff.is_empty() => (runoff, true),
        _ => return Err(Refusal::NotNow),
    };
    if asked.is_empty() {
        return Err(Refusal::NotNow);
    }
    let (round, rules) = (room.rounds + 1, room.game.rules);
    Ok(Change::of([Event::DecisionOpened { round, runoff: is_runoff, rules, asked }]))
}

/// The line that closes the round: every ballot before it counts.
pub fn closing(world: &World, room: &Room) -> Event {
    let story = world.story();
    let counted = room.game.count(story, room.seed, |asked| ballots(story, room, asked));
    Event::DecisionClosed { round: room.rounds, cut: room.head, counted }
}

/// The ballots of one decision, from the rows: never a number that was added to.
pub fn ballots(story: &Story, room: &Room, asked: &Asked) -> Ballots {
    let role = story.role_named(&asked.role);
    let mut ballots = Ballots { votes: vec![0; asked.options.len()], ..Ballots::default() };
    let place = |id: &str| asked.options.iter().position(|option| option == id);
    for (number, vote) in &room.votes {
        let Some(seat) = room.here(*number) else { continue };
        match (seat.role, &vote.option) {
            (Some(_), None) if seat.role == role => ballots.passed += 1,
            (Some(_), Some(option)) if seat.role == role => {
                if let Some(place) = place(option) {
                    ballots.votes[place] += 1;
                }
            }
            (None, Some(option)) => {
                let own = option.split_once('.').filter(|(role, _)| *role == asked.role);
                if let Some(place) = own.and_then(|(_, id)| place(id)) {
                    ballots.casting.resize(asked.options.len(), 0);
                    ballots.casting[place] += 1;
                }
            }
            _ => {}
        }
    }
    ballots
}

fn advancing(story: &Story, room: &Room, skip: bool) -> Result<Change, Refusal> {
    let game = &room.game;
    if game.mode.is_none() || game.mode == Some(Mode::Alone) {
        return Err(Refusal::NotNow);
    }
    let allowed = match game.phase {
        Phase::Read | Phase::Caucus | Phase::Argue | Phase::Corridor | Phase::Revealed => {
            skip || game.is_settled(story)
        }
        Phase::Closed => skip,
        Phase::Lobby | Phase::Vote | Phase::Over => false,
    };
    let (taken, state) = game.next_step(story, skip);
    if !allowed || taken.is_empty() {
        return Err(Refusal::NotNow);
    }
    Ok(Change::of([Event::Advanced { taken, state }]))
}

fn rewind(room: &Room, from: u64) -> Result<Change, Refusal> {
    let is_turn = |event: &Event| matches!(event, Event::Begun { .. } | Event::Advanced { .. });
    let found = room.course.iter().any(|(seq, event)| *seq == from && is_turn(event));
    if !found || room.ended {
        return Err(Refusal::NotNow);
    }
    Ok(Change::of([Event::Forked { from }]))
}

impl Room {
    /// Whether the teacher's last command can be taken back.
    pub fn can_undo(&self) -> bool {
        match &self.undo {
            Some(undo) => **undo != Undo::default(),
            // An ended lesson, and the story's beginning, have nothing before them to go back to.
            None => self.course.len() > 1 && !self.ended,
        }
    }
}

/// Seats are put back as they were; the game goes back to the line before its last.
fn undo(room: &Room) -> Result<Change, Refusal> {
    match (&room.undo, &room.course[..]) {
        _ if !room.can_undo() => Err(Refusal::NotNow),
        (Some(undo), _) => Ok(Undo::clone(undo).into()),
        (None, [.., (before, _), _]) => Ok(Change::of([Event::Forked { from: *before }])),
        (None, _) => Err(Refusal::NotNow),
    }
}

/// What puts seats and doors back as they are now, should they be changed; nothing where the game's
/// last line is what was commanded, and goes back by a fork.
pub fn undoing(room: &Room, what: &Steer, done: &Change) -> Option<Undo> {
    let row = |seat: &u32| room.seats.get(seat).map(|seat| seat.row.clone());
    let change = |events: Vec<Event>, seats: Vec<SeatRow>| Some(Undo { events, seats });
    match what {
        Steer::Remove(seat) => change(vec![Event::SeatReopened { seat: *seat }], vec![]),
        Steer::Restore(seat) => change(vec![Event::SeatClosed { seat: *seat }], vec![]),
        Steer::Rename(seat, _) => change(vec![Event::SeatChanged { seat: *seat }], vec![row(seat)?]),
        Steer::Move(seat, _) => {
            let role = room.seats.get(seat)?.role.and_then(|role| room.role_ids.get(role.index()).cloned());
            change(vec![Event::RoleAssigned { seat: *seat, role }], vec![])
        }
        Steer::Reissue(seat, _) => change(vec![Event::SeatChanged { seat: *seat }], vec![row(seat)?]),
        Steer::Merge(from, into) => {
            let events = vec![
                Event::SeatReopened { seat: *from },
                Event::SeatChanged { seat: *from },
                Event::SeatChanged { seat: *into },
            ];
            change(events, vec![row(from)?, row(into)?])
        }
        Steer::RemoveSince(_) => {
            let back = |event: &Event| match event {
                Event::SeatClosed { seat } => Some(Event::SeatReopened { seat: *seat }),
                _ => None,
            };
            change(done.events.iter().filter_map(back).collect(), vec![])
        }
        Steer::Answer { claim, granted: true, .. } => {
            let seat = room.claims.iter().find(|one| one.claim == *claim)?.seat;
            change(vec![Event::SeatChanged { seat }], vec![row(&seat)?])
        }
        Steer::Due(_) => change(vec![Event::DueSet { until: room.due }], vec![]),
        Steer::Elect(role) => change(vec![caucus::seated(role, None)], vec![]),
        Steer::Unseat(seat) => {
            let role = room.seats.get(seat)?.role.and_then(|role| room.role_ids.get(role.index()))?;
            change(vec![caucus::seated(role, Some(*seat))], vec![])
        }
        Steer::Practise(on) => change(vec![Event::Practised { on: !on }], vec![]),
        Steer::Gather(on) => change(vec![Event::Gathered { on: !on }], vec![]),
        // What was said can't be unsaid; no turn is taken back in its stead.
        Steer::Nudge(_) => change(vec![], vec![]),
        // These have buttons of their own that take them back. The game stays where it is.
        Steer::Admit(_) | Steer::Answer { .. } | Steer::Note(..) => change(vec![], vec![]),
        Steer::End => change(vec![Event::Resumed], vec![]),
        Steer::Resume => change(vec![Event::Ended], vec![]),
        Steer::Late(on) => change(vec![Event::LateSet { undecided: !on }], vec![]),
        Steer::Lock(on) => change(vec![Event::Locked { on: !on }], vec![]),
        Steer::Tap(on) => change(vec![Event::TapSet { on: !on }], vec![]),
        _ => None,
    }
}
