//! A disk that keeps what it was told to keep. Whatever was written but not synced is lost when the
//! power is cut, or some of it is, in whatever order it reached the platter.
//!
//! Data and names are synced apart, as POSIX has it: a file that was synced in a folder that was not
//! is a file without a name.

use std::collections::BTreeMap;

use super::super::replay::Draws;

/// What a disk writes at once: less than that is never torn.
const SECTOR: usize = 512;

/// What becomes of what was not synced.
#[derive(Debug)]
pub enum Fate<'a> {
    /// All of it is lost.
    Lost,
    /// What came first is there, up to somewhere in the middle of a write.
    Begun(&'a mut Draws),
    /// Any part of it is there: a disk writes in the order that suits it.
    Scattered(&'a mut Draws),
}

/// Something that was done and is not synced.
#[derive(Clone, Debug)]
enum Deed {
    Write { file: u64, at: usize, bytes: Vec<u8> },
    Resize { file: u64, size: usize },
    Name { name: String, file: u64 },
    Unname { name: String },
    Rename { from: String, to: String, file: u64 },
}

impl Deed {
    /// The file whose sync makes it last; none where that is the folder's.
    fn file(&self) -> Option<u64> {
        match self {
            Deed::Write { file, .. } | Deed::Resize { file, .. } => Some(*file),
            Deed::Name { .. } | Deed::Unname { .. } | Deed::Rename { .. } => None,
        }
    }

    /// The pieces that a disk may write one without the other.
    fn pieces(self) -> Vec<Deed> {
        let Deed::Write { file, at, bytes } = self else { return vec![self] };
        let mut pieces = Vec::new();
        let (mut from, end) = (at, at + bytes.len());
        while from < end {
            let to = end.min((from / SECTOR + 1) * SECTOR);
            pieces.push(Deed::Write { file, at: from, bytes: bytes[from - at..to - at].to_vec() });
            from = to;
        }
        pieces
    }
}

/// Files by number, and their names: once as programs see them, once as the platter has them.
#[derive(Clone, Debug, Default)]
struct Image {
    files: BTreeMap<u64, Vec<u8>>,
    names: BTreeMap<String, u64>,
}

impl Image {
    fn take(&mut self, deed: &Deed) {
        match deed {
            Deed::Write { file, at, bytes } => {
                let content = self.files.entry(*file).or_default();
                content.resize(content.len().max(at + bytes.len()), 0);
                content[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Deed::Resize { file, size } => self.files.entry(*file).or_default().resize(*size, 0),
            Deed::Name { name, file } => drop(self.names.insert(name.clone(), *file)),
            Deed::Unname { name } => drop(self.names.remove(name)),
            Deed::Rename { from, to, file } => {
                self.names.remove(from);
                self.names.insert(to.clone(), *file);
            }
        }
    }
}

/// The disk: one folder of files.
#[derive(Debug)]
pub struct Disk {
    now: Image,
    kept: Image,
    /// What was done and is not synced, in the order in which it was done.
    unsynced: Vec<Deed>,
    modes: BTreeMap<u64, u32>,
    next: u64,
    /// Deeds and syncs until the power goes; where a name is given, of the file that has it.
    until: Option<(u32, Option<String>)>,
    /// Whether it has gone.
    pub off: bool,
}

/// The power is off, or there is no such file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Off,
    NoSuchFile,
}

impl Disk {
    /// An empty one; numbers below `first` are never a file's.
    pub fn new(first: u64) -> Disk {
        Disk {
            now: Image::default(),
            kept: Image::default(),
            unsynced: Vec::new(),
            modes: BTreeMap::new(),
            next: first,
            until: None,
            off: false,
        }
    }

    /// The power will go before the so many-th deed or sync from now, of all or of one file's.
    pub fn cut_before(&mut self, deeds: u32, of: Option<&str>) {
        self.until = Some((deeds, of.map(str::to_owned)));
    }

    /// Counts a deed of a file, or of the folder.
    fn live(&mut self, file: Option<u64>) -> Result<(), Refused> {
        let names = &self.now.names;
        if let Some((until, of)) = &mut self.until
            && of.as_ref().is_none_or(|of| file.is_some() && names.get(of).copied() == file)
        {
            *until = until.saturating_sub(1);
            self.off |= *until == 0;
        }
        if self.off { Err(Refused::Off) } else { Ok(()) }
    }

    fn done(&mut self, deed: Deed) {
        self.now.take(&deed);
        self.unsynced.push(deed);
    }

    pub fn named(&self, name: &str) -> Option<u64> {
        self.now.names.get(name).copied()
    }

    pub fn names(&self) -> impl Iterator<Item = (&String, &u64)> {
        self.now.names.iter()
    }

    /// A file's bytes, while there is power.
    pub fn read(&self, file: u64) -> Result<&[u8], Refused> {
        if self.off {
            return Err(Refused::Off);
        }
        self.now.files.get(&file).map(Vec::as_slice).ok_or(Refused::NoSuchFile)
    }

    pub fn mode(&self, file: u64) -> u32 {
        self.modes.get(&file).copied().unwrap_or(0o600)
    }

    pub fn set_mode(&mut self, file: u64, mode: u32) {
        self.modes.insert(file, mode & 0o777);
    }

    pub fn create(&mut self, name: &str, mode: u32) -> Result<u64, Refused> {
        self.live(None)?;
        let file = self.next;
        self.next += 1;
        self.set_mode(file, mode);
        self.now.files.insert(file, Vec::new());
        self.done(Deed::Name { name: name.to_owned(), file });
        Ok(file)
    }

    pub fn write(&mut self, file: u64, at: usize, bytes: &[u8]) -> Result<(), Refused> {
        self.live(Some(file))?;
        self.done(Deed::Write { file, at, bytes: bytes.to_vec() });
        Ok(())
    }

    pub fn resize(&mut self, file: u64, size: usize) -> Result<(), Refused> {
        self.live(Some(file))?;
        self.done(Deed::Resize { file, size });
        Ok(())
    }

    pub fn unlink(&mut self, name: &str) -> Result<(), Refused> {
        self.live(None)?;
        self.named(name).ok_or(Refused::NoSuchFile)?;
        self.done(Deed::Unname { name: name.to_owned() });
        Ok(())
    }

    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Refused> {
        self.live(None)?;
        let file = self.named(from).ok_or(Refused::NoSuchFile)?;
        self.done(Deed::Rename { from: from.to_owned(), to: to.to_owned(), file });
        Ok(())
    }

    /// What was written to a file lasts from now on; its name is its folder's business.
    pub fn sync(&mut self, file: u64) -> Result<(), Refused> {
        self.live(Some(file))?;
        self.keep(|deed| deed.file() == Some(file));
        Ok(())
    }

    /// The folder's names last from now on.
    pub fn sync_names(&mut self) -> Result<(), Refused> {
        self.live(None)?;
        self.keep(|deed| deed.file().is_none());
        Ok(())
    }

    /// All lasts, as half a minute after the last write by the system's own doing.
    pub fn settle(&mut self) {
        self.keep(|_| true);
    }

    fn keep(&mut self, is_kept: impl Fn(&Deed) -> bool) {
        for deed in std::mem::take(&mut self.unsynced) {
            if is_kept(&deed) { self.kept.take(&deed) } else { self.unsynced.push(deed) }
        }
    }

    /// Whether something that was written to a file of this name is not synced.
    pub fn is_dirty(&self, name: &str) -> bool {
        let file = self.named(name);
        file.is_some() && self.unsynced.iter().any(|deed| deed.file() == file)
    }

    /// The power is gone and comes back: only what lasted is there. How many deeds were lost, whole
    /// or in part.
    pub fn cut(&mut self, fate: Fate<'_>) -> usize {
        let deeds = std::mem::take(&mut self.unsynced);
        let (all, mut lost) = (deeds.len(), 0);
        match fate {
            Fate::Lost => lost = all,
            Fate::Begun(draws) => {
                let whole = draws.below(all as u64 + 1) as usize;
                deeds[..whole].iter().for_each(|deed| self.kept.take(deed));
                if let Some(torn) = deeds.get(whole) {
                    let pieces = torn.clone().pieces();
                    let some = draws.below(pieces.len() as u64) as usize;
                    pieces[..some].iter().for_each(|piece| self.kept.take(piece));
                }
                lost = all - whole;
            }
            Fate::Scattered(draws) => {
                let share = 1 + draws.below(7);
                for deed in deeds {
                    let pieces = deed.pieces();
                    let (before, mut there) = (pieces.len(), 0);
                    for piece in pieces.into_iter().filter(|_| draws.below(8) < share) {
                        self.kept.take(&piece);
                        there += 1;
                    }
                    lost += usize::from(there < before);
                }
            }
        }
        self.back();
        lost
    }

    fn back(&mut self) {
        let named: Vec<u64> = self.kept.names.values().copied().collect();
        self.kept.files.retain(|file, _| named.contains(file));
        // A name whose file was never written to is an empty file.
        for file in named {
            self.kept.files.entry(file).or_default();
        }
        self.now = self.kept.clone();
        (self.until, self.off) = (None, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content<'a>(disk: &'a Disk, name: &str) -> Option<&'a [u8]> {
        disk.read(disk.named(name)?).ok()
    }

    #[test]
    fn what_was_synced_lasts_and_nothing_else() {
        let mut disk = Disk::new(2);
        let kept = disk.create("kept", 0o600).expect("power");
        disk.write(kept, 0, b"one").expect("power");
        disk.sync(kept).expect("power");
        disk.sync_names().expect("power");
        disk.write(kept, 1, b"xxxxx").expect("power");
        let nameless = disk.create("nameless", 0o600).expect("power");
        disk.write(nameless, 0, b"two").expect("power");
        disk.sync(nameless).expect("power");
        assert_eq!(content(&disk, "kept"), Some(&b"oxxxxx"[..]));
        assert_eq!(disk.cut(Fate::Lost), 2);
        assert_eq!(content(&disk, "kept"), Some(&b"one"[..]));
        assert_eq!(content(&disk, "nameless"), None, "its folder was not synced");
        disk.rename("kept", "other").expect("power");
        disk.cut(Fate::Lost);
        assert!(disk.named("kept").is_some() && disk.named("other").is_none());
        disk.rename("kept", "other").expect("power");
        disk.sync_names().expect("power");
        disk.unlink("other").expect("power");
        disk.cut(Fate::Lost);
        assert_eq!(content(&disk, "other"), Some(&b"one"[..]));
        disk.resize(kept, 1).expect("power");
        disk.sync(kept).expect("power");
        disk.resize(kept, 9).expect("power");
        disk.cut(Fate::Lost);
        assert_eq!(content(&disk, "other"), Some(&b"o"[..]));
    }

    #[test]
    fn what_was_begun_ends_within_a_write_and_what_is_scattered_has_holes() {
        let (mut torn, mut holes, mut draws) = (false, false, Draws(1917));
        for _ in 0..200 {
            let mut disk = Disk::new(2);
            let file = disk.create("file", 0o600).expect("power");
            disk.write(file, 0, &[0; 8 * SECTOR]).expect("power");
            disk.sync(file).expect("power");
            disk.sync_names().expect("power");
            disk.write(file, 0, &[1; 4 * SECTOR]).expect("power");
            disk.write(file, 4 * SECTOR, &[1; 4 * SECTOR]).expect("power");
            let mut other = Disk { now: disk.now.clone(), kept: disk.kept.clone(), ..Disk::new(9) };
            other.unsynced.clone_from(&disk.unsynced);
            disk.cut(Fate::Begun(&mut draws));
            other.cut(Fate::Scattered(&mut draws));
            let sectors = |disk: &Disk| -> Vec<u8> {
                content(disk, "file").unwrap_or_default().chunks(SECTOR).map(|sector| sector[0]).collect()
            };
            let begun = sectors(&disk);
            assert!(begun.is_sorted_by(|a, b| a >= b), "{begun:?}");
            torn |= !matches!(begun.iter().sum::<u8>(), 0 | 4 | 8);
            holes |= !sectors(&other).is_sorted_by(|a, b| a >= b);
        }
        assert!(torn && holes);
    }

    #[test]
    fn the_power_goes_when_it_was_said_to() {
        let mut disk = Disk::new(2);
        let file = disk.create("file", 0o600).expect("power");
        disk.sync_names().expect("power");
        disk.cut_before(3, None);
        disk.write(file, 0, b"one").expect("power");
        disk.sync(file).expect("power");
        assert_eq!(disk.write(file, 0, b"two"), Err(Refused::Off));
        assert_eq!((disk.sync(file), disk.read(file)), (Err(Refused::Off), Err(Refused::Off)));
        disk.cut(Fate::Lost);
        assert_eq!(content(&disk, "file"), Some(&b"one"[..]));
        let other = disk.create("other", 0o600).expect("power");
        disk.cut_before(1, Some("file"));
        disk.write(other, 0, b"as much as it likes").expect("power");
        assert_eq!(disk.write(file, 0, b"two"), Err(Refused::Off));
    }
}
