//! The classroom: a teacher's laptop serves a story to everybody's browsers.
//!
//! A class is an append-only log ([`event`]); what it comes to ([`room`]) is a pure function of
//! it, and every screen is one of that and of who looks. Nothing that matters lives in a socket.

mod caucus; // what a group has to itself
pub mod command; // what can be asked of a class
pub mod count; // from ballots to what won
pub mod decided; // what was decided, in order
pub mod event; // the lines of a class's log
pub mod game; // the class's play and its turn
pub mod hall; // the classes of this process
mod names; // names in class
pub mod notes; // what students write
mod notify; // hints between processes
pub mod pages; // what people see
pub mod practice; // a vote on a trifle
pub mod reach; // addresses, and what stands in the way of phones
pub mod room; // a class as its log says
pub mod rows; // what stands beside the log
mod seats; // what the teacher may do with seats
pub mod secret; // tokens and codes
pub mod serve; // sockets
pub mod sitting; // seats and what else a class is made of
mod steer; // what the teacher may do
pub mod store; // where classes are kept
pub mod tls; // certificate and key
pub mod web; // what answers over HTTP
pub mod world; // the story in its languages
pub mod writer; // the one who writes
