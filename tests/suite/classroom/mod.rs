//! The classroom: the real program over real HTTP.

mod alone; // everybody at their own pace
mod browser;
mod bundled; // the bundled story's lesson
mod caucus; // what groups have to themselves
mod client;
mod groups_seen; // a lesson in groups, as it looks
mod guests; // threats: who gets in
mod hostile; // threats: what is sent
mod kill; // the program is cut off
mod lesson; // from the door to the debriefing
mod matrix; // every route, every caller
mod pages; // lessons in a real browser
#[cfg(unix)]
mod postgres; // several processes
mod replay; // the log leads where it led
mod secrets; // threats: what is kept from whom
mod server;
mod tls; // threat T18: what travels
mod writings; // what students write
