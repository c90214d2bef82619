//! From a story to places and the ways between them.

use std::collections::BTreeMap;

use crate::engine::Place;
use crate::story::model::{ChoiceId, Goto, HingeId, PoolId, RoleId, SceneId, Span32, Story, Target};

/// What a place is, which is also how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A scene like most.
    Scene,
    /// A scene that draws storylets.
    Hub,
    /// A scene that is drawn.
    Storylet,
    /// A scene in which a role's play ends.
    Ending,
    /// Where all choose at once.
    Hinge,
}

/// A scene or a hinge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Which.
    pub place: Place,
    /// What it is.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its title, or its id where it has none.
    pub title: String,
    /// Whose it is; a hinge is everybody's.
    pub role: Option<RoleId>,
    /// Whether a role begins here.
    pub is_start: bool,
    /// The pool that it draws from, or lies in.
    pub pool: Option<PoolId>,
    /// A storylet's first scene that draws it, by its number among the nodes.
    pub hub: Option<usize>,
}

/// One of the ways from a place to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What is taken: a choice's name, `scene.continue`, or an outcome's title.
    pub name: String,
    /// The choice, where it is one.
    pub choice: Option<ChoiceId>,
    /// The entry among the story's; none for a storylet that is drawn or led back from.
    pub entry: Option<usize>,
    /// Whether it depends on a guard: its own, or its choice's.
    pub guarded: bool,
    /// Its weight, where chance decides; else 0.
    pub weight: u32,
    /// Whether the record went this way.
    pub historical: bool,
}

/// All the ways from one place to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From this node.
    pub from: usize,
    /// To this one.
    pub to: usize,
    /// At least one.
    pub ways: Vec<Way>,
    /// Whether it is a hub drawing a storylet, or a storylet leading back: seen by where they stand.
    pub is_draw: bool,
}

/// The places of a story and the ways between them: scenes in the order of declaration, then
/// hinges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The places.
    pub nodes: Vec<Node>,
    /// The ways, by place of departure, then in the order of declaration.
    pub edges: Vec<Edge>,
    /// The roles that have scenes, in the order of declaration.
    pub roles: Vec<RoleId>,
    /// By scene, then by hinge: its number among the nodes, where it is one of them.
    numbers: Vec<Option<usize>>,
}

impl Chart {
    /// A place's number among the nodes.
    pub fn node(&self, story: &Story, place: Place) -> Option<usize> {
        self.numbers[index(story, place)]
    }

    /// Without the places of other roles.
    fn of_its_roles(self, story: &Story) -> Chart {
        let Chart { nodes, edges, roles, .. } = self;
        let is_own = |node: &Node| match node.place {
            Place::Scene(scene) => roles.contains(&story.scenes[scene.index()].role),
            Place::Hinge(hinge) => {
                let sides = &story.sides[story.hinges[hinge.index()].sides.range()];
                sides.iter().any(|side| roles.contains(&side.role))
            }
        };
        let mut count = 0;
        let numbers: Vec<Option<usize>> = nodes
            .iter()
            .map(|node| {
                let number = is_own(node).then_some(count);
                count += usize::from(number.is_some());
                number
            })
            .collect();
        let mut kept: Vec<Node> = nodes.into_iter().filter(is_own).collect();
        kept.iter_mut().for_each(|node| node.hub = node.hub.and_then(|hub| numbers[hub]));
        let edges = edges.into_iter();
        let edges =
            edges.filter_map(|edge| Some(Edge { from: numbers[edge.from]?, to: numbers[edge.to]?, ..edge })).collect();
        Chart { nodes: kept, edges, roles, numbers }
    }
}

/// A place's number among all scenes and, after them, hinges.
pub fn index(story: &Story, place: Place) -> usize {
    match place {
        Place::Scene(scene) => scene.index(),
        Place::Hinge(hinge) => story.scenes.len() + hinge.index(),
    }
}

/// Works out the chart of a story: the places of these roles, or of all where there are none, and
/// the hinges at which they have a side.
pub fn chart(story: &Story, only: &[RoleId]) -> Chart {
    let starts: Vec<Target> = story.roles.iter().filter_map(|role| role.start).collect();
    let mut nodes: Vec<Node> = (0..story.scenes.len()).map(|index| scene(story, index, &starts)).collect();
    nodes.extend(story.hinges.iter().enumerate().map(|(index, hinge)| Node {
        place: Place::Hinge(HingeId(index as u32)),
        kind: Kind::Hinge,
        id: hinge.id.to_string(),
        title: named(&hinge.title, &hinge.id),
        role: None,
        is_start: starts.contains(&Target::Hinge(HingeId(index as u32))),
        pool: None,
        hub: None,
    }));
    let mut roles: Vec<RoleId> = story.scenes.iter().map(|scene| scene.role).collect();
    roles.retain(|role| only.is_empty() || only.contains(role));
    roles.sort_unstable();
    roles.dedup();
    let mut ways = Ways { story, homes: homes(story, &nodes), edges: BTreeMap::new(), order: Vec::new() };
    for index in 0..story.scenes.len() {
        ways.scene(SceneId(index as u32));
    }
    for index in 0..story.hinges.len() {
        ways.hinge(HingeId(index as u32));
    }
    let Ways { mut edges, order, .. } = ways;
    let edges = order.iter().filter_map(|key| edges.remove(key)).collect();
    let whole = Chart { numbers: (0..nodes.len()).map(Some).collect(), nodes, edges, roles };
    if only.is_empty() { whole } else { whole.of_its_roles(story) }
}

fn named(title: &str, id: &str) -> String {
    if title.is_empty() { id.to_owned() } else { title.to_owned() }
}

fn scene(story: &Story, index: usize, starts: &[Target]) -> Node {
    let declared = &story.scenes[index];
    let own = declared.storylet.as_ref().map(|storylet| storylet.pool);
    let kind = match (&declared.ending, declared.draw, own) {
        (Some(_), ..) => Kind::Ending,
        (None, Some(_), _) => Kind::Hub,
        (None, None, Some(_)) => Kind::Storylet,
        (None, None, None) => Kind::Scene,
    };
    let draws = |pool: &PoolId| {
        story
            .scenes
            .iter()
            .position(|scene| scene.draw.is_some_and(|(drawn, _)| drawn == *pool) && scene.role == declared.role)
    };
    let title = declared.ending.as_deref().filter(|_| declared.title.is_empty()).unwrap_or(&declared.title);
    Node {
        place: Place::Scene(SceneId(index as u32)),
        kind,
        id: declared.id.to_string(),
        title: named(title, &declared.id),
        role: Some(declared.role),
        is_start: starts.contains(&Target::Scene(SceneId(index as u32))),
        pool: declared.draw.map(|(pool, _)| pool).or(own),
        hub: own.filter(|_| kind == Kind::Storylet).as_ref().and_then(draws),
    }
}

/// By scene: where `@return` leads from there, the hubs of the storylets that lead here.
fn homes(story: &Story, nodes: &[Node]) -> Vec<Vec<usize>> {
    let mut homes = vec![Vec::new(); story.scenes.len()];
    for (storylet, node) in nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Storylet) {
        let (mut ahead, mut seen) = (vec![storylet], vec![false; story.scenes.len()]);
        while let Some(at) = ahead.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            if let Some(hub) = node.hub.filter(|hub| !homes[at].contains(hub)) {
                homes[at].push(hub);
            }
            ahead.extend(targets(story, at).filter(|next| story.scenes[*next].draw.is_none()));
        }
    }
    homes
}

/// The scenes to which a scene leads.
fn targets(story: &Story, scene: usize) -> impl Iterator<Item = usize> + '_ {
    let declared = &story.scenes[scene];
    let mut gotos = vec![declared.goto];
    each_choice(story, declared.choices, &mut |choice| gotos.push(story.choices[choice.index()].goto));
    let entries = gotos.into_iter().flat_map(|goto| goto.entries.range());
    entries.filter_map(|entry| match story.gotos[entry].to {
        Target::Scene(scene) => Some(scene.index()),
        Target::Hinge(_) | Target::Return => None,
    })
}

/// Goes through choices and those nested below them.
pub fn each_choice(story: &Story, choices: Span32, look: &mut impl FnMut(ChoiceId)) {
    for index in choices.range() {
        look(ChoiceId(index as u32));
        each_choice(story, story.choices[index].nested, look);
    }
}

struct Ways<'a> {
    story: &'a Story,
    homes: Vec<Vec<usize>>,
    edges: BTreeMap<(usize, usize), Edge>,
    order: Vec<(usize, usize)>,
}

impl Ways<'_> {
    fn scene(&mut self, scene: SceneId) {
        let (story, from) = (self.story, scene.index());
        let declared = &story.scenes[from];
        each_choice(story, declared.choices, &mut |choice| self.choice(from, choice));
        let name = format!("{}.continue", declared.id);
        self.goto(
            from,
            declared.goto,
            &Way { name: name.clone(), choice: None, entry: None, guarded: false, weight: 0, historical: false },
        );
        if let Some((pool, _)) = declared.draw {
            for &storylet in &story.pools[pool.index()].storylets {
                if story.scenes[storylet.index()].role == declared.role {
                    let guarded =
                        story.scenes[storylet.index()].storylet.as_ref().is_some_and(|drawn| drawn.guard.is_some());
                    let name = format!("{}.{}", declared.id, story.scenes[storylet.index()].id);
                    self.add(
                        (from, storylet.index()),
                        Way { name, choice: None, entry: None, guarded, weight: 0, historical: false },
                        true,
                    );
                }
            }
        }
        if declared.goto.entries.is_empty() && declared.storylet.is_some() {
            self.home(from, &Way { name, choice: None, entry: None, guarded: false, weight: 0, historical: false });
        }
    }

    fn choice(&mut self, from: usize, choice: ChoiceId) {
        let declared = &self.story.choices[choice.index()];
        // A choice with others below it leads on by those.
        if declared.nested.is_empty() {
            let guarded = declared.guard.is_some();
            let name = self.story.choice_name(choice);
            let historical = declared.historical;
            self.goto(
                from,
                declared.goto,
                &Way { name, choice: Some(choice), entry: None, guarded, weight: 0, historical },
            );
        }
    }

    fn hinge(&mut self, hinge: HingeId) {
        let (story, from) = (self.story, self.story.scenes.len() + hinge.index());
        let declared = &story.hinges[hinge.index()];
        let blank =
            |name: String| Way { name, choice: None, entry: None, guarded: false, weight: 0, historical: false };
        for side in &story.sides[declared.sides.range()] {
            let role = &story.roles[side.role.index()];
            self.goto(from, side.goto, &blank(format!("{}.{}", declared.id, role.id)));
        }
        for outcome in &story.hinge_outcomes[declared.outcomes.range()] {
            for (_, goto) in &outcome.gotos {
                self.goto(from, *goto, &blank(outcome.title.to_string()));
            }
        }
    }

    fn goto(&mut self, from: usize, goto: Goto, like: &Way) {
        for entry in goto.entries.range() {
            let declared = &self.story.gotos[entry];
            let guarded = like.guarded || declared.guard.is_some();
            let way = Way { entry: Some(entry), guarded, weight: declared.weight, ..like.clone() };
            match declared.to {
                Target::Scene(scene) => self.add((from, scene.index()), way, false),
                Target::Hinge(hinge) => self.add((from, self.story.scenes.len() + hinge.index()), way, false),
                Target::Return => self.home(from, &way),
            }
        }
    }

    fn home(&mut self, from: usize, way: &Way) {
        for hub in self.homes.get(from).cloned().unwrap_or_default() {
            self.add((from, hub), way.clone(), true);
        }
    }

    fn add(&mut self, key: (usize, usize), way: Way, is_draw: bool) {
        let order = &mut self.order;
        let edge = self.edges.entry(key).or_insert_with(|| {
            order.push(key);
            Edge { from: key.0, to: key.1, ways: Vec::new(), is_draw }
        });
        edge.is_draw &= is_draw;
        edge.ways.push(way);
    }
}
