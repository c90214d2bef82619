//! How fields are packed, and how the states of a control become numbers.

use super::cells::Data;
use super::controls::Controls;
use super::fields::FieldId;
use super::live::Live;

/// Where a field lies in packed data.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub(super) word: u16,
    pub(super) shift: u8,
    pub(super) mask: u64,
}

impl Slot {
    #[inline]
    pub(super) fn get<const W: usize>(self, data: &Data<W>) -> u64 {
        (data[usize::from(self.word)] >> self.shift) & self.mask
    }

    #[inline]
    pub(super) fn set<const W: usize>(self, data: &mut Data<W>, index: u64) {
        let word = &mut data[usize::from(self.word)];
        *word = (*word & !(self.mask << self.shift)) | (index << self.shift);
    }
}

/// How the states of a control become numbers.
#[derive(Clone, Debug)]
pub struct Shape<const W: usize> {
    /// What can be read.
    mask: Data<W>,
    /// Each field at its least.
    base: Data<W>,
    parts: Box<[Part]>,
    /// How many bits a state takes.
    pub bits: u32,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    word: u16,
    shift: u8,
    to: u8,
    mask: u64,
}

impl<const W: usize> Shape<W> {
    /// The number of a state, where it has one.
    #[inline]
    pub fn pack(&self, data: &Data<W>) -> u64 {
        let mut key = 0;
        for part in &self.parts {
            let word = usize::from(part.word);
            let offset = (data[word] & self.mask[word]).wrapping_sub(self.base[word] & self.mask[word]);
            key |= ((offset >> part.shift) & part.mask) << part.to;
        }
        key
    }

    /// The state of a number; what can't be read stands at its least.
    #[inline]
    pub fn unpack(&self, key: u64) -> Data<W> {
        let mut data = self.base;
        for part in &self.parts {
            data[usize::from(part.word)] += ((key >> part.to) & part.mask) << part.shift;
        }
        data
    }

    /// A state without what can't be read.
    pub fn forget(&self, data: &Data<W>) -> Data<W> {
        std::array::from_fn(|word| (data[word] & self.mask[word]) | (self.base[word] & !self.mask[word]))
    }
}

/// By field: where it lies in packed data, if it is ever live.
pub(super) fn slots(controls: &Controls, live: &Live) -> Vec<Option<Slot>> {
    let ever = &live.ever;
    let (mut word, mut used) = (0u16, 0u32);
    let place = |(index, field): (usize, &super::fields::DataField)| {
        ever.has(FieldId(index as u16)).then(|| {
            let width = bits(field.top);
            if used + width > 64 {
                word += 1;
                used = 0;
            }
            let slot = Slot { word, shift: used as u8, mask: (1u64 << width) - 1 };
            used += width;
            slot
        })
    };
    controls.fields.list.iter().enumerate().map(place).collect()
}

/// How many bits the numbers up to `top` take.
pub fn bits(top: u32) -> u32 {
    32 - top.leading_zeros()
}

/// The shape of the states of a control.
pub(super) fn shape<const W: usize>(
    controls: &Controls,
    slots: &[Option<Slot>],
    control: usize,
    live: &Live,
) -> Shape<W> {
    let ranges = &controls.list[control].ranges;
    let live = &live.controls[control];
    let mut shape = Shape { mask: [0; W], base: [0; W], parts: Box::default(), bits: 0 };
    let mut parts: Vec<Part> = Vec::new();
    for (index, slot) in slots.iter().enumerate() {
        let Some(slot) = slot else { continue };
        let field = FieldId(index as u16);
        let (low, high) = ranges.get(field);
        let word = usize::from(slot.word);
        shape.base[word] |= u64::from(low) << slot.shift;
        if !live.has(field) {
            continue;
        }
        shape.mask[word] |= slot.mask << slot.shift;
        let width = bits(high - low);
        if width == 0 {
            continue;
        }
        if shape.bits < 64 && shape.bits + width <= 64 {
            let to = shape.bits as u8;
            match parts.last_mut() {
                // Runs of whole fields that lie side by side move together.
                Some(last)
                    if last.word == slot.word
                        && u32::from(last.shift) + last.mask.count_ones() == u32::from(slot.shift)
                        && u32::from(last.to) + last.mask.count_ones() == u32::from(to) =>
                {
                    last.mask |= ((1u64 << width) - 1) << last.mask.count_ones();
                }
                _ => parts.push(Part { word: slot.word, shift: slot.shift, to, mask: (1u64 << width) - 1 }),
            }
        }
        shape.bits += width;
    }
    shape.parts = parts.into();
    shape
}
