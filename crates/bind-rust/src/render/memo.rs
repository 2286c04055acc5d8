//! What was written for an expression in some room. A layout is chosen by trying several, and
//! each tries several for what is inside: without this, every level of nesting would multiply
//! the work.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use syn::Expr;

use super::room::Room;

/// A node by its address, the room for it, and whether it stands as a statement.
type Key = (usize, Room, bool);

#[derive(Default)]
struct Memo {
    known: HashMap<Key, Option<String>, BuildHasherDefault<Mixer>>,
    /// How many trees are printed that do not live as long as the function around them.
    temporary: usize,
    /// How many functions are printed, one inside of the other.
    functions: usize,
}

/// A hash of few numbers that nobody chooses: looking up must not take longer than writing.
#[derive(Default)]
struct Mixer(u64);

impl Mixer {
    fn add(&mut self, number: u64) {
        // The odd number of the golden ratio spreads neighbours.
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.add(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }
}

thread_local! {
    static MEMO: RefCell<Memo> = RefCell::default();
}

/// The text of `expr` in `room`, written by `write` unless it was written before.
pub(super) fn of(
    expr: &Expr,
    room: Room,
    statement: bool,
    write: impl FnOnce() -> Option<String>,
) -> Option<String> {
    let key = (std::ptr::from_ref(expr).addr(), room, statement);
    let known = MEMO.with_borrow(|memo| {
        // An address says which node it is only as long as the node lives.
        let lives = memo.functions > 0 && memo.temporary == 0;
        lives.then(|| memo.known.get(&key).cloned())
    });
    match known {
        None => write(),
        Some(Some(text)) => text,
        Some(None) => {
            let text = write();
            MEMO.with_borrow_mut(|memo| memo.known.insert(key, text.clone()));
            text
        }
    }
}

/// Prints a function, whose tree lives for so long.
pub(super) fn function<T>(print: impl FnOnce() -> T) -> T {
    // What is printed inside of a temporary tree is a tree of its own.
    let temporary = MEMO.with_borrow_mut(|memo| {
        memo.functions += 1;
        std::mem::take(&mut memo.temporary)
    });
    let printed = print();
    MEMO.with_borrow_mut(|memo| {
        memo.functions -= 1;
        memo.temporary = temporary;
        memo.known.clear();
    });
    printed
}

/// Prints a tree that is gone right after.
pub(super) fn temporary<T>(print: impl FnOnce() -> T) -> T {
    MEMO.with_borrow_mut(|memo| memo.temporary += 1);
    let printed = print();
    MEMO.with_borrow_mut(|memo| memo.temporary -= 1);
    printed
}
