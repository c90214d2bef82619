//! What is told while a story is explored, and the way to stop it.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::catalogue::Catalogue;
use crate::prove::Told;
use crate::tr;

/// The first Ctrl-C asks for what is known so far; a second one ends the program.
pub fn stop_on_interrupt(told: &Arc<Told>) {
    let told = Arc::clone(told);
    let asked = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        use signal_hook::consts::SIGINT;
        // Where a handler can't be set, Ctrl-C ends the program, as everywhere.
        if signal_hook::flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&asked)).is_err() {
            return;
        }
        if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT]) {
            std::thread::spawn(move || {
                for _ in signals.forever() {
                    told.stop.store(true, Ordering::Relaxed);
                    asked.store(true, Ordering::Relaxed);
                }
            });
        }
    }
    #[cfg(not(unix))]
    let _ = (told, asked);
}

/// Does something, and tells on the terminal meanwhile how far it is.
pub fn telling<T>(told: &Told, terminal: bool, words: &Catalogue, work: impl FnOnce() -> T) -> T {
    if !terminal {
        return work();
    }
    let done = AtomicBool::new(false);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let teller = scope.spawn(|| {
            let mut shown = false;
            while !done.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_millis(200));
                if !done.load(Ordering::Relaxed) {
                    eprint!("\r\x1b[K{}", line(told, began.elapsed(), words));
                    let _ = std::io::stderr().flush();
                    shown = true;
                }
            }
            if shown {
                eprint!("\r\x1b[K");
            }
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        teller.thread().unpark();
        result
    })
}

fn line(told: &Told, since: Duration, words: &Catalogue) -> String {
    let [places, of] = told.places.each_ref().map(|count| count.load(Ordering::Relaxed));
    let states = told.states.load(Ordering::Relaxed);
    let rate = states as f64 / since.as_secs_f64().max(0.001) / 1e6;
    let mut line = tr!(
        words,
        "place {places} of {of}, {states} states, {rate} million a second, {megabytes} MiB",
        places = places,
        of = of,
        states = states,
        rate = format!("{rate:.1}"),
        megabytes = told.bytes.load(Ordering::Relaxed) >> 20
    );
    // How long the rest takes can be said once some of it is done.
    if places * 10 > of && places < of {
        let left = since.as_secs_f64() * (of - places) as f64 / places as f64;
        line.push_str(&format!(", {}", tr!(words, "about {n} s left", n = left.ceil() as u64)));
    }
    line
}
