//! Rows: in each column of a lane its blocks are placed near what they are joined to, so that few
//! ways cross.

/// A place, or a hub's storylets together: so many columns wide and rows high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its first column, in the lane.
    pub column: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// How often the rows are gone over: more changes little on stories of a thousand scenes.
const SWEEPS: usize = 8;

/// Rows of the blocks of a lane, which `ways` join, and how many rows there are. The same blocks
/// give the same rows.
pub fn rows(blocks: &[Block], ways: &[(usize, usize)]) -> (Vec<usize>, usize) {
    let mut joined = vec![Vec::new(); blocks.len()];
    for &(from, to) in ways.iter().filter(|(from, to)| from != to) {
        joined[from].push(to);
        joined[to].push(from);
    }
    let height = tallest(blocks);
    let mut best: Option<((usize, usize), Vec<usize>, usize)> = None;
    let mut rows: Vec<Option<usize>> = vec![None; blocks.len()];
    for sweep in 0..SWEEPS {
        let (placed, used) = place(blocks, &joined, &rows, height, sweep % 2 == 1);
        let cost = cost(blocks, ways, &placed);
        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
            best = Some((cost, placed.clone(), used));
        }
        rows = placed.into_iter().map(Some).collect();
    }
    let Some((_, mut rows, used)) = best.filter(|_| !blocks.is_empty()) else { return (Vec::new(), 1) };
    // What begins further down than it must is drawn up.
    let empty = rows.iter().copied().min().unwrap_or(0);
    rows.iter_mut().for_each(|row| *row -= empty);
    (rows, used - empty)
}

/// The most rows that any column asks for.
fn tallest(blocks: &[Block]) -> usize {
    let columns = blocks.iter().map(|block| block.column + block.width).max().unwrap_or(0);
    let mut load = vec![0; columns];
    for block in blocks {
        load[block.column..block.column + block.width].iter_mut().for_each(|rows| *rows += block.height);
    }
    load.into_iter().max().unwrap_or(1)
}

/// Places column by column, from the left or from the right, each block in the free rows nearest
/// to the middle of those it is joined to.
fn place(
    blocks: &[Block],
    joined: &[Vec<usize>],
    before: &[Option<usize>],
    height: usize,
    from_right: bool,
) -> (Vec<usize>, usize) {
    let mut rows: Vec<Option<usize>> = vec![None; blocks.len()];
    let mut taken: Vec<Vec<bool>> = Vec::new();
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|&block| {
        (if from_right { usize::MAX - blocks[block].column } else { blocks[block].column }, block)
    });
    let mut used = height;
    for column in order.chunk_by(|a, b| blocks[*a].column == blocks[*b].column) {
        let mut wished: Vec<(f64, usize)> =
            column.iter().map(|&block| (wish(blocks, block, joined, &rows, before, height), block)).collect();
        wished.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (wish, block) in wished {
            let row = free(&taken, &blocks[block], wish, height);
            rows[block] = Some(row);
            used = used.max(row + blocks[block].height);
            let end = blocks[block].column + blocks[block].width;
            taken.resize(taken.len().max(end), Vec::new());
            for column in &mut taken[blocks[block].column..end] {
                column.resize(column.len().max(row + blocks[block].height), false);
                column[row..row + blocks[block].height].fill(true);
            }
        }
    }
    (rows.into_iter().map(Option::unwrap_or_default).collect(), used)
}

/// The row at which a block would lie straight: the middle of what it is joined to, as far as that
/// was placed in this sweep, else where it lay before; else the middle of the lane.
fn wish(
    blocks: &[Block],
    block: usize,
    joined: &[Vec<usize>],
    rows: &[Option<usize>],
    before: &[Option<usize>],
    height: usize,
) -> f64 {
    let own = blocks[block].height as f64 / 2.0;
    let middle = |other: usize, row: usize| row as f64 + blocks[other].height as f64 / 2.0;
    let now: Vec<f64> = joined[block].iter().filter_map(|&other| rows[other].map(|row| middle(other, row))).collect();
    let then = || joined[block].iter().filter_map(|&other| before[other].map(|row| middle(other, row))).collect();
    let near: Vec<f64> = if now.is_empty() { then() } else { now };
    let middle = if near.is_empty() { height as f64 / 2.0 } else { near.iter().sum::<f64>() / near.len() as f64 };
    middle - own
}

/// The free row nearest to a wish where a block fits; below all others where none does.
fn free(taken: &[Vec<bool>], block: &Block, wish: f64, height: usize) -> usize {
    let columns = taken.get(block.column..taken.len().min(block.column + block.width)).unwrap_or_default();
    let fits = |row: &usize| {
        columns.iter().all(|column| (*row..*row + block.height).all(|row| !column.get(row).copied().unwrap_or(false)))
    };
    let within = (0..=height.saturating_sub(block.height)).filter(fits);
    let distance = |row: &usize| (*row as f64 - wish).abs();
    let nearest = within.min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.or_else(|| (0..).find(fits)).unwrap_or(0)
}

/// How many ways cross, then how far they go up and down.
fn cost(blocks: &[Block], ways: &[(usize, usize)], rows: &[usize]) -> (usize, usize) {
    let steep = ways.iter().map(|&(from, to)| rows[from].abs_diff(rows[to])).sum();
    let lines: Vec<(usize, usize, usize, usize)> =
        ways.iter().map(|&(from, to)| (blocks[from].column, blocks[to].column, rows[from], rows[to])).collect();
    let mut sorted = lines;
    sorted.sort_unstable();
    let crosses = |a: &(usize, usize, usize, usize), b: &(usize, usize, usize, usize)| {
        (a.2 < b.2 && a.3 > b.3) || (a.2 > b.2 && a.3 < b.3)
    };
    let mut crossings = 0;
    for group in sorted.chunk_by(|a, b| a.0 == b.0 && a.1 == b.1) {
        for (index, a) in group.iter().enumerate() {
            crossings += group[index + 1..].iter().filter(|b| crosses(a, b)).count();
        }
    }
    (crossings, steep)
}

#[cfg(test)]
mod tests {
    use super::{Block, rows};

    fn single(column: usize) -> Block {
        Block { column, width: 1, height: 1 }
    }

    #[test]
    fn ways_that_need_not_cross_do_not() {
        // a and b lead to d and c: the later ones change places.
        let blocks = [single(0), single(0), single(1), single(1)];
        let (rows, used) = rows(&blocks, &[(0, 3), (1, 2)]);
        assert_eq!(used, 2);
        assert_eq!((rows[0] < rows[1], rows[3] < rows[2]), (true, true), "{rows:?}");
    }

    #[test]
    fn a_wide_block_keeps_its_rows_free() {
        let blocks = [single(0), Block { column: 1, width: 2, height: 3 }, single(2), single(3)];
        let (rows, used) = rows(&blocks, &[(0, 1), (0, 2), (1, 3)]);
        let within = rows[1]..rows[1] + 3;
        assert!(!within.contains(&rows[2]) && used == 4, "{rows:?}");
        assert_eq!(rows, super::rows(&blocks, &[(0, 1), (0, 2), (1, 3)]).0, "always the same");
    }

    #[test]
    fn a_lane_may_be_empty() {
        assert_eq!(rows(&[], &[]).1, 1);
    }
}
