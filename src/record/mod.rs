//! A play held against what happened.
