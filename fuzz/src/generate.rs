//! Stories from entropy, as TOML: small, with everything that the format has, nearly always sound.

mod language; // effects, expressions, templates

use std::fmt::Write as _;

use arbitrary::Unstructured;

/// Prints a story. Where the entropy ends, the smallest of everything is taken.
pub fn generate(entropy: &mut Unstructured<'_>) -> String {
    Generator {
        entropy,
        out: String::new(),
        roles: 0,
        scenes: 0,
        events: 0,
        hinges: 0,
        choices: Vec::new(),
        storylets: Vec::new(),
    }
    .story()
}

/// What a story has of each kind is known before anything is printed, so that names mostly exist.
struct Generator<'g, 'e> {
    entropy: &'g mut Unstructured<'e>,
    out: String,
    roles: usize,
    scenes: usize,
    events: usize,
    hinges: usize,
    /// By scene, how many choices.
    choices: Vec<usize>,
    /// By scene, whether it is a storylet.
    storylets: Vec<bool>,
}

/// Of which role a scene is; scenes and roles take turns.
fn role_of(scene: usize, roles: usize) -> usize {
    scene % roles.max(1)
}

impl Generator<'_, '_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.entropy.arbitrary::<u8>().unwrap_or(0)) % bound.max(1)
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 1
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn number(&mut self) -> i64 {
        match self.below(12) {
            0 => i64::from(i32::MAX),
            1 => 0,
            2 => i64::from(self.entropy.arbitrary::<i32>().unwrap_or(0)),
            _ => self.below(120) as i64,
        }
    }

    fn day(&mut self) -> String {
        format!("1917-{:02}-{:02}", 2 + self.below(3), 1 + self.below(29))
    }

    fn story(mut self) -> String {
        self.roles = self.below(4);
        self.scenes = (self.roles.max(1) + 1) * 2 + self.below(8);
        self.events = self.below(7);
        self.hinges = if self.roles > 0 { self.below(3) } else { 0 };
        let (roles, endings) = (self.roles.max(1), self.scenes - self.roles.max(1));
        self.choices = (0..self.scenes).map(|scene| if scene < endings { self.below(4) } else { 0 }).collect();
        self.storylets = (0..self.scenes).map(|scene| (roles..endings).contains(&scene) && self.chance(3)).collect();
        self.line("[story]\nformat = 1\nid = \"x\"\ntitle = \"X\"\nversion = \"1\"\nlanguage = \"en\"");
        self.line("calendar = \"julian\"\nbegins = 1917-02-01\nends = 1917-04-30");
        if self.roles == 0 {
            self.line("start = \"s0\"");
        }
        self.world();
        (0..self.roles).for_each(|role| self.role(role));
        (0..self.scenes).for_each(|scene| self.scene(scene));
        (0..self.hinges).for_each(|hinge| self.hinge(hinge));
        (0..self.events).for_each(|event| self.event(event));
        self.outcomes();
        self.laws();
        self.out
    }

    fn world(&mut self) {
        self.line("[[person]]\nid = \"x\"\nname = \"X\"\ntext = \"An x.\"");
        self.line("[world]\nv0 = 50\nflag = false\nv4 = { start = -3, min = -7, max = 9, name = \"Four\", scale = [\"low\", \"high\"] }");
        let (min, max) = match self.below(4) {
            0 => (-1_000_000_000, 1_000_000_000),
            1 => (0, 0),
            _ => (0, 1 + self.number().abs().min(999_999_999)),
        };
        let start = min.max(0);
        self.line(&format!("v1 = {{ start = {start}, min = {min}, max = {max}, name = \"One\" }}"));
        self.line("crown = { start = \"up\", values = [\"up\", \"down\", \"gone\"] }");
        let derived = ["v0 + v4", "v0 * v1", "min(v0, v4) - v1", "v1 % 7", "-v1", "v0 / 3 + max(v4, 2)"];
        let first = derived[self.below(derived.len())];
        self.line(&format!("v2 = {{ is = \"{first}\", name = \"Two\", scale = [\"low\", \"middle\", \"high\"] }}"));
        self.line("v3 = { is = \"v5 + v2 * 2\", min = -100, max = 100 }");
        let scene = self.below(self.scenes);
        self.line(&format!("v5 = {{ is = \"v2 - visits(s{scene})\" }}"));
    }

    fn role(&mut self, role: usize) {
        self.line(&format!("[[role]]\nid = \"r{role}\"\nname = \"Role {role}\""));
        if role == 0 || !self.chance(6) {
            self.line(&format!("start = \"s{role}\""));
        }
        self.line("[role.traits]\nt = 2");
    }

    fn scene(&mut self, scene: usize) {
        let role = role_of(scene, self.roles);
        let endings = self.scenes - self.roles.max(1);
        let storylet = self.storylets[scene];
        let drawable = (role..self.scenes).step_by(self.roles.max(1)).any(|scene| self.storylets[scene]);
        self.line(&format!("[[scene]]\nid = \"s{scene}\"\ntitle = \"Scene {scene}\""));
        if self.roles > 0 {
            self.line(&format!("role = \"r{role}\""));
        }
        self.prose("text", Some(scene));
        if self.chance(2) {
            self.effects();
        }
        if scene >= endings {
            return self.line("ending = \"Over\"");
        }
        if storylet {
            self.line(&format!("pool = \"p{role}\"\nteaser = \"A way\""));
            let priority = self.number().clamp(-1000, 1000);
            self.line(&format!("priority = {priority}"));
            if self.chance(2) {
                self.line("once = true");
            }
            if self.chance(2) {
                let guard = self.condition(2);
                self.line(&format!("if = \"{guard}\""));
            }
        } else if drawable && self.chance(2) {
            let show = 1 + self.below(8);
            self.line(&format!("draw = {{ pool = \"p{role}\", show = {show} }}"));
        }
        match self.below(4) {
            0 => {
                let day = self.day();
                self.line(&format!("date = {day}"));
            }
            1 => {
                let days = self.below(9);
                self.line(&format!("after = \"{days} days\""));
            }
            _ => {}
        }
        if !(storylet && self.chance(2)) {
            self.goto(scene, storylet);
        }
        for choice in 0..self.choices[scene] {
            self.choice("scene.choice", scene, &format!("c{choice}"), storylet, 0);
        }
    }

    fn choice(&mut self, table: &str, scene: usize, id: &str, storylet: bool, depth: usize) {
        self.line(&format!("[[{table}]]\nid = \"{id}\""));
        self.prose("text", Some(scene));
        if self.chance(2) {
            let guard = self.condition(3);
            self.line(&format!("if = \"{guard}\""));
            if self.chance(2) {
                self.prose("locked", Some(scene));
            }
        }
        if self.chance(4) {
            self.line("once = true");
        }
        if self.chance(3) {
            self.line("historical = true");
        }
        if !self.chance(3) {
            self.effects();
        }
        if self.chance(2) {
            self.prose("say", Some(scene));
        }
        let nests = depth < 3 && self.chance(6);
        if !self.chance(4) || nests {
            self.goto(scene, storylet);
        }
        if nests {
            for nested in 0..1 + self.below(3) {
                self.choice(&format!("{table}.choice"), scene, &format!("{id}n{nested}"), storylet, depth + 1);
            }
        }
    }

    /// A place for the role whose scene this is.
    fn place(&mut self, scene: usize, storylet: bool) -> String {
        let roles = self.roles.max(1);
        if storylet && self.chance(2) {
            return "@return".to_owned();
        }
        if self.hinges > 0 && self.chance(5) {
            return format!("h{}", self.below(self.hinges));
        }
        let own = self.scenes.div_ceil(roles);
        let to = self.below(own) * roles + role_of(scene, self.roles);
        if to >= self.scenes { format!("s{}", to - roles) } else { format!("s{to}") }
    }

    fn goto(&mut self, scene: usize, storylet: bool) {
        let kind = self.below(3);
        if kind == 0 {
            let to = self.place(scene, storylet);
            return self.line(&format!("goto = \"{to}\""));
        }
        let mut entries = Vec::new();
        for entry in (0..1 + self.below(4)).rev() {
            let to = self.place(scene, storylet);
            let mut text = format!("to = \"{to}\"");
            if kind == 2 {
                let weight = [1, 3, 4_000_000_000_u64, 7][self.below(4)].min(1_000_000);
                let _ = write!(text, ", weight = {weight}");
            }
            if entry > 0 && (kind == 1 || self.chance(2)) {
                let guard = self.condition(2);
                let _ = write!(text, ", if = \"{guard}\"");
            }
            if self.chance(4) {
                let effect = self.effect();
                let _ = write!(text, ", do = \"{effect}\", say = \"Then {{v0}}.\"");
            }
            entries.push(format!("{{ {text} }}"));
        }
        self.line(&format!("goto = [{}]", entries.join(", ")));
    }

    fn hinge(&mut self, hinge: usize) {
        self.line(&format!(
            "[[hinge]]\nid = \"h{hinge}\"\ntitle = \"Hinge\"\ntext = \"All.\"\ndate = 1917-03-{:02}",
            5 + hinge * 9
        ));
        for role in 0..self.roles {
            let to = self.place(role, false);
            let to = if to.starts_with('h') { format!("s{role}") } else { to };
            self.line(&format!("[[hinge.side]]\nrole = \"r{role}\"\ntext = \"You.\"\ngoto = \"{to}\""));
            for choice in 0..1 + self.below(3) {
                self.line(&format!("[[hinge.side.choice]]\nid = \"k{choice}\"\ntext = \"Do it.\""));
                self.line(if choice == 0 { "historical = true" } else { "say = \"So.\"" });
                if choice > 0 && self.chance(2) {
                    let guard = self.condition(2);
                    self.line(&format!("if = \"{guard}\""));
                }
                self.effects();
            }
        }
        for _ in 0..self.below(3) {
            let role = self.below(self.roles);
            let other = self.condition(1);
            self.line(&format!(
                "[[hinge.outcome]]\nif = \"chose(r{role}.k0) and {other}\"\ntitle = \"A\"\ntext = \"A.\""
            ));
            self.effects();
        }
        self.line("[[hinge.outcome]]\ntitle = \"B\"\ntext = \"B.\"");
        if self.chance(2) {
            self.line("goto = { r0 = \"s0\" }");
        }
    }

    fn event(&mut self, event: usize) {
        self.line(&format!("[[event]]\nid = \"e{event}\"\ntitle = \"E\"\nsummary = \"E.\"\nsources = [\"x\"]"));
        if self.chance(5) {
            self.line("counterfactual = true\nargued = \"x\"\nby = \"scene\"");
        } else {
            let day = self.day();
            self.line(&format!("date = {day}"));
            if self.chance(3) {
                self.line("by = \"scene\"");
            }
            let window = self.below(40);
            self.line(&format!("window = {window}"));
        }
        if event > 0 && self.chance(2) {
            let need = self.below(event);
            self.line(&format!("needs = [\"e{need}\"]"));
        }
        if self.chance(2) {
            let guard = self.city_condition();
            self.line(&format!("if = \"{guard}\""));
        }
        if self.chance(2) {
            self.line("do = \"v0 += 3; v1 -= 2; avert e0 if v0 > 60; happen e0 if flag\"");
        }
        self.line("news = \"News of {v0} on {date}.\"");
    }

    fn outcomes(&mut self) {
        let guard = self.city_condition();
        self.line(&format!("[[outcome]]\nid = \"o0\"\ntitle = \"O\"\ntext = \"{{v0}}\"\nif = \"{guard}\""));
        self.line("[[outcome]]\nid = \"o1\"\ntitle = \"P\"\nhistorical = true");
    }

    fn laws(&mut self) {
        for (index, kind) in ["always", "never", "possible", "inevitable"].into_iter().enumerate() {
            if self.chance(3) {
                let claim = self.city_condition();
                self.line(&format!("[[law]]\nid = \"l{index}\"\nwhy = \"x\"\n{kind} = \"{claim}\""));
            }
        }
    }
}
