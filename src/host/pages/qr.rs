//! A code that phones read: as a picture for pages, as blocks for a terminal.

use maud::Markup;
use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

use super::raw;

fn code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::M).ok()
}

/// As a picture; dark on light whatever the page's colours are.
pub fn picture(text: &str) -> Option<Markup> {
    let drawn = code(text)?.render::<svg::Color<'_>>().quiet_zone(true).min_dimensions(200, 200).build();
    // The declaration in front is for files, not for pages.
    drawn.find("<svg").map(|begin| raw(drawn[begin..].to_owned()))
}

/// As lines of half blocks.
pub fn blocks(text: &str) -> Option<String> {
    Some(code(text)?.render::<unicode::Dense1x2>().quiet_zone(true).build())
}
