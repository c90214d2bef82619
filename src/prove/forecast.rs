//! What states will cost, before they are explored: the line that helps an author most whose story
//! has become too big to prove.

use super::controls::Controls;
use super::fields::FieldId;
use super::live::Live;
use super::order::Order;
use super::shape::bits;
use crate::story::model::Story;

/// What states cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forecast {
    /// How many combinations there are of where roles stand, the day and what happened.
    pub places: usize,
    /// Bits of the variables and what is remembered, as they are declared.
    pub declared: u32,
    /// The same, values counted in the steps by which they move.
    pub stepped: u32,
    /// The same at the widest place, without what nothing reads any more.
    pub live: u32,
    /// The same within the bounds that plays keep to there.
    pub bounded: u32,
    /// Where that is.
    pub widest: String,
    /// What costs most, dearest first.
    pub dear: Vec<Dear>,
}

/// A variable that costs much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dear {
    /// What an author calls it.
    pub name: String,
    /// Bits, where it takes most.
    pub bits: u32,
    /// In how many combinations of place, day and events it is remembered.
    pub places: usize,
    /// Where it is read last.
    pub last: String,
}

/// The dearest variables are told, so many.
const TOLD: usize = 5;

impl Forecast {
    pub(super) fn of(story: &Story, controls: &Controls, order: &Order, live: &Live) -> Forecast {
        let fields = &controls.fields;
        let mut forecast = Forecast { places: controls.list.len(), ..Forecast::default() };
        for field in &fields.list {
            forecast.declared += bits((i64::from(field.top) * field.unit).clamp(0, u32::MAX.into()) as u32);
            forecast.stepped += bits(field.top);
        }
        let name = |control: usize| super::run::place(story, &controls.roles, &controls.list[control].state);
        for (control, (declared, live)) in controls.list.iter().zip(&live.controls).enumerate() {
            let bounded = live.iter().map(|field| width(declared.ranges.get(field))).sum();
            let free = live.iter().map(|field| bits(fields.get(field).top)).sum();
            if bounded > forecast.bounded || forecast.widest.is_empty() {
                (forecast.bounded, forecast.live, forecast.widest) = (bounded, free, name(control));
            }
        }
        // From the ends backward: the first control in which a field is live is the last that reads it.
        let mut dear: Vec<(u64, FieldId, u32, usize, u32)> = Vec::new();
        for field in (0..fields.len()).map(|index| FieldId(index as u16)) {
            let (mut sum, mut most, mut places, mut last) = (0u64, 0, 0, None);
            for &control in order.parts().flatten() {
                if live.controls[control as usize].has(field) {
                    let bits = width(controls.list[control as usize].ranges.get(field));
                    (sum, most) = (sum + u64::from(bits), most.max(bits));
                    places += usize::from(bits > 0);
                    last = last.or(Some(control));
                }
            }
            if let (Some(last), true) = (last, sum > 0) {
                dear.push((sum, field, most, places, last));
            }
        }
        dear.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let told = dear.into_iter().take(TOLD).map(|(_, field, bits, places, last)| Dear {
            name: fields.name(story, field),
            bits,
            places,
            last: name(last as usize),
        });
        forecast.dear = told.collect();
        forecast
    }
}

fn width((low, high): (u32, u32)) -> u32 {
    bits(high - low)
}
