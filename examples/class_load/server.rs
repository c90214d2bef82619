//! The real program, started and asked to do what a teacher does.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::phone::{Phone, between};

/// The program, serving.
#[derive(Debug)]
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    pub code: String,
    pub secret: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts it on a database, for a class of so many, listening somewhere.
    pub fn start(program: &Path, database: &str, seats: usize, bind: &str, more: &[&str]) -> io::Result<Server> {
        let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/lighthouse");
        let mut command = Command::new(program);
        command.arg("host").arg(story).args(["--bind", bind, "--database", database]);
        command.args(["--class", &seats.to_string()]).args(more);
        let mut child = command.env("LANG", "C").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut lines = BufReader::new(out).lines();
        let mut said = String::new();
        for line in lines.by_ref().map_while(Result::ok) {
            said.push_str(&line);
            said.push('\n');
            if line.contains("/teach#") {
                break;
            }
        }
        let address = between(&said, "Students open   http://", " ").parse();
        let address = address.map_err(|_| io::Error::other(said.clone()))?;
        let (code, secret) = (between(&said, "and type ", "\n").to_owned(), between(&said, "/teach#", "\n").to_owned());
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Server { child, address, code, secret })
    }
}

/// One button of the console.
pub async fn steer(teacher: &mut Phone, code: &str, fields: &str) -> io::Result<()> {
    let answer = teacher.post(&format!("/t/{code}/do"), &format!("do={fields}")).await?;
    if answer.status == 303 { Ok(()) } else { Err(io::Error::other(format!("{fields}: {}", answer.status))) }
}
