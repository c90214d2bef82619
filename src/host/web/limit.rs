//! Guesses at join codes. A school is one address, so browsers are counted, not addresses; an
//! address gets no more new browsers than two schools have.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::host::secret;

/// Wrong codes that a browser may try.
const MISSES: u32 = 20;
/// Browsers that an address may have in a window.
const BROWSERS: u32 = 600;
/// After so long everything is forgotten.
const WINDOW: Duration = Duration::from_secs(600);
/// The longest that a wrong code waits for its answer.
const DELAY: Duration = Duration::from_millis(1_500);
/// Browsers and addresses that are remembered.
const MOST: usize = 20_000;

#[derive(Debug)]
struct Counted {
    since: Instant,
    browsers: HashMap<String, u32>,
    addresses: HashMap<IpAddr, (u32, u32)>,
}

/// Guesses at join codes.
#[derive(Debug)]
pub struct Guesses(Mutex<Counted>);

impl Default for Guesses {
    fn default() -> Guesses {
        let counted = Counted { since: Instant::now(), browsers: HashMap::new(), addresses: HashMap::new() };
        Guesses(Mutex::new(counted))
    }
}

impl Guesses {
    fn with<T>(&self, look: impl FnOnce(&mut Counted) -> T) -> T {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.since.elapsed() > WINDOW {
            counted.since = Instant::now();
            counted.browsers.clear();
            counted.addresses.clear();
        }
        look(&mut counted)
    }

    /// Whether this browser may try another code; one without a mark is counted by its address.
    pub fn may_guess(&self, browser: Option<&str>, address: IpAddr) -> bool {
        self.with(|counted| match browser {
            Some(browser) => counted.browsers.get(browser).is_none_or(|misses| *misses < MISSES),
            None => counted.addresses.get(&address).is_none_or(|(_, misses)| *misses < MISSES * 10),
        })
    }

    /// It tried a wrong one.
    pub fn miss(&self, browser: Option<&str>, address: IpAddr) {
        self.with(|counted| {
            let is_known = browser.is_some_and(|browser| counted.browsers.contains_key(browser));
            if let Some(browser) = browser.filter(|_| is_known || counted.browsers.len() < MOST) {
                *counted.browsers.entry(browser.to_owned()).or_insert(0) += 1;
            }
            if counted.addresses.len() < MOST || counted.addresses.contains_key(&address) {
                counted.addresses.entry(address).or_insert((0, 0)).1 += 1;
            }
        });
    }

    /// How long a wrong code waits for its answer: longer with each from the same address.
    pub fn delay(&self, address: IpAddr) -> Duration {
        let misses = self.with(|counted| counted.addresses.get(&address).map_or(0, |(_, misses)| *misses));
        DELAY.min(Duration::from_millis(u64::from(misses) * 20))
    }

    /// A mark for a browser that has none, unless its address has had too many.
    pub fn new_browser(&self, address: IpAddr) -> Option<String> {
        self.with(|counted| {
            if counted.addresses.len() >= MOST && !counted.addresses.contains_key(&address) {
                return None;
            }
            let given = &mut counted.addresses.entry(address).or_insert((0, 0)).0;
            *given += 1;
            (*given <= BROWSERS).then(secret::token)
        })
    }
}
