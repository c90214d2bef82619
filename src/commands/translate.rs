//! `petrograd translate`: a file for translators that keeps up with its story.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{CommandError, Outcome};
use crate::author::translate::{Header, Original, update};
use crate::diagnostic::render::human;
use crate::story::{self, Sources, Story};
use crate::tr;

/// Write or update a story's translation: `lang/L.po` in its folder
///
/// Translations that are there are kept; where the original changed they are marked fuzzy, with
/// the old original beside them; what is gone is put aside.
#[derive(clap::Args)]
pub struct TranslateArgs {
    /// The story's folder [default: ./story]
    story: Option<PathBuf>,
    /// The language to translate into: es, pt-BR
    #[arg(long, value_name = "LANGUAGE")]
    lang: String,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::Usage`] where there is no folder to write to or no such language,
/// [`CommandError::FallsShort`] where the story has mistakes, after printing them to stderr.
pub fn run(args: &TranslateArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(None);
    if !is_language(&args.lang) {
        return Err(CommandError::Usage(tr!(words, "{lang} is not the tag of a language.", lang = args.lang)));
    }
    let folder = args.story.as_deref().unwrap_or(Path::new("story"));
    if !folder.is_dir() {
        let message = tr!(
            words,
            "{path} is not a folder: translations lie in the folder of their story.",
            path = folder.display()
        );
        return Err(CommandError::Usage(message));
    }
    let (sources, loaded) = story::open(Some(folder), None);
    let Some(story) = loaded.story else {
        eprint!("{}", human(&sources, &loaded.diagnostics, &words, 100, false));
        return Err(CommandError::FallsShort);
    };
    let file = folder.join("lang").join(format!("{}.po", args.lang));
    let existing = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| CommandError::System(file.display().to_string(), error))?,
    };
    let project = project(&story);
    let header = Header { project: &project, language: &args.lang };
    let (text, tally) = update(&existing, &originals(&sources, folder), &header);
    if text != existing {
        write(&file, &text).map_err(|error| CommandError::System(file.display().to_string(), error))?;
    }
    let tally = tr!(
        words,
        "{file}: translated {translated}, to look at again {fuzzy}, not translated {missing}, put aside {obsolete}",
        file = file.display(),
        translated = tally.translated,
        fuzzy = tally.fuzzy,
        missing = tally.missing,
        obsolete = tally.obsolete
    );
    Ok(writeln!(out, "{tally}")?)
}

fn is_language(tag: &str) -> bool {
    let parts: Vec<&str> = tag.split(['-', '_']).collect();
    let plain = |part: &&str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    parts[0].len() >= 2 && parts[0].chars().all(|c| c.is_ascii_lowercase()) && parts.iter().all(plain)
}

fn project(story: &Story) -> String {
    format!("{} {}", story.manifest.id, story.manifest.version).trim().to_owned()
}

/// What there is to translate, each at its place below the story's folder.
fn originals(sources: &Sources, folder: &Path) -> Vec<Original> {
    let mut files: Vec<Vec<usize>> = Vec::new();
    for file in &sources.files {
        files.push(file.text.match_indices('\n').map(|(at, _)| at).collect());
    }
    let original = |message: story::Message| {
        let name = Path::new(&sources.file(message.span.file).name);
        let name = name.strip_prefix(folder).unwrap_or(name).to_string_lossy().replace('\\', "/");
        let breaks = &files[message.span.file.0 as usize];
        let line = breaks.partition_point(|&at| at < message.span.start as usize) + 1;
        Original { context: message.context, text: message.text, place: format!("{name}:{line}") }
    };
    story::messages(sources).into_iter().map(original).collect()
}

/// Beside the file, then in its place: a translator's work is never half written.
fn write(file: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    let beside = file.with_extension("po.new");
    let mut new = fs::File::create(&beside)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    fs::rename(&beside, file)
}
