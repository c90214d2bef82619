//! Figures: what was measured, and how it is told.

use std::time::Duration;

/// The middle, the ninety-ninth of a hundred, and the worst.
pub fn told(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1)));
    let ms = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
    let (p50, p99, max) = (ms(at(0.5)), ms(at(0.99)), ms(times.last()));
    println!("{name:<44} n {:>6}   p50 {p50:>8.1} ms   p99 {p99:>8.1} ms   max {max:>8.1} ms", times.len());
}

/// Kilobytes that a process holds in memory.
pub fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// How long the disk takes to keep a page, a hundred times: the floor under every vote.
pub fn disk(folder: &std::path::Path) -> Vec<Duration> {
    use std::io::Write;
    let path = folder.join("sync");
    let Ok(mut file) = std::fs::File::create(&path) else { return Vec::new() };
    let one = |_| {
        let begun = std::time::Instant::now();
        let _ = file.write_all(&[7; 4_096]).and_then(|()| file.sync_data());
        begun.elapsed()
    };
    let times = (0..100).map(one).collect();
    let _ = std::fs::remove_file(path);
    times
}
