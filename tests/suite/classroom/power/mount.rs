//! The disk as a file system of this machine's, by FUSE.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuser::{
    BackgroundSession, BsdFileFlags, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, LockOwner, MountOption, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory,
    ReplyEmpty, ReplyEntry, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::super::server::Scratch;
use super::disk::{Disk, Refused};

/// Nobody but the kernel changes it, so the kernel knows for so long.
const KNOWN: Duration = Duration::from_secs(60);
const NEVER: Generation = Generation(0);

/// A disk under a folder.
pub struct Mounted {
    disk: Arc<Mutex<Disk>>,
    session: Option<BackgroundSession>,
    folder: Scratch,
}

impl Mounted {
    /// An empty disk.
    ///
    /// # Errors
    ///
    /// Where this machine lets nobody mount one.
    pub fn begin() -> io::Result<Mounted> {
        let folder = Scratch::new("power");
        fs::create_dir(folder.0.join("disk"))?;
        let disk = Arc::new(Mutex::new(Disk::new(INodeNo::ROOT.0 + 1)));
        let mut mounted = Mounted { disk, session: None, folder };
        mounted.mount()?;
        Ok(mounted)
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.0.join("disk")
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Mounts it: anew, so that nothing of before is in the system's cache.
    pub fn mount(&mut self) -> io::Result<()> {
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("petrograd-power".to_owned()), MountOption::NoDev];
        let served = Served(self.disk.clone());
        self.session = Some(fuser::spawn_mount(served, self.path(), &config)?);
        Ok(())
    }

    /// Takes it off; whoever had files open is gone.
    pub fn unmount(&mut self) -> io::Result<()> {
        self.session.take().map_or(Ok(()), BackgroundSession::umount_and_join)
    }

    /// The files as they are, in another folder.
    pub fn copy_to(&self, folder: &Path) -> io::Result<()> {
        let disk = self.disk();
        for (name, file) in disk.names() {
            fs::write(
                folder.join(name),
                disk.read(*file).map_err(|refused| io::Error::other(format!("{refused:?}")))?,
            )?;
        }
        Ok(())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if let Err(error) = self.unmount() {
            eprintln!("{}: {error}", self.path().display());
        }
    }
}

/// What the kernel asks.
struct Served(Arc<Mutex<Disk>>);

impl From<Refused> for Errno {
    fn from(refused: Refused) -> Errno {
        match refused {
            Refused::Off => Errno::EIO,
            Refused::NoSuchFile => Errno::ENOENT,
        }
    }
}

fn attributes(disk: &Disk, ino: INodeNo) -> Result<FileAttr, Refused> {
    let root = ino == INodeNo::ROOT;
    let size = if root { 0 } else { disk.read(ino.0)?.len() as u64 };
    Ok(FileAttr {
        ino,
        size,
        blocks: size.div_ceil(512),
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind: if root { FileType::Directory } else { FileType::RegularFile },
        perm: if root { 0o755 } else { disk.mode(ino.0) as u16 },
        nlink: 1,
        uid: nobody_else().0,
        gid: nobody_else().1,
        rdev: 0,
        blksize: 4_096,
        flags: 0,
    })
}

/// Files are the test's own.
fn nobody_else() -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").map_or((0, 0), |own| (own.uid(), own.gid()))
}

impl Served {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn answer(reply: ReplyEmpty, done: Result<(), Refused>) {
    match done {
        Ok(()) => reply.ok(),
        Err(refused) => reply.error(refused.into()),
    }
}

fn text(name: &OsStr) -> &str {
    name.to_str().unwrap_or_default()
}

impl Filesystem for Served {
    fn lookup(&self, _: &Request, _parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let disk = self.disk();
        let found = disk.named(text(name)).ok_or(Refused::NoSuchFile);
        match found.and_then(|file| attributes(&disk, INodeNo(file))) {
            Ok(attributes) => reply.entry(&KNOWN, &attributes, NEVER),
            Err(refused) => reply.error(refused.into()),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match attributes(&self.disk(), ino) {
            Ok(attributes) => reply.attr(&KNOWN, &attributes),
            Err(refused) => reply.error(refused.into()),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut disk = self.disk();
        if let Some(mode) = mode {
            disk.set_mode(ino.0, mode);
        }
        let resized = size.map_or(Ok(()), |size| disk.resize(ino.0, size as usize));
        match resized.and_then(|()| attributes(&disk, ino)) {
            Ok(attributes) => reply.attr(&KNOWN, &attributes),
            Err(refused) => reply.error(refused.into()),
        }
    }

    fn create(&self, _: &Request, _: INodeNo, name: &OsStr, mode: u32, umask: u32, _flags: i32, reply: ReplyCreate) {
        let mut disk = self.disk();
        let created = disk.create(text(name), mode & !umask);
        match created.and_then(|file| attributes(&disk, INodeNo(file))) {
            Ok(attributes) => reply.created(&KNOWN, &attributes, NEVER, FileHandle(0), FopenFlags::empty()),
            Err(refused) => reply.error(refused.into()),
        }
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.disk().read(ino.0) {
            Ok(bytes) => {
                let from = bytes.len().min(offset as usize);
                reply.data(&bytes[from..bytes.len().min(from + size as usize)]);
            }
            Err(refused) => reply.error(refused.into()),
        }
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.disk().write(ino.0, offset as usize, data) {
            Ok(()) => reply.written(data.len() as u32),
            Err(refused) => reply.error(refused.into()),
        }
    }

    /// Closing is no sync.
    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        answer(reply, self.disk().sync(ino.0));
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _datasync: bool, reply: ReplyEmpty) {
        answer(reply, self.disk().sync_names());
    }

    fn unlink(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(reply, self.disk().unlink(text(name)));
    }

    fn rename(
        &self,
        _: &Request,
        _: INodeNo,
        name: &OsStr,
        _: INodeNo,
        new: &OsStr,
        _: RenameFlags,
        reply: ReplyEmpty,
    ) {
        answer(reply, self.disk().rename(text(name), text(new)));
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        for (place, (name, file)) in self.disk().names().enumerate().skip(offset as usize) {
            if reply.add(INodeNo(*file), place as u64 + 1, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }
}
