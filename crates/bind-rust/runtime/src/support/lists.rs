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

#[cfg(test)]
mod tests {
    use super::super::memory::{free_list, free_slice, read, write};
    use super::*;
    use crate::Map;
    use alloc_crate::borrow::ToOwned;
    use alloc_crate::vec;

    /// A pair of words, as these tests lay strings out in memory.
    const PAIR: Element = (size_of::<[Word; 2]>(), align_of::<[Word; 2]>());

    #[test]
    fn what_is_given_is_lifted() {
        let names = vec!["one".to_owned(), String::new(), "three".to_owned()];
        // SAFETY: there is room for a pair of words, which is what is read.
        let lifted: Vec<String> = unsafe {
            let list =
                give_list(names.clone(), PAIR, |name, base| write(base, 0, give_string(name)));
            lift_list(list, PAIR, |base| lift_string(read(base, 0)))
        };
        assert_eq!(lifted, names);
    }

    #[test]
    fn what_is_given_can_be_freed_instead() {
        // SAFETY: as above, and nobody else knows these lists.
        unsafe {
            let list = give_list(vec!["a".to_owned(), "b".to_owned()], PAIR, |name, base| {
                write(base, 0, give_string(name));
            });
            free_list(list, PAIR, |base| free_slice(read(base, 0), (1, 1)));
            free_slice(give_slice(Vec::<u64>::with_capacity(9)), (8, 8));
        }
    }

    #[test]
    fn what_is_lowered_stays_where_it_is() {
        let rows = vec![vec![1_u16, 2], vec![], vec![3]];
        let mut scratch = Scratch::new();
        let lists = lower_list(&rows, PAIR, &mut scratch, |row, base, scratch| {
            let numbers = lower_list(row, (4, 4), scratch, |number, base, _| {
                // SAFETY: an element has four bytes.
                unsafe { write(base, 0, u32::from(*number)) }
            });
            // SAFETY: and one of the outer list is a pair of words.
            unsafe { write(base, 0, numbers) }
        });
        let (memory, len) = parts(lists);
        let mut seen: Vec<Vec<u32>> = Vec::new();
        for index in 0..len {
            // SAFETY: this is what was written.
            unsafe {
                let (memory, len) = parts(read(memory, index * PAIR.0));
                seen.push((0..len).map(|index| read::<u32>(memory, index * 4)).collect());
            }
        }
        assert_eq!(seen, [vec![1, 2], vec![], vec![3]]);
    }

    #[test]
    fn an_empty_list_may_have_any_address() {
        // SAFETY: nothing is at the address.
        unsafe {
            assert!(lift_slice::<u64>([0, 0]).is_empty());
            assert!(lift_list([0, 0], (8, 8), |_| 0_u8).is_empty());
        }
    }

    #[test]
    fn the_last_of_equal_keys_is_lifted() {
        let entries = vec![(1_u32, 10_u32), (2, 20), (1, 11)];
        // SAFETY: an entry has two words of four bytes.
        let map: Map<u32, u32> = unsafe {
            let list = give_list(entries, (8, 4), |entry, base| {
                write(base, 0, entry.0);
                write(base, 4, entry.1);
            });
            lift_map(
                list,
                (8, 4),
                |_| Map::new(),
                |map: &mut Map<u32, u32>, base| {
                    map.insert(read(base, 0), read(base, 4));
                },
            )
        };
        assert_eq!(map.into_iter().collect::<Vec<_>>(), [(1, 11), (2, 20)]);
    }
}
