//! Votes as a table for a spreadsheet: a line for each seat and decision, under the names of the
//! class, which are nobody's.

use std::fmt::Write as _;

use crate::host::decided::{Decision, of_class, of_play};
use crate::host::event::{Asked, Counted, Event, Mode};
use crate::host::room::{Room, Seat, Sitting};
use crate::host::rows::BallotRow;
use crate::host::world::Tongue;

/// The columns, behind the mark by which spreadsheets know UTF-8. Whoever reads the table by a program
/// finds ids before the words for them.
const HEAD: &str = "\u{feff}class,round,role,at,seat,name,choice,date,words,won,record\r\n";

/// What a table is made from.
pub struct Table<'a> {
    /// The class's language.
    pub tongue: &'a Tongue,
    /// The class.
    pub room: &'a Room,
    /// Its code.
    pub code: &'a str,
}

/// One decision, as its lines begin and end.
struct Line<'a> {
    round: String,
    asked: &'a Asked,
    decision: Option<&'a Decision<'a>>,
    counted: Option<&'a Counted>,
}

impl Table<'_> {
    /// The table: of votes where the class plays together, of choices where everybody plays alone.
    pub fn of(&self, events: &[Event], ballots: &[BallotRow]) -> String {
        let mut table = String::from(HEAD);
        if self.room.game.mode == Some(Mode::Alone) {
            self.alone(&mut table);
            return table;
        }
        let decisions = of_class(self.tongue, &self.room.game);
        for event in events {
            let Event::DecisionOpened { round, asked, .. } = event else { continue };
            for one in asked {
                let of_round = |decision: &&Decision<'_>| {
                    decision.votes.iter().any(|(voted, at)| voted.number == *round && at.role == one.role)
                };
                let line = Line {
                    round: round.to_string(),
                    asked: one,
                    decision: decisions.iter().find(of_round),
                    counted: counted(events, *round, &one.role),
                };
                self.voted(&mut table, &line, |seat| {
                    ballots.iter().find(|ballot| ballot.round == *round && ballot.seat == seat)
                });
            }
        }
        table
    }

    /// The lines of one group's vote: of its seats, and of the undecided who were for one of its
    /// options.
    fn voted<'b>(&self, table: &mut String, line: &Line<'_>, ballot: impl Fn(u32) -> Option<&'b BallotRow>) {
        for (number, seat) in &self.room.seats {
            let found = ballot(*number);
            let option = found.and_then(|ballot| ballot.option.as_deref());
            let (role, choice) = match self.role(seat) {
                role if role == line.asked.role && (found.is_some() || seat.sitting == Sitting::Here) => {
                    (role, option.unwrap_or(if found.is_some() { "(passed)" } else { "(no vote)" }))
                }
                "" => match option.and_then(|option| option.split_once('.')) {
                    Some((role, id)) if role == line.asked.role => ("", id),
                    _ => continue,
                },
                _ => continue,
            };
            let is_option = line.asked.options.iter().any(|option| option == choice);
            let words = line.decision.filter(|_| is_option).map(|decision| decision.label(choice));
            let won = line
                .counted
                .and_then(|counted| counted.winner.as_deref())
                .map_or("", |winner| if winner == choice { "yes" } else { "no" });
            let cells = [
                self.code,
                &line.round,
                role,
                &line.asked.at,
                &number.to_string(),
                &seat.row.alias,
                choice,
                &line.decision.map(|decision| self.date(decision)).unwrap_or_default(),
                &words.unwrap_or_default(),
                if is_option { won } else { "" },
                line.decision.and_then(|decision| decision.historical.as_deref()).unwrap_or_default(),
            ];
            row(table, &cells);
        }
    }

    fn alone(&self, table: &mut String) {
        for (number, seat) in &self.room.seats {
            let Some(play) = &seat.play else { continue };
            for (turn, decision) in of_play(self.tongue, play).iter().enumerate() {
                let choice = decision.taken.as_deref().unwrap_or_default();
                let cells = [
                    self.code,
                    &(turn + 1).to_string(),
                    self.role(seat),
                    &decision.at,
                    &number.to_string(),
                    &seat.row.alias,
                    choice,
                    &self.date(decision),
                    &decision.label(choice),
                    "",
                    decision.historical.as_deref().unwrap_or_default(),
                ];
                row(table, &cells);
            }
        }
    }

    fn role(&self, seat: &Seat) -> &str {
        seat.role.map_or("", |role| self.tongue.story.roles[role.index()].id.as_str())
    }

    /// A decision's day in the story's calendar: `1917-04-20`.
    fn date(&self, decision: &Decision<'_>) -> String {
        let parts = self.tongue.story.manifest.calendar.parts(decision.day);
        format!("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day)
    }
}

fn counted<'a>(events: &'a [Event], number: u32, role: &str) -> Option<&'a Counted> {
    events.iter().find_map(|event| match event {
        Event::DecisionClosed { round, counted, .. } if *round == number => {
            counted.iter().find(|counted| counted.role == role)
        }
        _ => None,
    })
}

/// A line of the table. What a spreadsheet would take for a formula is made words.
pub fn row(table: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let end = if place + 1 == cells.len() { "\r\n" } else { "," };
        let _ = write!(table, "\"{guard}{}\"{end}", cell.replace('"', "\"\""));
    }
}
