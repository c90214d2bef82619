//! The real program, hosting a class on a port of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::client::{Answer, Client};

/// A folder that is gone when the test is.
#[derive(Debug)]
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("petrograd-{name}-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a scratch folder");
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A story with two roles, a hinge and a Spanish translation.
pub fn lighthouse() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/lighthouse")
}

/// Where classes are served: this machine's own address, or one of the network in which the tests
/// were started (`PETROGRAD_ADDRESS`).
pub fn address() -> Ipv4Addr {
    let named = std::env::var("PETROGRAD_ADDRESS").ok().and_then(|text| text.parse().ok());
    named.unwrap_or(Ipv4Addr::LOCALHOST)
}

/// The story that is built into the program.
pub fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("story")
}

/// The program, serving.
#[derive(Debug)]
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    pub code: String,
    pub secret: String,
    /// From the start to the link.
    pub began: Duration,
    /// What it said until then.
    pub said: String,
    bind: std::net::IpAddr,
    story: PathBuf,
    database: String,
    pub arguments: Vec<String>,
    folder: Option<Scratch>,
    teacher: std::sync::OnceLock<std::collections::BTreeMap<String, String>>,
}

impl Server {
    /// Starts a class on SQLite, in a folder of its own.
    pub fn start(story: &Path, arguments: &[&str]) -> Server {
        let folder = Scratch::new("class");
        let database = format!("sqlite:{}", folder.0.join("class.db").display());
        let mut server = Server::on(story, &database, arguments);
        server.folder = Some(folder);
        server
    }

    /// Starts a class in some database.
    pub fn on(story: &Path, database: &str, arguments: &[&str]) -> Server {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let bind = format!("{}:0", address());
        Server::at(story, database, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &bind)
    }

    /// As [`Server::on`], listening at an address.
    pub fn at(story: &Path, database: &str, arguments: &[&str], bind: &str) -> Server {
        let mut arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        if !address().is_loopback() {
            arguments.push("--remote-teacher".to_owned());
        }
        let bind: SocketAddr = bind.parse().expect("an address");
        let begun = launch(story, database, &arguments, bind);
        let (child, address, code, secret, began, said) = begun.expect("the class begins");
        let (story, database, bind) = (story.to_owned(), database.to_owned(), bind.ip());
        // The console is this machine's own: it is asked as such.
        let address = if bind.is_unspecified() { ([127, 0, 0, 1], address.port()).into() } else { address };
        Server {
            child,
            address,
            code,
            secret,
            began,
            said,
            bind,
            story,
            database,
            arguments,
            folder: None,
            teacher: Default::default(),
        }
    }

    /// Keeps a folder as long as the server.
    pub fn keep(&mut self, folder: Scratch) {
        self.folder = Some(folder);
    }

    /// The file of the class.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(self.database.trim_start_matches("sqlite:"))
    }

    /// Ends it without a word, as a crash or a closed lid would.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Starts it again at the same address, with the same class.
    pub fn restart(&mut self) {
        let code = self.restart_after_the_lesson();
        assert_eq!(code, self.code, "the same class");
    }

    /// Starts it again at the same address: a lesson that is over is still shown, and another class
    /// waits at the door. Its code.
    pub fn restart_after_the_lesson(&mut self) -> String {
        let arguments: Vec<String> = self.arguments.iter().filter(|argument| *argument != "--new").cloned().collect();
        let mut begun = Err(String::new());
        for _ in 0..50 {
            // The port may be held for a moment by connections that are closing.
            let bind = SocketAddr::new(self.bind, self.address.port());
            begun = launch(&self.story, &self.database, &arguments, bind);
            if begun.is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let (child, _, code, secret, began, _) = begun.expect("the class goes on");
        (self.child, self.secret, self.began) = (child, secret, began);
        code
    }

    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The teacher, with the console open. The link is good once; the cookie is the teacher's from
    /// then on.
    pub fn teacher(&self) -> Client {
        let mut client = self.client();
        client.jar = self.teacher.get_or_init(|| self.enter()).clone();
        client
    }

    fn enter(&self) -> std::collections::BTreeMap<String, String> {
        let mut client = self.client();
        let entered = client.post("/teach", &[("secret", &self.secret)]);
        assert_eq!((entered.status, entered.header("location")), (303, format!("/t/{}", self.code).as_str()));
        client.jar
    }

    /// Somebody who takes a seat, under a name or the one that is offered.
    pub fn student(&self, alias: &str) -> Client {
        let (client, answer) = self.try_student(alias);
        assert_eq!(answer.status, 303, "{}", answer.body);
        client
    }

    pub fn try_student(&self, alias: &str) -> (Client, Answer) {
        let mut client = self.client();
        let path = format!("/j/{}", self.code);
        let page = client.get(&path);
        let offered = page.field("offered").unwrap_or_default().to_owned();
        let answer = client.post(&path, &[("offered", &offered), ("alias", alias)]);
        (client, answer)
    }

    /// A path below a student's, teacher's or projector's page.
    pub fn path(&self, whose: &str, rest: &str) -> String {
        format!("/{whose}/{}{rest}", self.code)
    }

    /// One button of the console.
    pub fn steer(&self, teacher: &mut Client, what: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("do", what)];
        all.extend_from_slice(fields);
        teacher.post(&self.path("t", "/do"), &all)
    }

    /// As [`Server::steer`], where it has to be done.
    pub fn must(&self, teacher: &mut Client, what: &str, fields: &[(&str, &str)]) {
        let answer = self.steer(teacher, what, fields);
        assert_eq!(answer.status, 303, "{what}: {}", answer.body);
    }

    /// As [`Server::must`], where the console answers with something to read.
    pub fn must_or_notice(&self, teacher: &mut Client, what: &str, fields: &[(&str, &str)]) {
        let answer = self.steer(teacher, what, fields);
        assert!(matches!(answer.status, 200 | 303), "{what}: {}", answer.body);
    }

    /// What the lit button of the console does.
    pub fn next(&self, teacher: &mut Client) -> Option<String> {
        let page = teacher.get(&self.path("t", ""));
        let (_, lit) = page.body.split_once("<div class=\"next\">")?;
        let (_, value) = lit.split_once("name=\"do\" value=\"")?;
        value.split('"').next().map(str::to_owned)
    }

    /// Votes for what stands at a place among what is offered; nothing where nothing is.
    pub fn vote(&self, student: &mut Client, place: usize) -> Option<serde_json::Value> {
        let page = student.get(&self.path("s", ""));
        let options = page.fields("option");
        let option = (*options.get(place.min(options.len().saturating_sub(2)))?).to_owned();
        let (round, key) = (page.field("round")?.to_owned(), page.field("key")?.to_owned());
        student.headers.push(("accept".to_owned(), "application/json".to_owned()));
        let answer = student.post(&self.path("s", "/ballot"), &[("round", &round), ("key", &key), ("option", &option)]);
        student.headers.pop();
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

type Begun = (Child, SocketAddr, String, String, Duration, String);

/// The program with these arguments, without the environment's language.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_petrograd"));
    command.args(arguments).env("LANG", "C").env_remove("LANGUAGE").env_remove("LC_ALL");
    command
}

fn launch(story: &Path, database: &str, arguments: &[String], bind: SocketAddr) -> Result<Begun, String> {
    let begun = Instant::now();
    let mut command = program(&["host"]);
    command.arg(story).args(["--bind", &bind.to_string(), "--database", database]).args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let out = child.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(out).lines();
    let mut said = String::new();
    let (mut address, mut code) = (None, String::new());
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, rest)) = line.split_once("Students open   http://") {
            let mut words = rest.split_whitespace();
            address = words.next().and_then(|address| address.parse().ok());
            code = words.last().unwrap_or_default().to_owned();
        }
        if let Some((_, secret)) = line.split_once("/teach#") {
            let (secret, began) = (secret.trim().to_owned(), begun.elapsed());
            // It goes on saying things: somebody has to listen.
            std::thread::spawn(move || lines.for_each(drop));
            let address = address.ok_or("no address")?;
            return Ok((child, address, code, secret, began, said));
        }
        said.push_str(&line);
        said.push('\n');
    }
    let mut error = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        let _ = std::io::Read::read_to_string(&mut stderr, &mut error);
    }
    let _ = child.wait();
    Err(format!("{said}{error}"))
}
