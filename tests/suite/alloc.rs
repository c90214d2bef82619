//! A step of the core asks for no memory. Counted by thread, so that other tests can run beside.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use petrograd::engine::{Input, Seeded, Setup, State, advance, next_role, start, step};
use petrograd::story::{Sources, Story, load};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

fn built_in() -> Story {
    load(&Sources::built_in(), None).story.expect("the bundled story has no mistakes")
}

/// Plays the bundled story's first role, the last open offer each time; returns the inputs.
fn play(story: &Story, mut then: impl FnMut(&State, Input)) -> usize {
    let setup = Setup { roles: story.playable().take(1).collect(), seed: 1917, digest: false };
    let mut state = start(story, &setup);
    let mut offers = Vec::with_capacity(64);
    for inputs in 0..1000 {
        let Some(role) = next_role(story, &state, &mut offers) else { return inputs };
        let pick = offers.iter().rfind(|offer| offer.open).expect("a role that acts has something open").pick;
        let input = Input { role, pick };
        then(&state, input);
        advance(story, &mut state, input, &mut Seeded, &mut ()).expect("it was offered");
    }
    1000
}

#[test]
fn a_step_allocates_nothing() {
    let story = built_in();
    let before = ALLOCATIONS.get();
    let mut stepped = 0;
    let inputs = play(&story, |state, input| {
        let held = ALLOCATIONS.get();
        step(&story, state, input).expect("it was offered");
        stepped += ALLOCATIONS.get() - held;
    });
    assert!(inputs > 10, "{inputs} inputs are no play");
    assert_eq!(stepped, 0, "a step keeps the state it was given and makes another, without the heap");
    // The list of roles, and the list of offers, before the first step.
    assert!(ALLOCATIONS.get() - before <= 2, "{} allocations in {inputs} inputs", ALLOCATIONS.get() - before);
}

#[test]
fn what_allocates_is_counted() {
    let before = ALLOCATIONS.get();
    drop(std::hint::black_box(vec![1917_u32]));
    assert_eq!(ALLOCATIONS.get() - before, 1);
}
