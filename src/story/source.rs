//! The files of a story, and where they come from: a file, a folder, or the binary itself.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::catalogue::Phrase;
use crate::diagnostic::{Code, Diagnostic, FileId, Findings};
use crate::say;

/// Bounds on what is read: far above any story, far below what would hurt a machine.
const LARGEST_FILE: u64 = 64 << 20;
const LARGEST_STORY: u64 = 256 << 20;
const MOST_FILES: usize = 20_000;
const DEEPEST_FOLDER: usize = 32;

/// The bundled story, by path.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// One file of a story.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path as authors know it, with `/` between its parts.
    pub name: String,
    /// What it says.
    pub text: Cow<'static, str>,
}

/// All files of a story, its translations among them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// In path order; a [`FileId`] is an index here.
    pub files: Vec<Source>,
}

impl Sources {
    /// A file.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// A story of one file, held in memory.
    pub fn single(name: &str, text: &str) -> Sources {
        Sources { files: vec![Source { name: name.to_owned(), text: Cow::Owned(text.to_owned()) }] }
    }

    /// *Petrograd 1917*, which the binary carries.
    pub fn built_in() -> Sources {
        let source = |&(name, text): &(&str, &'static str)| Source { name: name.to_owned(), text: Cow::Borrowed(text) };
        Sources { files: BUILT_IN.iter().map(source).collect() }
    }

    /// Whether a folder holds a story: a file below it has a `[story]`.
    pub fn is_story(folder: &Path) -> bool {
        let declares = |source: &Source| source.text.lines().any(|line| line.trim_end() == "[story]");
        Sources::read(folder).0.files.iter().any(declares)
    }

    /// Reads a file or a folder: every `*.toml` below it, in path order, and `lang/*.po`. What
    /// could not be read is reported; the rest is there.
    pub fn read(path: &Path) -> (Sources, Vec<Diagnostic>) {
        let mut reader = Reader::default();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => reader.folder(path, 0),
            Ok(_) => reader.file(path),
            Err(error) => reader.unreadable(path, &error),
        }
        reader.sources.files.sort_by(|a, b| a.name.cmp(&b.name));
        if reader.sources.files.is_empty() && reader.found.is_empty() {
            let message = say!("no story is in {path}", path = path.display());
            let found = Diagnostic::new(Code::NoStory, message);
            reader
                .found
                .push(found.help(say!("a story is a `.toml` file, or a folder of them; `petrograd new` makes one")));
        }
        (reader.sources, reader.found.into_sorted())
    }
}

#[derive(Default)]
struct Reader {
    sources: Sources,
    found: Findings,
    size: u64,
    /// Folders on the way here, as the system knows them: one that comes again is a loop.
    seen: BTreeSet<PathBuf>,
    full: bool,
}

impl Reader {
    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        let message = say!("{path} can't be read: {error}", path = path.display(), error = error.to_string());
        self.found.push(Diagnostic::new(Code::Unreadable, message).help(say!("check its name and who may read it")));
    }

    fn too_large(&mut self, message: Phrase) {
        self.found.push(
            Diagnostic::new(Code::TooLarge, message)
                .help(say!("divide the story, or name the folder that holds it alone")),
        );
    }

    fn folder(&mut self, folder: &Path, depth: usize) {
        if depth > DEEPEST_FOLDER {
            return self.too_large(say!("{path} lies more than 32 folders deep", path = folder.display()));
        }
        let real = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(error) => return self.unreadable(folder, &error),
        };
        if !self.seen.insert(real.clone()) {
            let message = say!("{path} leads back to a folder that was read already", path = folder.display());
            self.found.push(Diagnostic::new(Code::FolderLoop, message).help(say!("remove the link")));
            return;
        }
        let mut paths: Vec<PathBuf> = match fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(error) => return self.unreadable(folder, &error),
        };
        paths.sort();
        for path in paths {
            if self.full {
                return;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let extension = path.extension().unwrap_or_default();
            let in_lang = folder.file_name().is_some_and(|name| name == "lang");
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.folder(&path, depth + 1),
                Ok(_) if extension == "toml" || (extension == "po" && in_lang) => self.file(&path),
                Err(error) if extension == "toml" => self.unreadable(&path, &error),
                _ => {}
            }
        }
    }

    fn file(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() => {
                let message = say!("{path} is no file", path = path.display());
                self.found.push(Diagnostic::new(Code::Unreadable, message).help(say!("a story is plain files")));
                return;
            }
            Ok(_) => {}
            Err(error) => return self.unreadable(path, &error),
        }
        let mut bytes = Vec::new();
        // One byte more than is allowed tells a file that is too large, even one that grows.
        let read = fs::File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
        if let Err(error) = read {
            return self.unreadable(path, &error);
        }
        self.size += bytes.len() as u64;
        if bytes.len() as u64 > LARGEST_FILE {
            return self.too_large(say!("{path} is larger than 64 MiB", path = path.display()));
        }
        if self.size > LARGEST_STORY || self.sources.files.len() >= MOST_FILES {
            self.full = true;
            return self.too_large(say!(
                "{path} is one file too many: a story has at most 256 MiB in 20,000 files",
                path = path.display()
            ));
        }
        let name = path.to_string_lossy().replace('\\', "/");
        match String::from_utf8(bytes) {
            Ok(text) => self.sources.files.push(Source { name, text: Cow::Owned(text) }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
                let message =
                    say!("{name} is not UTF-8: line {line} holds a byte that is no text", name = name, line = line);
                self.found.push(Diagnostic::new(Code::NotUtf8, message).help(say!("save the file as UTF-8")));
            }
        }
    }
}
