//! Seats a class over real HTTP, has it vote, sleep and come back, kills the server under it, and
//! prints how long everything took and what was lost. `docs/classroom.md` has the figures.
//!
//!     cargo build --release
//!     cargo run --release --example class_load -- [SEATS] [--soak MINUTES] [--program FILE]
//!
//! Or several classes at once, on an empty PostgreSQL behind two processes:
//!
//!     cargo run --release --example class_load -- [SEATS] --classes N --postgres URL

mod crowd;
mod figures;
mod phone;
mod server;
mod several;

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::sleep;

use crowd::{Shown, Voted, changed, listen, reconnected, vote, vote_and_tell, watch_projector};
use figures::{disk, resident, told};
use phone::Phone;
use server::{Server, steer};

struct Wishes {
    seats: usize,
    soak: u64,
    program: PathBuf,
    classes: usize,
    postgres: Option<String>,
}

fn wishes() -> Wishes {
    let program = PathBuf::from("target/release/petrograd");
    let mut wishes = Wishes { seats: 300, soak: 0, program, classes: 20, postgres: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--soak" => wishes.soak = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10),
            "--program" => wishes.program = arguments.next().map(PathBuf::from).unwrap_or_default(),
            "--classes" => wishes.classes = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(20),
            "--postgres" => wishes.postgres = arguments.next(),
            seats => wishes.seats = seats.parse().unwrap_or(300),
        }
    }
    wishes
}

fn start(wishes: &Wishes, folder: &Path, bind: &str) -> io::Result<Server> {
    let database = format!("sqlite:{}", folder.join("class.db").display());
    Server::start(&wishes.program, &database, wishes.seats, bind, &[])
}

async fn run(wishes: &Wishes, folder: &Path) -> io::Result<()> {
    let begun = Instant::now();
    let mut server = start(wishes, folder, "127.0.0.1:0")?;
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
    let shown = Shown::default();
    watch_projector(server.address, &code, &shown);
    let (cutter, cut) = watch::channel(0);
    let since = Instant::now();
    let heard = listen(&phones, &cut);
    reconnected(&heard, 0, phones.len(), since).await;
    let full = resident(server.child.id());
    println!(
        "B5  memory: {} MB empty, {} MB at {} seats with streams, {} KiB a seat",
        empty / 1_024,
        full / 1_024,
        phones.len(),
        (full - empty) / phones.len() as u64
    );

    let key = vote_and_tell(&mut phones, &shown, ["B6  a vote", "B7  the same on the projector"]).await;

    let since = Instant::now();
    phones.iter_mut().for_each(Phone::hang_up);
    cutter.send_replace(1);
    told("B8  back after all connections were lost", reconnected(&heard, 1, phones.len(), since).await);
    println!("B8  votes that changed meanwhile: {}", changed(&mut phones, key).await);

    server.child.kill()?;
    server.child.wait()?;
    let since = Instant::now();
    cutter.send_replace(2);
    server = start(wishes, folder, &server.address.to_string())?;
    told("B11 back on the same page after a restart", reconnected(&heard, 2, phones.len(), since).await);
    println!("B11 votes that changed meanwhile: {}", changed(&mut phones, key).await);
    if wishes.soak > 0 {
        soak(wishes, &server, &mut phones, key).await;
    }
    Ok(())
}

/// A vote every twenty seconds by everybody, and the memory beside it.
async fn soak(wishes: &Wishes, server: &Server, phones: &mut Vec<Phone>, mut key: u64) {
    let shown = Shown::default();
    watch_projector(server.address, &server.code, &shown);
    for minute in 1..=wishes.soak {
        let mut all = Voted::default();
        for _ in 0..3 {
            key += 1;
            all.add(vote(phones, key, Duration::from_secs(15), &shown).await);
            sleep(Duration::from_millis(4_200)).await;
        }
        let memory = resident(server.child.id()) / 1_024;
        told(&format!("B4  minute {minute}: {memory} MB; {} failed", all.failed), all.acknowledged);
    }
}

fn main() -> io::Result<()> {
    let wishes = wishes();
    let folder = std::env::temp_dir().join(format!("petrograd-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = match &wishes.postgres {
        Some(url) => runtime.block_on(several::run(&wishes, url)),
        None => runtime.block_on(run(&wishes, &folder)),
    };
    let _ = std::fs::remove_dir_all(&folder);
    done
}
