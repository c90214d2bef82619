//! A play kept as Markdown, as it goes.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::page;
use crate::calendar;
use crate::catalogue::Catalogue;
use crate::engine::{News, SCREEN, View};
use crate::story::model::{Basis, Story};
use crate::tr;

/// A file that a play is written to while it is played.
pub struct Transcript {
    out: Box<dyn Write>,
}

impl Transcript {
    /// Opens the file; what stands in it already is kept.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    pub fn append(path: &Path) -> io::Result<Transcript> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Transcript { out: Box::new(file) })
    }

    /// A paragraph, written at once: whatever ends the program, it is there.
    fn paragraph(&mut self, text: &str) -> io::Result<()> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        self.out.write_all(format!("{text}\n\n").as_bytes())?;
        self.out.flush()
    }

    /// The story's title, and what stands before its first scene.
    pub fn title(&mut self, title: &str, text: &str) -> io::Result<()> {
        self.paragraph(&format!("# {title}"))?;
        self.prose(text)
    }

    /// Prose; where a screen ended, a rule.
    pub fn prose(&mut self, markdown: &str) -> io::Result<()> {
        self.paragraph(&markdown.replace(SCREEN, "---"))
    }

    /// A heading.
    pub fn heading(&mut self, title: &str) -> io::Result<()> {
        self.paragraph(&if title.is_empty() { String::new() } else { format!("## {title}") })
    }

    /// A remark that is not of the story.
    pub fn aside(&mut self, text: &str) -> io::Result<()> {
        self.paragraph(&format!("*{text}*"))
    }

    /// What was chosen.
    pub fn chose(&mut self, label: &str) -> io::Result<()> {
        self.paragraph(&format!("**> {label}**"))
    }

    /// How the choice stands to the record.
    pub fn mark(&mut self, words: &Catalogue, basis: Basis) -> io::Result<()> {
        let word = match basis {
            Basis::Recorded => tr!(words, "recorded"),
            Basis::Possible => tr!(words, "possible then"),
            Basis::Invented => tr!(words, "no record"),
        };
        self.aside(&format!("({word})"))
    }

    /// A page: its title, day and place where the scene was entered; the news in any case.
    pub fn page(
        &mut self,
        story: &Story,
        words: &Catalogue,
        view: &View,
        news: &[News],
        entered: bool,
    ) -> io::Result<()> {
        if entered {
            self.heading(&view.title)?;
            let name = story.roles[view.role.index()].name.clone();
            let facts =
                [page::date(story, words, view.day), page::place(story, view).unwrap_or_default().to_owned(), name];
            let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
            self.aside(&facts.join(" · "))?;
        }
        for item in news {
            let date = calendar::long_date(words.language(), story.manifest.calendar, item.day);
            let text = format!("**{}**\n\n{}", tr!(words, "News, {date}", date = date), item.text.markdown);
            let quoted: Vec<String> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
            self.paragraph(&quoted.join("\n"))?;
        }
        if entered {
            self.prose(&view.text.markdown)?;
            if let Some(title) = view.ending.and_then(|scene| story.scenes[scene.index()].ending.as_deref()) {
                self.paragraph(&format!("**{}**", tr!(words, "Ending: {title}", title = title)))?;
            }
        }
        Ok(())
    }
}
