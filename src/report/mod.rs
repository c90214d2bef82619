//! The comparison as text, as a page, as JSON.
