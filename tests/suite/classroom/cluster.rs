//! A PostgreSQL of the test's own. Needs `initdb`; says so where there is none, and fails where it was
//! promised (`PETROGRAD_POSTGRES=1`).

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::server::Scratch;

/// A cluster of its own, gone with the test.
pub struct Cluster {
    folder: Scratch,
    programs: PathBuf,
    port: u16,
    owner: Option<(u32, u32)>,
}

/// Where the server's programs are: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = listed.map(|entry| entry.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
}

fn answer(program: &str, arguments: &[&str]) -> Option<u32> {
    let output = Command::new(program).args(arguments).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

impl Cluster {
    fn begin() -> Option<Cluster> {
        let programs = programs()?;
        // It refuses to run as root: as whoever its package made, then.
        let owner = match answer("id", &["-u"])? {
            0 => Some((answer("id", &["-u", "postgres"])?, answer("id", &["-g", "postgres"])?)),
            _ => None,
        };
        let folder = Scratch::new("postgres");
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(&folder.0, Some(user), Some(group)).ok()?;
        }
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let cluster = Cluster { folder, programs, port, owner };
        let data = cluster.data();
        let made = cluster.run("initdb", &["-D", &data, "-U", "class", "-A", "trust", "--no-locale", "-E", "UTF8"]);
        made.then_some(())?;
        let options = format!("-p {port} -k {} -c listen_addresses=127.0.0.1", cluster.folder.0.display());
        let log = cluster.folder.0.join("log").display().to_string();
        cluster.run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"]).then_some(cluster)
    }

    fn data(&self) -> String {
        self.folder.0.join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).current_dir(&self.folder.0).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.status().is_ok_and(|status| status.success())
    }

    /// What a statement answers, a line a row.
    pub fn sql(&self, statement: &str) -> String {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-c", statement]);
        let output = command.output().expect("psql runs");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub fn url(&self) -> String {
        format!("postgres://class@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "stop"]);
    }
}

/// One of its own, where there is one.
pub fn cluster() -> Option<Cluster> {
    let cluster = Cluster::begin();
    let promised = std::env::var_os("PETROGRAD_POSTGRES").is_some_and(|value| value == "1");
    assert!(cluster.is_some() || !promised, "PostgreSQL was promised and does not start");
    if cluster.is_none() {
        eprintln!("no PostgreSQL here (its `initdb`): two processes were not tested");
    }
    cluster
}
