//! Seats a class over real HTTP, has it vote, sleep and come back, kills the server under it, and
//! prints how long everything took and what was lost. `docs/classroom.md` has the figures.
//!
//!     cargo build --release
//!     cargo run --release --example class_load -- [SEATS] [--soak MINUTES] [--program FILE]

mod figures;
mod phone;

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use figures::{disk, resident, told};
use phone::{Ear, Phone, between};

const OPTIONS: [&str; 3] = ["wait", "fetch", "send"];

/// The program, serving.
struct Server {
    child: Child,
    address: SocketAddr,
    code: String,
    secret: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Wishes {
    seats: usize,
    soak: u64,
    program: PathBuf,
}

fn wishes() -> Wishes {
    let mut wishes = Wishes { seats: 300, soak: 0, program: PathBuf::from("target/release/petrograd") };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--soak" => wishes.soak = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10),
            "--program" => wishes.program = arguments.next().map(PathBuf::from).unwrap_or_default(),
            seats => wishes.seats = seats.parse().unwrap_or(300),
        }
    }
    wishes
}

fn start(wishes: &Wishes, folder: &Path, bind: &str) -> io::Result<Server> {
    let story = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/lighthouse");
    let database = format!("sqlite:{}", folder.join("class.db").display());
    let mut command = Command::new(&wishes.program);
    command.arg("host").arg(story).args([
        "--bind",
        bind,
        "--database",
        &database,
        "--class",
        &wishes.seats.to_string(),
    ]);
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
    let address = between(&said, "Students open   http://", " ").parse().map_err(|_| io::Error::other(said.clone()))?;
    let (code, secret) = (between(&said, "and type ", "\n").to_owned(), between(&said, "/teach#", "\n").to_owned());
    std::thread::spawn(move || lines.for_each(drop));
    Ok(Server { child, address, code, secret })
}

/// One button of the console.
async fn steer(teacher: &mut Phone, code: &str, fields: &str) -> io::Result<()> {
    let answer = teacher.post(&format!("/t/{code}/do"), &format!("do={fields}")).await?;
    if answer.status == 303 { Ok(()) } else { Err(io::Error::other(format!("{fields}: {}", answer.status))) }
}

/// When the projector first showed a line of the class or a later one.
type Shown = Arc<Mutex<BTreeMap<u64, Instant>>>;

fn watch_projector(server: &Server) -> Shown {
    let shown = Shown::default();
    let (frames, address, code) = (shown.clone(), server.address, server.code.clone());
    tokio::spawn(async move {
        let mut phone = Phone::new(address);
        let Ok(mut ear) = Ear::open(&mut phone, &format!("/p/{code}/stream")).await else { return };
        while let Ok((name, seq)) = ear.next().await {
            if name == "view"
                && let Ok(mut frames) = frames.lock()
            {
                frames.insert(seq, Instant::now());
            }
        }
    });
    shown
}

/// Everybody votes once, spread over a time: until acknowledged, and until the projector showed it.
async fn vote(
    phones: &mut Vec<Phone>,
    code: &str,
    key: u64,
    over: Duration,
    shown: &Shown,
) -> (Vec<Duration>, Vec<Duration>, usize) {
    let all = phones.len() as u32;
    let sending = phones.drain(..).zip(0u32..).map(|(mut phone, place)| {
        let code = code.to_owned();
        tokio::spawn(async move {
            sleep(over * place / all).await;
            let begun = Instant::now();
            let option = OPTIONS[(place as usize + key as usize) % 3];
            let seq = timeout(Duration::from_secs(20), phone.vote(&code, 1, key, option)).await;
            (phone, begun, begun.elapsed(), seq)
        })
    });
    let sent: Vec<_> = sending.collect();
    let (mut acknowledged, mut sequences, mut failed) = (Vec::new(), Vec::new(), 0);
    for one in sent {
        let Ok((phone, begun, took, seq)) = one.await else { continue };
        phones.push(phone);
        match seq {
            Ok(Ok(seq)) => {
                acknowledged.push(took);
                sequences.push((begun, seq));
            }
            _ => failed += 1,
        }
    }
    sleep(Duration::from_millis(600)).await;
    let frames = shown.lock().map(|frames| frames.clone()).unwrap_or_default();
    let seen = |(begun, seq): (Instant, u64)| Some(frames.range(seq..).next()?.1.saturating_duration_since(begun));
    let shown: Vec<Duration> = sequences.into_iter().filter_map(seen).collect();
    (acknowledged, shown, failed)
}

/// Everybody listens; whoever's stream ends asks again, as the page's script does.
fn listen(phones: &[Phone], code: &str, cut: &watch::Receiver<u32>) -> Arc<Mutex<Vec<(u32, Instant)>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    for phone in phones {
        let (mut phone, code, heard, mut cut) = (phone.twin(), code.to_owned(), heard.clone(), cut.clone());
        tokio::spawn(async move {
            let mut pause = Duration::from_millis(500);
            loop {
                let time = *cut.borrow_and_update();
                if let Ok(mut ear) = Ear::open(&mut phone, &format!("/s/{code}/stream")).await {
                    let mut first = true;
                    loop {
                        let next = tokio::select! { next = ear.next() => next, _ = cut.changed() => break };
                        let Ok(_) = next else { break };
                        if std::mem::take(&mut first)
                            && let Ok(mut heard) = heard.lock()
                        {
                            heard.push((time, Instant::now()));
                            pause = Duration::from_millis(500);
                        }
                    }
                }
                // A little apart, so that not all ask at once.
                sleep(pause * (50 + phone.cookies.len() as u32 * 17 % 50) / 100).await;
                pause = (pause * 2).min(Duration::from_secs(10));
            }
        });
    }
    heard
}

async fn reconnected(heard: &Mutex<Vec<(u32, Instant)>>, time: u32, all: usize, since: Instant) -> Vec<Duration> {
    let found = || -> Vec<Duration> {
        let heard = heard.lock().map(|heard| heard.clone()).unwrap_or_default();
        heard.iter().filter(|(known, _)| *known == time).map(|(_, at)| at.saturating_duration_since(since)).collect()
    };
    while found().len() < all && since.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(20)).await;
    }
    found()
}

/// How many see another vote as theirs than the one that was acknowledged last.
async fn changed(phones: &mut [Phone], code: &str, key: u64) -> usize {
    let mut wrong = 0;
    for (place, phone) in phones.iter_mut().enumerate() {
        let option = OPTIONS[(place + key as usize) % 3];
        let page = phone.get(&format!("/s/{code}")).await.map(|page| page.body).unwrap_or_default();
        // As the page writes it: this option, and that it is the one.
        wrong += usize::from(!page.contains(&format!("value=\"{option}\" aria-pressed=\"true\"")));
    }
    wrong
}

async fn run(wishes: Wishes, folder: &Path) -> io::Result<()> {
    let begun = Instant::now();
    let mut server = start(&wishes, folder, "127.0.0.1:0")?;
    let mut teacher = Phone::new(server.address);
    teacher.get("/").await?;
    println!("{:<44} {:?}", "B1  from the start to the first answer", begun.elapsed());
    let code = server.code.clone();
    let mut phones = vec![Phone::new(server.address)];
    phones[0].join(&code).await?;
    println!("{:<44} {:?}", "B2  from the start to the first seat", begun.elapsed());
    teacher.post("/teach", &format!("secret={}", server.secret)).await?;
    let empty = resident(server.child.id());
    told("    the disk: a page kept", disk(folder));

    let wave: Vec<_> = (1..wishes.seats as u32)
        .map(|place| {
            let (mut phone, code, all) = (Phone::new(server.address), code.clone(), wishes.seats as u32);
            tokio::spawn(async move {
                sleep(Duration::from_secs(10) * place / all).await;
                let took = phone.join(&code).await;
                (phone, took)
            })
        })
        .collect();
    let (mut joined, mut failed) = (Vec::new(), 0);
    for one in wave {
        let Ok((phone, took)) = one.await else { continue };
        match took {
            Ok(took) => {
                joined.push(took);
                phones.push(phone);
            }
            Err(_) => failed += 1,
        }
    }
    told(&format!("B3  a join, {} in ten seconds; {failed} failed", wishes.seats), joined);
    steer(&mut teacher, &code, "begin&mode=class&role=keeper").await?;
    steer(&mut teacher, &code, "open").await?;
    let shown = watch_projector(&server);
    let (cutter, cut) = watch::channel(0);
    let since = Instant::now();
    let heard = listen(&phones, &code, &cut);
    reconnected(&heard, 0, phones.len(), since).await;
    let full = resident(server.child.id());
    println!(
        "B5  memory: {} MB empty, {} MB at {} seats with streams, {} KiB a seat",
        empty / 1_024,
        full / 1_024,
        phones.len(),
        (full - empty) / phones.len() as u64
    );

    let mut key = 0;
    for over in [0, 3] {
        let (mut acknowledged, mut seen, mut failed) = (Vec::new(), Vec::new(), 0);
        for _ in 0..10 {
            key += 1;
            let (one, two, three) = vote(&mut phones, &code, key, Duration::from_secs(over), &shown).await;
            acknowledged.extend(one);
            seen.extend(two);
            failed += three;
        }
        told(&format!("B6  a vote recorded, all in {over} s; {failed} failed"), acknowledged);
        told(&format!("B7  the same on the projector, all in {over} s"), seen);
    }

    let since = Instant::now();
    phones.iter_mut().for_each(Phone::hang_up);
    cutter.send_replace(1);
    told("B8  back after all connections were lost", reconnected(&heard, 1, phones.len(), since).await);
    println!("B8  votes that changed meanwhile: {}", changed(&mut phones, &code, key).await);

    server.child.kill()?;
    server.child.wait()?;
    let since = Instant::now();
    cutter.send_replace(2);
    server = start(&wishes, folder, &server.address.to_string())?;
    told("B11 back on the same page after a restart", reconnected(&heard, 2, phones.len(), since).await);
    println!("B11 votes that changed meanwhile: {}", changed(&mut phones, &code, key).await);
    if wishes.soak > 0 {
        soak(&wishes, &server, &mut phones, &code, key).await;
    }
    Ok(())
}

/// A vote a minute by everybody, and the memory beside it.
async fn soak(wishes: &Wishes, server: &Server, phones: &mut Vec<Phone>, code: &str, mut key: u64) {
    let shown = watch_projector(server);
    for minute in 1..=wishes.soak {
        let (mut times, mut failed) = (Vec::new(), 0);
        for _ in 0..3 {
            key += 1;
            let (acknowledged, _, lost) = vote(phones, code, key, Duration::from_secs(15), &shown).await;
            times.extend(acknowledged);
            failed += lost;
            sleep(Duration::from_millis(4_400)).await;
        }
        told(&format!("B4  minute {minute}: {} MB; {failed} failed", resident(server.child.id()) / 1_024), times);
    }
}

fn main() -> io::Result<()> {
    let wishes = wishes();
    let folder = std::env::temp_dir().join(format!("petrograd-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(run(wishes, &folder));
    let _ = std::fs::remove_dir_all(&folder);
    done
}
