//! The story that a file belongs to, with unsaved text laid over what is on disk.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::story::{Source, Sources, load};

/// The open documents, and what was found in which files.
#[derive(Default)]
pub struct Workspace {
    open: BTreeMap<PathBuf, String>,
    /// By file: what was told of it last.
    found: BTreeMap<PathBuf, Vec<(Diagnostic, Span)>>,
    /// By story: the files that something was told of.
    told: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

/// What is to be told of one file; nothing where all is well again.
pub struct Findings {
    /// Its path.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Each finding and the place where it is shown.
    pub found: Vec<(Diagnostic, Span)>,
    /// The name and text of every file that a finding points at.
    pub others: BTreeMap<FileId, (String, String)>,
}

impl Workspace {
    /// An editor's text of a file.
    pub fn edit(&mut self, path: &Path, text: Option<&str>) {
        self.open.extend(text.map(|text| (path.to_owned(), text.to_owned())));
    }

    /// What is on disk counts again.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }

    /// The text of a file as its editor has it.
    pub fn text(&self, path: &Path) -> Option<String> {
        self.open.get(path).cloned().or_else(|| fs::read_to_string(path).ok())
    }

    /// What was found in a file.
    pub fn found(&self, path: &Path) -> &[(Diagnostic, Span)] {
        self.found.get(path).map_or(&[], Vec::as_slice)
    }

    /// The files of the story that `path` belongs to.
    pub fn sources(&self, path: &Path) -> Sources {
        self.read(&self.root(path)).0
    }

    fn read(&self, root: &Path) -> (Sources, Vec<Diagnostic>) {
        let (mut sources, unread) = Sources::read(root);
        for (path, text) in &self.open {
            let name = path.to_string_lossy();
            match sources.files.iter_mut().find(|file| Path::new(&file.name) == path) {
                Some(file) => file.text = Cow::Owned(text.clone()),
                // A new file of the story that was never saved.
                None if path.starts_with(root) && is_toml(path) => {
                    sources.files.push(Source { name: name.into_owned(), text: Cow::Owned(text.clone()) });
                }
                None => {}
            }
        }
        (sources, unread)
    }

    /// Checks the story that `path` belongs to. Returns what to tell of each of its files: of
    /// those with findings, and of those that had some before.
    pub fn check(&mut self, path: &Path) -> Vec<Findings> {
        let root = self.root(path);
        let (sources, mut all) = self.read(&root);
        all.append(&mut load(&sources, None).diagnostics);
        let mut by_file: BTreeMap<PathBuf, Vec<(Diagnostic, Span)>> = BTreeMap::new();
        for found in all {
            // What has no place of its own is shown at the beginning of the file being edited.
            let place = found.labels.first().map(|label| (label.span, name(&sources, label.span.file)));
            let (span, file) = place.unwrap_or_else(|| (Span::default(), path.to_owned()));
            by_file.entry(file).or_default().push((found, span));
        }
        let before = self.told.insert(root, by_file.keys().cloned().collect()).unwrap_or_default();
        for mended in before {
            by_file.entry(mended).or_default();
        }
        by_file.into_iter().map(|(file, found)| self.findings(&file, found, &sources)).collect()
    }

    fn findings(&mut self, file: &Path, found: Vec<(Diagnostic, Span)>, sources: &Sources) -> Findings {
        self.found.insert(file.to_owned(), found.clone());
        let pointed = found.iter().flat_map(|(found, _)| found.labels.iter().map(|label| label.span.file));
        let others = pointed.map(|id| (id, (sources.file(id).name.clone(), sources.file(id).text.to_string())));
        Findings {
            name: file.to_string_lossy().into_owned(),
            text: self.text(file).unwrap_or_default(),
            others: others.collect(),
            found,
        }
    }

    /// The folder of the story that a file belongs to, or the file where it is a whole story: the
    /// nearest folder above with a file that has a `[story]`.
    fn root(&self, path: &Path) -> PathBuf {
        for folder in path.ancestors().skip(1) {
            let manifests: Vec<PathBuf> =
                self.tomls(folder).into_iter().filter(|file| self.is_manifest(file)).collect();
            match &manifests[..] {
                [] => {}
                // Stories of one file each, side by side.
                [_, _, ..] => return path.to_owned(),
                [one] if one == path && self.tomls(folder).len() == 1 && !has_folders(folder) => return one.clone(),
                [_] => return folder.to_owned(),
            }
        }
        path.to_owned()
    }

    fn tomls(&self, folder: &Path) -> BTreeSet<PathBuf> {
        let on_disk = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let open = self.open.keys().filter(|path| path.parent() == Some(folder)).cloned();
        on_disk.chain(open).filter(|path| is_toml(path)).collect()
    }

    fn is_manifest(&self, path: &Path) -> bool {
        self.text(path).is_some_and(|text| text.lines().any(|line| line.trim() == "[story]"))
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
}

fn has_folders(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| entry.path().is_dir())
}

fn name(sources: &Sources, file: FileId) -> PathBuf {
    PathBuf::from(&sources.file(file).name)
}
