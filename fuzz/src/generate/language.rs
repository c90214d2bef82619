//! The little language inside a story's strings, from entropy.

use std::fmt::Write as _;

use super::Generator;

impl Generator<'_, '_> {
    pub(super) fn effects(&mut self) {
        let mut all = Vec::new();
        for _ in 0..1 + self.below(3) {
            all.push(self.effect());
        }
        self.line(&format!("do = \"{}\"", all.join("; ")));
    }

    pub(super) fn effect(&mut self) -> String {
        let mut effect = match self.below(7) {
            0 if self.events > 0 => format!("happen e{}", self.below(self.events)),
            1 if self.events > 0 => format!("avert e{}", self.below(self.events)),
            2 => "flag = not flag".to_owned(),
            3 => "crown = down".to_owned(),
            4 => format!("v1 = {}", self.arithmetic(3)),
            5 => format!("v4 -= {}", self.arithmetic(2)),
            _ => format!("v0 += {}", self.arithmetic(2)),
        };
        if self.chance(4) {
            let guard = self.condition(2);
            let _ = write!(effect, " if {guard}");
        }
        effect
    }

    fn arithmetic(&mut self, depth: usize) -> String {
        if depth == 0 {
            let leaf = self.below(8);
            return match leaf {
                0 => "v0".to_owned(),
                1 => "v1".to_owned(),
                2 => "v2".to_owned(),
                3 => "v4".to_owned(),
                4 => format!("visits(s{})", self.below(self.scenes)),
                5 if self.events > 0 => format!("days_since(e{})", self.below(self.events)),
                6 => "v3".to_owned(),
                _ => self.number().abs().to_string(),
            };
        }
        let (a, b) = (self.arithmetic(depth - 1), self.below(7));
        let divisor = 1 + self.below(9);
        match b {
            0 => format!("({a} + {})", self.arithmetic(depth - 1)),
            1 => format!("({a} - {})", self.arithmetic(depth - 1)),
            2 => format!("{a} * {}", self.arithmetic(depth - 1)),
            3 => format!("({a}) / {divisor}"),
            4 => format!("({a}) % {divisor}"),
            5 => format!("min({a}, {})", self.arithmetic(depth - 1)),
            _ => format!("-{a}"),
        }
    }

    pub(super) fn condition(&mut self, depth: usize) -> String {
        if depth > 0 && self.chance(2) {
            let (a, b) = (self.condition(depth - 1), self.condition(depth - 1));
            return match self.below(3) {
                0 => format!("({a}) and ({b})"),
                1 => format!("({a}) or ({b})"),
                _ => format!("not ({a})"),
            };
        }
        match self.below(6) {
            0 => format!("visited(s{})", self.below(self.scenes)),
            1 => {
                let scene = self.below(self.scenes);
                match self.choices[scene] {
                    0 => "v0 > 3".to_owned(),
                    choices => format!("chose(s{scene}.c{})", self.below(choices)),
                }
            }
            2 => format!("visits(s{}) > {}", self.below(self.scenes), self.below(5)),
            3 if self.roles > 0 => format!("r{}.t > 1", self.below(self.roles)),
            _ => self.city_condition(),
        }
    }

    /// A condition that needs no role.
    pub(super) fn city_condition(&mut self) -> String {
        match self.below(8) {
            0 => "flag".to_owned(),
            1 => "crown == down".to_owned(),
            2 if self.events > 0 => format!("happened(e{})", self.below(self.events)),
            3 if self.events > 0 => format!("averted(e{})", self.below(self.events)),
            4 => format!("date >= {}", self.day()),
            5 => "digest".to_owned(),
            6 => format!("{} < {}", self.arithmetic(1), self.arithmetic(1)),
            _ => format!("v0 >= {}", self.below(99)),
        }
    }

    pub(super) fn prose(&mut self, key: &str, scene: Option<usize>) {
        let mut text = String::new();
        for _ in 0..1 + self.below(3) {
            let piece = self.piece(scene, 2);
            text.push_str(&piece);
        }
        self.line(&format!("{key} = '''\n{text}x'''"));
    }

    fn piece(&mut self, scene: Option<usize>, depth: usize) -> String {
        if depth == 0 {
            return "Words *of* it. ".to_owned();
        }
        let inner = |generator: &mut Self| generator.piece(scene, depth - 1);
        match self.below(10) {
            0 => format!("{{if {}}}{}{{else}}{}{{end}}", self.condition(1), inner(self), inner(self)),
            1 => format!("\n{{if {}}}\n{}\n{{elif flag}}\nB\n{{end}}\n", self.condition(1), inner(self)),
            2 => format!("{{first}}{}{{then}}{}{{then}}C{{end}}", inner(self), inner(self)),
            3 => format!("{{cycle}}{}{{or}}{}{{or}}{}{{end}}", inner(self), inner(self), inner(self)),
            4 => format!("{{any}}{}{{or}}{}{{end}}", inner(self), inner(self)),
            5 => "{v1} {v2} {crown} {date} ".to_owned(),
            6 => "\n\n---\n\n- item\n> quote\n\n# Head\n".to_owned(),
            7 => "{{braces}} <b>&amp; [Link](person:x) `code` ".to_owned(),
            8 => format!("{{{}}} ", self.arithmetic(2)),
            _ => "Plain words, é — 日本. ".to_owned(),
        }
    }
}
