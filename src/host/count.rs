//! Counting: from ballots and a declared rule to what won, and why. Pure.

use rand::Rng;
use rand_pcg::Pcg32;

use super::event::{Asked, Counted, How, Rule, Rules, Tie};

/// The ballots of one decision, by option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballots {
    /// Of the group, by option.
    pub votes: Vec<u32>,
    /// Of the undecided, by option.
    pub casting: Vec<u32>,
    /// How many passed.
    pub passed: u32,
}

/// What else has a say.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Rule and tie rule.
    pub rules: Rules,
    /// Whether this is a runoff: the most votes win then.
    pub runoff: bool,
    /// What history did, where that is among the options.
    pub historical: Option<&'a str>,
    /// The class's seed.
    pub seed: u64,
    /// The number of the round.
    pub round: u32,
    /// The decision's place among those of the round.
    pub place: u32,
}

/// Counts one decision.
pub fn count(asked: &Asked, ballots: &Ballots, with: Circumstances<'_>) -> Counted {
    let Ballots { votes, casting, passed } = ballots.clone();
    let total: u32 = votes.iter().sum();
    let most = votes.iter().copied().max().unwrap_or(0);
    let leaders: Vec<usize> = (0..votes.len()).filter(|&index| votes[index] == most).collect();
    let mut counted = Counted {
        role: asked.role.clone(),
        votes,
        casting,
        passed,
        winner: None,
        how: How::Votes,
        left: Vec::new(),
        drawn: None,
    };
    if total == 0 && counted.casting.iter().all(|&votes| votes == 0) {
        counted.winner = with.historical.map(str::to_owned).or_else(|| asked.options.first().cloned());
        counted.how = How::Nobody;
        return counted;
    }
    let enough = match with.rules.rule {
        _ if with.runoff => true,
        Rule::Most => true,
        Rule::Half => most * 2 > total,
        Rule::TwoThirds => most * 3 >= total * 2,
    };
    match &leaders[..] {
        [only] if enough => counted.winner = asked.options.get(*only).cloned(),
        [_] => short(asked, &mut counted),
        _ if with.rules.rule != Rule::Most && !with.runoff && leaders.len() < asked.options.len() => {
            short(asked, &mut counted);
        }
        _ => tie(asked, &mut counted, &leaders, with),
    }
    counted
}

/// Nothing has enough: those with the most votes, and whoever equals the second of them, go on.
fn short(asked: &Asked, counted: &mut Counted) {
    let mut sorted = counted.votes.clone();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let second = sorted.get(1).copied().unwrap_or(0).max(1);
    let stays = |(index, _): &(usize, &String)| counted.votes[*index] >= second;
    let left: Vec<String> = asked.options.iter().enumerate().filter(stays).map(|(_, id)| id.clone()).collect();
    match &left[..] {
        // The rest has no votes at all: a runoff would be no choice.
        [only] => counted.winner = Some(only.clone()),
        _ => (counted.how, counted.left) = (How::Runoff, left),
    }
}

fn tie(asked: &Asked, counted: &mut Counted, leaders: &[usize], with: Circumstances<'_>) {
    let cast = |&index: &usize| counted.casting.get(index).copied().unwrap_or(0);
    let best = leaders.iter().map(cast).max().unwrap_or(0);
    let equals: Vec<usize> = leaders.iter().copied().filter(|index| cast(index) == best).collect();
    let name = |index: usize| asked.options.get(index).cloned();
    if let [only] = equals[..] {
        (counted.winner, counted.how) = (name(only), How::Casting);
        return;
    }
    let left: Vec<String> = equals.iter().filter_map(|&index| name(index)).collect();
    match with.rules.tie {
        Tie::Again if !with.runoff => (counted.how, counted.left) = (How::Runoff, left),
        Tie::Teacher => (counted.how, counted.left) = (How::Waits, left),
        Tie::History if left.iter().any(|id| Some(id.as_str()) == with.historical) => {
            (counted.winner, counted.how) = (with.historical.map(str::to_owned), How::History);
        }
        Tie::Chance | Tie::Again | Tie::History => {
            let drawn = draw(with, left.len());
            (counted.winner, counted.how, counted.drawn) =
                (left.get(drawn as usize).cloned(), How::Chance, Some(drawn));
        }
    }
}

/// A number below `among`. From the class's seed and the decision alone, by a generator whose
/// values never change, and written into the log: nobody has to trust it to read it.
fn draw(with: Circumstances<'_>, among: usize) -> u32 {
    lot(with.seed, (u64::from(with.round) << 8) | u64::from(with.place), among)
}

/// A number below `among`, from a class's seed and what it is drawn for.
pub fn lot(seed: u64, stream: u64, among: usize) -> u32 {
    let mut generator = Pcg32::new(seed, stream);
    ((u128::from(generator.next_u64()) * among as u128) >> 64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::event::Secrecy;

    fn counted(rule: Rule, tie: Tie, runoff: bool, votes: [u32; 3], casting: [u32; 3]) -> (Option<String>, How, usize) {
        let asked =
            Asked { role: "r".to_owned(), at: "s".to_owned(), options: ["a", "b", "c"].map(str::to_owned).to_vec() };
        let ballots = Ballots { votes: votes.to_vec(), casting: casting.to_vec(), passed: 0 };
        let rules = Rules { rule, tie, secrecy: Secrecy::Tally };
        let with = Circumstances { rules, runoff, historical: Some("b"), seed: 1917, round: 1, place: 0 };
        let counted = count(&asked, &ballots, with);
        (counted.winner, counted.how, counted.left.len())
    }

    #[test]
    fn a_rule_decides_as_it_says() {
        let a = || Some("a".to_owned());
        let b = || Some("b".to_owned());
        let none = [0; 3];
        assert_eq!(counted(Rule::Most, Tie::Chance, false, [3, 2, 2], none), (a(), How::Votes, 0));
        assert_eq!(counted(Rule::Half, Tie::Chance, false, [3, 2, 2], none), (None, How::Runoff, 3));
        assert_eq!(counted(Rule::Half, Tie::Chance, false, [4, 2, 1], none), (a(), How::Votes, 0));
        assert_eq!(counted(Rule::TwoThirds, Tie::Chance, false, [5, 3, 0], none), (None, How::Runoff, 2));
        assert_eq!(counted(Rule::TwoThirds, Tie::Chance, false, [4, 2, 0], none), (a(), How::Votes, 0));
        assert_eq!(counted(Rule::TwoThirds, Tie::Chance, true, [5, 3, 0], none), (a(), How::Votes, 0));
        assert_eq!(counted(Rule::Most, Tie::Chance, false, none, none), (b(), How::Nobody, 0));
        assert_eq!(counted(Rule::Most, Tie::Again, false, [2, 2, 0], none), (None, How::Runoff, 2));
        assert_eq!(counted(Rule::Most, Tie::Teacher, false, [2, 2, 0], none), (None, How::Waits, 2));
        assert_eq!(counted(Rule::Most, Tie::History, false, [2, 2, 0], none), (b(), How::History, 0));
        assert_eq!(counted(Rule::Most, Tie::Teacher, false, [2, 2, 0], [1, 0, 5]), (a(), How::Casting, 0));
    }

    #[test]
    fn what_is_drawn_keeps_its_values() {
        // Logs replay their draws: these winners must never change.
        let drawn = |votes| counted(Rule::Most, Tie::Chance, false, votes, [0; 3]);
        assert_eq!(drawn([2, 2, 0]).1, How::Chance);
        assert_eq!(drawn([2, 2, 0]), drawn([2, 2, 0]));
    }
}
