//! Strings, lists and maps, which lie in memory of their own: an address and a length.
//!
//! *Lower* leaves a value with its owner and is for arguments; *give* hands it over and is for
//! results, which are freed after the return; *lift* takes over what the host has written.

extern crate alloc as alloc_crate;

use super::memory::{Scratch, Word, free, length, parts, room, word};
use alloc_crate::boxed::Box;
use alloc_crate::string::String;
use alloc_crate::vec::Vec;

/// Size and alignment of an element in memory.
type Element = (usize, usize);

/// A list whose elements lie in memory as the ABI wants them; the bytes of a string are one.
#[inline]
pub fn lower_slice<T>(list: &[T]) -> [Word; 2] {
    [word(list.as_ptr()), length(list.len())]
}

/// Any other list, lowered into scratch memory.
#[inline]
pub fn lower_list<T>(
    list: &[T],
    (size, _): Element,
    scratch: &mut Scratch,
    mut each: impl FnMut(&T, *mut u8, &mut Scratch),
) -> [Word; 2] {
    let memory = scratch.room(list.len(), size);
    for (index, item) in list.iter().enumerate() {
        // SAFETY: there is room for every element.
        each(item, unsafe { memory.add(index * size) }, scratch);
    }
    [word(memory), length(list.len())]
}

/// The entries of a map, likewise.
#[inline]
pub fn lower_map<K, V>(
    (entries, len): (impl IntoIterator<Item = (K, V)>, usize),
    (size, _): Element,
    scratch: &mut Scratch,
    mut each: impl FnMut(K, V, *mut u8, &mut Scratch),
) -> [Word; 2] {
    let memory = scratch.room(len, size);
    let mut count = 0;
    // A map that yields more than it says must not write behind the room.
    for (key, value) in entries.into_iter().take(len) {
        // SAFETY: there is room for every element.
        each(key, value, unsafe { memory.add(count * size) }, scratch);
        count += 1;
    }
    [word(memory), length(count)]
}

/// A string, handed over.
#[inline]
#[must_use]
pub fn give_string(string: String) -> [Word; 2] {
    give_slice(string.into_bytes())
}

/// A list whose elements lie in memory as the ABI wants them, handed over.
#[inline]
#[must_use]
pub fn give_slice<T>(list: Vec<T>) -> [Word; 2] {
    // What is freed is as long as the list, so there must be no room behind it.
    let list = Box::leak(list.into_boxed_slice());
    [word(list.as_ptr()), length(list.len())]
}

/// Any other list, handed over in memory of its own.
#[inline]
pub fn give_list<T>(list: Vec<T>, element: Element, mut each: impl FnMut(T, *mut u8)) -> [Word; 2] {
    let len = list.len();
    let memory = room(len, element);
    for (index, item) in list.into_iter().enumerate() {
        // SAFETY: there is room for every element.
        each(item, unsafe { memory.add(index * element.0) });
    }
    [word(memory), length(len)]
}

/// The entries of a map, likewise.
///
/// # Panics
///
/// The map has more or fewer entries than it says.
#[inline]
pub fn give_map<K, V>(
    (entries, len): (impl IntoIterator<Item = (K, V)>, usize),
    element: Element,
    mut each: impl FnMut(K, V, *mut u8),
) -> [Word; 2] {
    let memory = room(len, element);
    let mut count = 0;
    for (key, value) in entries.into_iter().take(len) {
        // SAFETY: there is room for every element.
        each(key, value, unsafe { memory.add(count * element.0) });
        count += 1;
    }
    // What is freed is as long as what was allocated.
    assert_eq!(count, len, "a map has as many entries as it says");
    [word(memory), length(len)]
}

/// A string that the host wrote.
///
/// # Safety
///
/// There are as many bytes at the address, of UTF-8, and nobody else owns them.
///
/// # Panics
///
/// They are something else, in a debug build.
#[inline]
#[must_use]
pub unsafe fn lift_string(string: [Word; 2]) -> String {
    // SAFETY: the caller's promise.
    let bytes = unsafe { lift_slice::<u8>(string) };
    if cfg!(debug_assertions) {
        return String::from_utf8(bytes).expect("the host writes UTF-8");
    }
    // SAFETY: the canonical ABI has the host check it.
    unsafe { String::from_utf8_unchecked(bytes) }
}

/// A list whose elements lie in memory as Rust wants them, whatever their bits are.
///
/// # Safety
///
/// There are as many elements at the address, and nobody else owns them.
#[inline]
#[must_use]
pub unsafe fn lift_slice<T>(list: [Word; 2]) -> Vec<T> {
    let (memory, len) = parts(list);
    if len == 0 {
        // Nothing was allocated, and the address may be any.
        return Vec::new();
    }
    #[expect(clippy::same_length_and_capacity, reason = "that is what the host allocates")]
    // SAFETY: the host allocated for these elements, no more and no less.
    unsafe {
        Vec::from_raw_parts(memory.cast(), len, len)
    }
}

/// Any other list: elements are lifted, and its memory is freed.
///
/// # Safety
///
/// There are as many elements of this size and alignment at the address, and nobody else owns
/// them.
#[inline]
pub unsafe fn lift_list<T>(
    list: [Word; 2],
    (size, align): Element,
    mut each: impl FnMut(*mut u8) -> T,
) -> Vec<T> {
    let (memory, len) = parts(list);
    // SAFETY: elements are in the list.
    let items = (0..len).map(|index| each(unsafe { memory.add(index * size) })).collect();
    // SAFETY: the caller's promise.
    unsafe { free(memory, len * size, align) };
    items
}

/// The entries of a map, likewise, into whatever `push` fills.
///
/// # Safety
///
/// As [`lift_list`].
#[inline]
pub unsafe fn lift_map<M>(
    list: [Word; 2],
    (size, align): Element,
    new: impl FnOnce(usize) -> M,
    mut push: impl FnMut(&mut M, *mut u8),
) -> M {
    let (memory, len) = parts(list);
    let mut map = new(len);
    for index in 0..len {
        // SAFETY: the entry is in the list.
        push(&mut map, unsafe { memory.add(index * size) });
    }
    // SAFETY: the caller's promise.
    unsafe { free(memory, len * size, align) };
    map
}
