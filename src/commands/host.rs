//! `petrograd host`: a class around this machine.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::mpsc;

use super::{CommandError, Outcome};
use crate::catalogue::Catalogue;
use crate::host::command::Limits;
use crate::host::hall::{Hall, Lesson};
use crate::host::pages::paper::Paper;
use crate::host::reach;
use crate::host::secret::typed_code;
use crate::host::serve::{Doors, serve};
use crate::host::store::{Kind, Safety, Store};
use crate::host::tls::Tls;
use crate::host::web::{Options, app};
use crate::host::world::World;
use crate::host::writer::{Unopened, now};
use crate::save::SaveFolder;
use crate::tr;

/// How often classes are looked through for those whose time is up.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Play with a class: students join from their browsers
///
/// Prints the address that students type, the same as a code for their cameras, and a link for
/// you. Stop it with Ctrl-C; started again it goes on with the same class.
#[derive(clap::Args)]
pub struct HostArgs {
    /// File or folder of the story [default: ./story, else the one built in]
    story: Option<PathBuf>,
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:1917")]
    bind: SocketAddr,
    /// Where classes are kept: sqlite:FILE or postgres://… [default: a file beside your saves]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How many are in the class; a few seats more are let in
    #[arg(long, value_name = "N", default_value_t = 60)]
    class: usize,
    /// Begin another class, even where the last one is not over
    #[arg(long)]
    new: bool,
    /// Go on with the class of this code, even where its lesson is over
    #[arg(long, value_name = "CODE", conflicts_with = "new")]
    code: Option<String>,
    /// The language, `es` and the like [default: the environment's]
    #[arg(long, value_name = "L")]
    lang: Option<String>,
    /// Days after a lesson in which its class is deleted
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    days: u32,
    /// The address to print, where students reach this machine by another one than its own
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// Let the teacher's link work from other machines too
    #[arg(long)]
    remote_teacher: bool,
    /// Sockets that one address may hold, for schools behind one
    #[arg(long, value_name = "N", default_value_t = 400)]
    per_address: usize,
    /// Answer faster on slow disks; a power cut may then lose the last votes
    #[arg(long)]
    may_lose_in_power_cut: bool,
    /// Speak TLS with this certificate chain, a PEM file; plain HTTP is then not answered
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The key of the certificate, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Write a page to print, for a lesson without a network: role slips, ballots; then stop
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    paper: Option<PathBuf>,
    /// Tell what phones on this network will see; if none came through after so long, what may
    /// stand in the way
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "20")]
    check: Option<u64>,
}

/// Runs the command.
///
/// # Errors
///
/// [`CommandError::FallsShort`] where the story has mistakes, [`CommandError::Said`] where the
/// class does not go with it, [`CommandError::System`] where the network or the database fails.
pub fn run(args: &HostArgs, out: &mut dyn Write) -> Outcome {
    let words = super::words(args.lang.as_deref());
    let world = World::open(args.story.as_deref(), &words).map_err(|(sources, diagnostics)| {
        eprint!("{}", crate::diagnostic::render::human(&sources, &diagnostics, &words, 100, false));
        CommandError::FallsShort
    })?;
    if let Some(file) = &args.paper {
        return paper(args, file, &world, &words, out);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(host(args, &words, world, out))
}

/// Why a class could not be opened, in words.
fn unopened(words: &Catalogue, error: Unopened) -> CommandError {
    match error {
        Unopened::Database(error) => {
            CommandError::System(tr!(words, "the database does not answer"), std::io::Error::other(error))
        }
        Unopened::Mismatch(line) => CommandError::Said(tr!(
            words,
            "The class's log does not lead where it led, at line {line}: its story is another one now. The file is as it was; --new begins another class.",
            line = line
        )),
    }
}

async fn host(args: &HostArgs, words: &Catalogue, world: World, out: &mut dyn Write) -> Outcome {
    let listener = listen(args.bind)
        .map_err(|error| CommandError::System(tr!(words, "can't listen at {address}", address = args.bind), error))?;
    let port = listener.local_addr()?.port();
    let url = args.database.clone().map_or_else(default_database, Ok)?;
    let safety = if args.may_lose_in_power_cut { Safety::Normal } else { Safety::Full };
    let failed = |error: sqlx::Error| unopened(words, Unopened::Database(error));
    let store = Store::open(&url, safety).await.map_err(failed)?;
    let limits = Limits { seats: args.class + args.class.div_ceil(10) };
    let hall = Hall::new(store, Arc::new(world), limits);
    sweep(&hall, args.days).await.map_err(failed)?;
    let lesson = match &args.code {
        Some(code) => {
            let found = hall.class(&typed_code(code)).await.map_err(|error| unopened(words, error))?;
            found.ok_or_else(|| CommandError::Said(tr!(words, "No class here has the code {code}.", code = code)))?
        }
        None => lesson(&hall, args.new).await.map_err(|error| unopened(words, error))?,
    };
    let link = hall.teacher_link(lesson.class.id).await.map_err(|error| unopened(words, error))?;
    let found = addresses(args.bind.ip());
    let first = found.first().copied().unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let scheme = if args.tls_cert.is_some() { "https" } else { "http" };
    let address = args.address.clone().unwrap_or_else(|| format!("{scheme}://{}", SocketAddr::new(first, port)));
    let tls = tls(args, words, &address)?;
    let (visits, visited) = mpsc::unbounded_channel();
    let options = Options {
        address: address.trim_end_matches('/').to_owned(),
        story: args.story.as_ref().map(|story| story.display().to_string()),
        names: names(&address),
        remote_teacher: args.remote_teacher,
        // Behind a proxy that speaks TLS everybody comes through it, the teacher too.
        encrypted: tls.is_some() || (args.remote_teacher && address.starts_with("https://")),
        days: args.days,
        visits: args.check.map(|_| visits),
    };
    let teacher = if args.remote_teacher { options.address.clone() } else { format!("{scheme}://localhost:{port}") };
    if safety == Safety::Normal && hall.store.kind == Kind::Sqlite {
        let text = tr!(words, "The last votes may be lost if the power goes: started with --may-lose-in-power-cut.");
        writeln!(out, "{text}\n")?;
    }
    match args.check {
        Some(_) => check(words, &options.address, out)?,
        None => {
            announce(words, &hall.world, &lesson.class.code, &options.address, &format!("{teacher}/teach#{link}"), out)?
        }
    }
    tokio::spawn(sweeping(hall.clone(), args.days));
    if let Some(patience) = args.check {
        tokio::spawn(watch(words.clone(), Duration::from_secs(patience), found, visited));
    }
    let doors = Doors { per_address: args.per_address, ..Doors::default() };
    serve(listener, app(hall.clone(), options), doors, tls, stopped()).await;
    hall.store.close().await;
    writeln!(out, "{}", tr!(words, "Stopped. Start it again and the class goes on."))?;
    Ok(())
}

/// The certificate and the key, where there are such.
fn tls(args: &HostArgs, words: &Catalogue, address: &str) -> Result<Option<Tls>, CommandError> {
    let (Some(certificate), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    Tls::open(certificate, key, address).map(Some).map_err(|error| {
        let what = tr!(words, "TLS can't be spoken with this certificate and key");
        CommandError::System(what, std::io::Error::other(error.to_string()))
    })
}

/// Writes the page for a lesson without a network.
fn paper(args: &HostArgs, file: &Path, world: &World, words: &Catalogue, out: &mut dyn Write) -> Outcome {
    let story = args.story.as_ref().map(|story| story.display().to_string());
    let page = Paper { tongue: world.tongue(0), code: None, play: None, story: story.as_deref(), file: true }.page();
    std::fs::write(file, page.into_string())
        .map_err(|error| CommandError::System(file.display().to_string(), error))?;
    writeln!(out, "{}", tr!(words, "Written to {file}. Open it in a browser, and print it.", file = file.display()))?;
    Ok(())
}

/// A socket at which a thousand may knock at once: who does not fit in the queue tries again only
/// after a second.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Windows this would let a second program listen at the same address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(4_096)
}

fn default_database() -> Result<String, CommandError> {
    let folder = SaveFolder::choose().path().to_owned();
    std::fs::create_dir_all(&folder).map_err(|error| CommandError::System(folder.display().to_string(), error))?;
    Ok(format!("sqlite:{}", folder.join("classroom.db").display()))
}

/// The class that was not over when this was last stopped, or another one.
async fn lesson(hall: &Arc<Hall>, new: bool) -> Result<Arc<Lesson>, Unopened> {
    let story = &hall.world.story().manifest.id;
    match hall.store.open_class(story).await?.filter(|_| !new) {
        Some(class) => hall.open(class).await,
        None => hall.found().await,
    }
}

fn addresses(bind: IpAddr) -> Vec<IpAddr> {
    if bind.is_unspecified() { reach::addresses() } else { vec![bind] }
}

/// The names by which this server may be asked: this machine's, and that of the address.
fn names(address: &str) -> Vec<String> {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    reach::names().into_iter().chain([name.to_owned()]).collect()
}

fn announce(
    words: &Catalogue,
    world: &World,
    code: &str,
    address: &str,
    link: &str,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let title = &world.story().manifest.title;
    writeln!(out, "{}\n", tr!(words, "{story} · class {code}", story = title, code = code))?;
    writeln!(out, "{}", tr!(words, "Students open   {address}   and type {code}", address = address, code = code))?;
    writeln!(out, "{}", reach::code(&format!("{address}/j/{code}")))?;
    writeln!(out, "{}", tr!(words, "Projector       {link}", link = format!("{address}/p/{code}")))?;
    writeln!(out, "{}\n", tr!(words, "You alone       {link}", link = link))?;
    writeln!(out, "{}", tr!(words, "Your link is good once; this command prints a new one whenever it starts."))?;
    writeln!(
        out,
        "{}",
        match address.starts_with("https://") {
            true => tr!(words, "Pages travel encrypted (HTTPS)."),
            false => tr!(
                words,
                "Pages travel as plain HTTP: whoever is in this network could read them. Nothing personal is asked for."
            ),
        }
    )?;
    writeln!(out, "{}", tr!(words, "Ctrl-C stops. Started again it goes on where the class was."))?;
    out.flush()
}

fn check(words: &Catalogue, address: &str, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{}",
        tr!(words, "Open this on a phone in the classroom:   {link}", link = format!("{address}/check"))
    )?;
    writeln!(out, "{}", reach::code(&format!("{address}/check")))?;
    writeln!(out, "{}", tr!(words, "Waiting for it. Ctrl-C stops."))?;
    out.flush()
}

/// Tells which devices came through, and what to do if none does.
async fn watch(
    words: Catalogue,
    patience: Duration,
    addresses: Vec<IpAddr>,
    mut visited: mpsc::UnboundedReceiver<IpAddr>,
) {
    let is_far = |from: &IpAddr| !from.is_loopback();
    let mut come = false;
    loop {
        match tokio::time::timeout(patience, visited.recv()).await {
            Ok(Some(from)) => {
                come |= is_far(&from);
                println!("{}", tr!(words, "{address} came through.", address = from));
            }
            Ok(None) => return,
            Err(_) if come => {}
            Err(_) => {
                reach::advice(&words, &addresses).iter().for_each(|line| println!("{line}"));
                come = true;
            }
        }
    }
}

/// Deletes the classes whose time is up.
async fn sweep(hall: &Arc<Hall>, days: u32) -> Result<(), sqlx::Error> {
    let before = now() as i64 - i64::from(days) * 86_400_000;
    hall.forget(before).await;
    hall.store.delete_before(before).await.map(|_| ())
}

async fn sweeping(hall: Arc<Hall>, days: u32) {
    loop {
        tokio::time::sleep(SWEEP).await;
        // Where the database is away, the next hour will do.
        let _ = sweep(&hall, days).await;
    }
}

/// Until somebody stops the program.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
