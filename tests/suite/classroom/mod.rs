//! The classroom: the real program over real HTTP.

mod alone; // everybody at their own pace
mod browser;
mod bundled; // the bundled story's lesson
mod caucus; // what groups have to themselves
mod client;
#[cfg(unix)]
mod cluster; // a PostgreSQL of the test's own
#[cfg(unix)]
mod foreign; // threats: in a browser, in a network
mod groups_seen; // a lesson in groups, as it looks
mod guests; // threats: who gets in
mod hostile; // threats: what is sent
mod kill; // the program is cut off
mod lesson; // from the door to the debriefing
mod matrix; // every route, every caller
mod pages; // lessons in a real browser
#[cfg(unix)]
mod postgres; // several processes
#[cfg(target_os = "linux")]
mod power; // the power is cut
mod replay; // the log leads where it led
mod restart; // the program is started again
mod secrets; // threats: what is kept from whom
mod server; // the program, serving
mod tls; // threat T18: what travels
mod writings; // what students write
