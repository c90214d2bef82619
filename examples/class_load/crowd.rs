//! Everybody at once: they vote, they listen, they are looked at.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::figures::told;
use super::phone::{Ear, Phone};

pub const OPTIONS: [&str; 3] = ["wait", "fetch", "send"];

/// When the projector of a class first showed a line of it or a later one.
pub type Shown = Arc<Mutex<BTreeMap<(String, u64), Instant>>>;

/// Watches the projector of a class.
pub fn watch_projector(address: SocketAddr, code: &str, shown: &Shown) {
    let (frames, code) = (shown.clone(), code.to_owned());
    tokio::spawn(async move {
        let mut phone = Phone::new(address);
        let Ok(mut ear) = Ear::open(&mut phone, &format!("/p/{code}/stream")).await else { return };
        while let Ok((name, seq)) = ear.next().await {
            if name == "view"
                && let Ok(mut frames) = frames.lock()
            {
                frames.insert((code.clone(), seq), Instant::now());
            }
        }
    });
}

/// What came of a vote: until acknowledged, until the projector showed it, how many failed.
#[derive(Debug, Default)]
pub struct Voted {
    pub acknowledged: Vec<Duration>,
    pub shown: Vec<Duration>,
    pub failed: usize,
}

impl Voted {
    pub fn add(&mut self, other: Voted) {
        self.acknowledged.extend(other.acknowledged);
        self.shown.extend(other.shown);
        self.failed += other.failed;
    }
}

/// Everybody votes ten times at once and ten times within three seconds, and what it took is told
/// under these names. The number of the last vote.
pub async fn vote_and_tell(phones: &mut Vec<Phone>, shown: &Shown, [recorded, projected]: [&str; 2]) -> u64 {
    let mut key = 0;
    for over in [0, 3] {
        let mut all = Voted::default();
        for _ in 0..10 {
            key += 1;
            all.add(vote(phones, key, Duration::from_secs(over), shown).await);
        }
        told(&format!("{recorded} recorded, all in {over} s; {} failed", all.failed), all.acknowledged);
        told(&format!("{projected}, all in {over} s"), all.shown);
    }
    key
}

/// Everybody votes once, spread over a time, each in their own class.
pub async fn vote(phones: &mut Vec<Phone>, key: u64, over: Duration, shown: &Shown) -> Voted {
    let all = phones.len() as u32;
    let sending = phones.drain(..).zip(0u32..).map(|(mut phone, place)| {
        tokio::spawn(async move {
            sleep(over * place / all).await;
            let begun = Instant::now();
            let option = OPTIONS[(place as usize + key as usize) % 3];
            let seq = timeout(Duration::from_secs(20), phone.vote(1, key, option)).await;
            (phone, begun, begun.elapsed(), seq)
        })
    });
    let sent: Vec<_> = sending.collect();
    let (mut voted, mut sequences) = (Voted::default(), Vec::new());
    for one in sent {
        let Ok((phone, begun, took, seq)) = one.await else { continue };
        match seq {
            Ok(Ok(seq)) => {
                voted.acknowledged.push(took);
                sequences.push((begun, phone.code.clone(), seq));
            }
            _ => voted.failed += 1,
        }
        phones.push(phone);
    }
    sleep(Duration::from_millis(800)).await;
    let frames = shown.lock().map(|frames| frames.clone()).unwrap_or_default();
    let seen = |(begun, code, seq): (Instant, String, u64)| {
        let (_, at) = frames.range((code.clone(), seq)..=(code, u64::MAX)).next()?;
        Some(at.saturating_duration_since(begun))
    };
    voted.shown = sequences.into_iter().filter_map(seen).collect();
    voted
}

/// Everybody listens; whoever's stream ends asks again, as the page's script does.
pub fn listen(phones: &[Phone], cut: &watch::Receiver<u32>) -> Arc<Mutex<Vec<(u32, Instant)>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    for phone in phones {
        let (mut phone, heard, mut cut) = (phone.twin(), heard.clone(), cut.clone());
        tokio::spawn(async move {
            let path = format!("/s/{}/stream", phone.code);
            let mut pause = Duration::from_millis(500);
            loop {
                let time = *cut.borrow_and_update();
                if let Ok(mut ear) = Ear::open(&mut phone, &path).await {
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

/// How long each took to hear again, the so many-th time that all were cut off.
pub async fn reconnected(heard: &Mutex<Vec<(u32, Instant)>>, time: u32, all: usize, since: Instant) -> Vec<Duration> {
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
pub async fn changed(phones: &mut [Phone], key: u64) -> usize {
    let mut wrong = 0;
    for (place, phone) in phones.iter_mut().enumerate() {
        let option = OPTIONS[(place + key as usize) % 3];
        let page = phone.get(&format!("/s/{}", phone.code)).await.map(|page| page.body).unwrap_or_default();
        // As the page writes it: this option, and that it is the one.
        wrong += usize::from(!page.contains(&format!("value=\"{option}\" aria-pressed=\"true\"")));
    }
    wrong
}
