//! Where each place is drawn: columns by date, lanes by role, hinges across the lanes, a hub and
//! its storylets in one block. The same story always lies the same.

use std::collections::BTreeMap;

use super::chart::Chart;
use super::columns::{Blocks, blocks};
use super::dates::{dates, is_dated};
use super::place::{Block, rows};
use crate::calendar::{Day, month_name};
use crate::catalogue::Catalogue;
use crate::engine::Place;
use crate::story::model::Story;
use crate::tr;

/// A box's width and height, and the space between boxes, in user units.
pub const WIDTH: f64 = 184.0;
/// See [`WIDTH`].
pub const HEIGHT: f64 = 60.0;
const BETWEEN: f64 = 72.0;
const BELOW: f64 = 18.0;
/// Columns of a band, in a story without dates.
const STEPS: usize = 10;

/// A rectangle, in user units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// A month, or what stands for one.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// What it is called.
    pub title: String,
    /// Where it lies; as high as the picture.
    pub rect: Rect,
}

/// A role's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Whose it is; empty where there are no roles.
    pub title: String,
    /// Where it lies; as wide as the picture.
    pub rect: Rect,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The whole, without headings.
    pub size: (f64, f64),
    /// By node.
    pub boxes: Vec<Rect>,
    /// From left to right.
    pub bands: Vec<Band>,
    /// From top to bottom.
    pub lanes: Vec<Lane>,
    /// Around the storylets of a hub, with its node.
    pub frames: Vec<(usize, Rect)>,
    /// By node: the day on which it is come to at the earliest, where that is known.
    pub days: Vec<Option<Day>>,
    /// By node: its band.
    pub band_of: Vec<usize>,
}

/// Lays a chart out.
pub fn layout(story: &Story, chart: &Chart, words: &Catalogue) -> Layout {
    let days = dates(story, chart);
    let columns = blocks(story, chart, &days);
    let Blocks { members, column, .. } = &columns;
    let mut boxes = vec![Rect::default(); chart.nodes.len()];
    let (mut lanes, mut frames, mut top) = (Vec::new(), Vec::new(), 0.0);
    for &role in &chart.roles {
        let own: Vec<usize> =
            (0..members.len()).filter(|&block| chart.nodes[members[block][0]].role == Some(role)).collect();
        let shapes: Vec<Block> = own.iter().map(|&block| shape(column[block], members[block].len())).collect();
        let number: BTreeMap<usize, usize> = own.iter().enumerate().map(|(at, block)| (*block, at)).collect();
        let ways: Vec<(usize, usize)> =
            columns.ways.iter().filter_map(|(from, to)| Some((*number.get(from)?, *number.get(to)?))).collect();
        let (rows, used) = rows(&shapes, &ways);
        for (shape, (&block, row)) in shapes.iter().zip(own.iter().zip(rows)) {
            let frame = put(&mut boxes, &members[block], shape, row, top);
            frames.extend(frame.map(|frame| (members[block][0], frame)));
        }
        let rect = Rect { x: 0.0, y: top, w: 0.0, h: used as f64 * (HEIGHT + BELOW) + BELOW };
        lanes.push(Lane { title: story.roles[role.index()].name.clone(), rect });
        top += rect.h;
    }
    let width = columns.count as f64 * (WIDTH + BETWEEN);
    lanes.iter_mut().for_each(|lane| lane.rect.w = width);
    for (node, at) in columns.hinges(chart) {
        let lanes = reach(story, chart, node, &lanes);
        boxes[node] = Rect { x: left(at), y: lanes.0 + BELOW, w: WIDTH, h: lanes.1 - lanes.0 - BELOW };
    }
    let (bands, band_of) = bands(story, chart, &columns, words, top);
    Layout { size: (width, top), boxes, bands, lanes, frames, days, band_of }
}

fn left(column: usize) -> f64 {
    column as f64 * (WIDTH + BETWEEN) + BETWEEN / 2.0
}

/// Rows of so many storylets: their block is about as wide as it is high.
fn high(storylets: usize) -> usize {
    ((3.0 * storylets as f64).sqrt().ceil() as usize).clamp(1, storylets.max(1))
}

/// The columns that a block takes.
pub fn wide(members: usize) -> usize {
    1 + (members - 1).div_ceil(high(members - 1))
}

fn shape(column: usize, members: usize) -> Block {
    Block { column, width: wide(members), height: high(members - 1) }
}

/// Puts the members of a block: the first in its middle, the others beside it, in a frame.
fn put(boxes: &mut [Rect], members: &[usize], shape: &Block, row: usize, top: f64) -> Option<Rect> {
    let at = |column: usize, row: f64| Rect {
        x: left(column),
        y: top + BELOW + row * (HEIGHT + BELOW),
        w: WIDTH,
        h: HEIGHT,
    };
    boxes[members[0]] = at(shape.column, row as f64 + (shape.height - 1) as f64 / 2.0);
    for (number, &member) in members[1..].iter().enumerate() {
        boxes[member] = at(shape.column + 1 + number / shape.height, (row + number % shape.height) as f64);
    }
    let first = boxes[*members.get(1)?];
    let last = at(shape.column + shape.width - 1, (row + shape.height - 1) as f64);
    let room = BELOW / 2.0;
    Some(Rect {
        x: first.x - room,
        y: first.y - room,
        w: last.x + last.w - first.x + BELOW,
        h: last.y + last.h - first.y + BELOW,
    })
}

/// Top and bottom of the lanes whose roles have a side at a hinge.
fn reach(story: &Story, chart: &Chart, node: usize, lanes: &[Lane]) -> (f64, f64) {
    let Place::Hinge(hinge) = chart.nodes[node].place else { return (0.0, HEIGHT) };
    let sides = &story.sides[story.hinges[hinge.index()].sides.range()];
    let own = |lane: &(usize, &Lane)| sides.iter().any(|side| side.role == chart.roles[lane.0]);
    let spans = || lanes.iter().enumerate().filter(own).map(|(_, lane)| lane.rect);
    let top = spans().map(|rect| rect.y).reduce(f64::min).unwrap_or(0.0);
    let bottom = spans().map(|rect| rect.y + rect.h).reduce(f64::max);
    (top, bottom.unwrap_or_else(|| lanes.last().map_or(HEIGHT, |lane| lane.rect.y + lane.rect.h)))
}

/// The months from left to right, and by node the one that it lies in.
fn bands(story: &Story, chart: &Chart, columns: &Blocks, words: &Catalogue, height: f64) -> (Vec<Band>, Vec<usize>) {
    let dated = is_dated(story);
    let mut bands: Vec<Band> = Vec::new();
    let mut starts: Vec<(usize, Option<(i32, u32)>)> = Vec::new();
    for column in 0..columns.count {
        let key = if dated { columns.months[column] } else { Some(((column / STEPS) as i32, 0)) };
        if starts.last().is_none_or(|(_, last)| *last != key) {
            starts.push((column, key));
            let title = match key {
                None => tr!(words, "not dated"),
                Some((step, 0)) => tr!(words, "from step {n}", n = step as usize * STEPS + 1),
                Some((year, month)) => format!("{} {year}", month_name(words.language(), month)),
            };
            bands.push(Band { title, rect: Rect { x: 0.0, y: 0.0, w: 0.0, h: height } });
        }
    }
    for (number, band) in bands.iter_mut().enumerate() {
        let end = starts.get(number + 1).map_or(columns.count, |(column, _)| *column);
        let unit = WIDTH + BETWEEN;
        band.rect.x = starts[number].0 as f64 * unit;
        band.rect.w = (end - starts[number].0) as f64 * unit;
    }
    let of = |node: usize| starts.partition_point(|(column, _)| *column <= columns.column_of(node)).saturating_sub(1);
    (bands, (0..chart.nodes.len()).map(of).collect())
}
