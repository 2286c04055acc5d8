//! Memory of the canonical ABI: addresses as words, scratch for the length of a call, and giving
//! back.

extern crate alloc as alloc_crate;

use alloc_crate::alloc::{alloc, dealloc, handle_alloc_error};
use core::alloc::Layout;
use core::mem::MaybeUninit;
use core::ptr;

/// What holds an address or a length.
#[cfg(target_arch = "wasm32")]
pub type Word = i32;
/// What holds an address or a length.
#[cfg(not(target_arch = "wasm32"))]
pub type Word = isize;

/// A word as an address.
#[inline]
#[must_use]
pub fn address(word: Word) -> *mut u8 {
    ptr::with_exposed_provenance_mut(unsigned(word))
}

#[cfg(target_arch = "wasm32")]
#[inline]
const fn unsigned(word: Word) -> usize {
    word.cast_unsigned() as usize
}

#[cfg(not(target_arch = "wasm32"))]
const fn unsigned(word: Word) -> usize {
    word.cast_unsigned()
}

/// An address as a word.
#[inline]
#[must_use]
pub fn word<T>(address: *const T) -> Word {
    address.expose_provenance().cast_signed() as Word
}

/// A length as a word.
#[inline]
pub(super) fn length(len: usize) -> Word {
    len.cast_signed() as Word
}

/// Address and length of a list.
#[inline]
pub(super) fn parts([memory, len]: [Word; 2]) -> (*mut u8, usize) {
    (address(memory), unsigned(len))
}

/// Reads a value that lies `offset` bytes behind `base`.
///
/// # Safety
///
/// It lies there, aligned.
#[inline]
#[must_use]
pub unsafe fn read<T>(base: *const u8, offset: usize) -> T {
    // SAFETY: the caller's promise.
    unsafe { base.add(offset).cast::<T>().read() }
}

/// Writes a value `offset` bytes behind `base`.
///
/// # Safety
///
/// There is room for it, aligned.
#[inline]
pub unsafe fn write<T>(base: *mut u8, offset: usize, value: T) {
    // SAFETY: the caller's promise.
    unsafe { base.add(offset).cast::<T>().write(value) }
}

/// Frees what `cabi_realloc` or a lowering of results allocated.
///
/// # Safety
///
/// `memory` was allocated with this size and alignment, unless the size is 0.
#[inline]
pub unsafe fn free(memory: *mut u8, size: usize, align: usize) {
    if size != 0 {
        // SAFETY: what was allocated had a valid layout.
        unsafe { dealloc(memory, Layout::from_size_align_unchecked(size, align)) }
    }
}

/// Frees a list whose elements own nothing.
///
/// # Safety
///
/// There are as many elements of this size and alignment, and nobody else owns them.
#[inline]
pub unsafe fn free_slice(list: [Word; 2], (size, align): (usize, usize)) {
    let (memory, len) = parts(list);
    // SAFETY: the caller's promise.
    unsafe { free(memory, len * size, align) }
}

/// Frees a list, after `each` has freed what its elements own.
///
/// # Safety
///
/// There are as many elements of this size and alignment, and nobody else owns them.
#[inline]
pub unsafe fn free_list(
    list: [Word; 2],
    (size, align): (usize, usize),
    mut each: impl FnMut(*mut u8),
) {
    let (memory, len) = parts(list);
    for index in 0..len {
        // SAFETY: the element is in the list.
        each(unsafe { memory.add(index * size) });
    }
    // SAFETY: the caller's promise.
    unsafe { free(memory, len * size, align) }
}

/// Room for arguments or a result that lie in memory, on the stack.
#[repr(C, align(8))]
pub struct Area<const SIZE: usize>([MaybeUninit<u8>; SIZE]);

impl<const SIZE: usize> Area<SIZE> {
    /// Nothing is written yet.
    #[inline]
    #[must_use]
    #[expect(clippy::new_without_default, reason = "bindings call `new`")]
    pub const fn new() -> Self {
        Area([MaybeUninit::uninit(); SIZE])
    }

    /// Where it lies.
    #[inline]
    #[must_use]
    pub const fn address(&mut self) -> *mut u8 {
        (&raw mut self.0).cast()
    }
}

/// Memory that lowered arguments need for the length of a call.
///
/// What it allocates is freed when it goes out of scope. Each block knows the one before, so
/// that there is no list of blocks to allocate.
pub struct Scratch {
    last: *mut Block,
}

/// Stands before the memory of a block; its own alignment is the greatest that the ABI has.
#[repr(C, align(8))]
struct Block {
    before: *mut Block,
    layout: Layout,
}

impl Scratch {
    /// Nothing is allocated yet.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Scratch { last: ptr::null_mut() }
    }

    /// Room for `len` elements of `size` bytes.
    pub fn room(&mut self, len: usize, size: usize) -> *mut u8 {
        if len == 0 {
            // Nothing is written there, but the address is looked at: it must be aligned.
            return ptr::without_provenance_mut(align_of::<Block>());
        }
        let start = size_of::<Block>();
        let layout = array(len, size, align_of::<Block>(), start);
        #[expect(clippy::cast_ptr_alignment, reason = "the layout has the alignment of a block")]
        // SAFETY: the layout has the size of a block at least.
        let block = unsafe { alloc(layout) }.cast::<Block>();
        if block.is_null() {
            handle_alloc_error(layout);
        }
        // SAFETY: it is large enough and aligned for the block, and for what follows it.
        unsafe {
            block.write(Block { before: self.last, layout });
            self.last = block;
            block.cast::<u8>().add(start)
        }
    }
}

impl Default for Scratch {
    fn default() -> Self {
        Scratch::new()
    }
}

impl Drop for Scratch {
    #[inline]
    fn drop(&mut self) {
        while !self.last.is_null() {
            // SAFETY: `room` wrote the block, and nobody has freed it.
            unsafe {
                let Block { before, layout } = self.last.read();
                dealloc(self.last.cast(), layout);
                self.last = before;
            }
        }
    }
}

/// Room for results, which whoever lifts them frees.
pub(super) fn room(len: usize, (size, align): (usize, usize)) -> *mut u8 {
    let layout = array(len, size, align, 0);
    if layout.size() == 0 {
        return ptr::without_provenance_mut(align);
    }
    // SAFETY: the size is not zero.
    let memory = unsafe { alloc(layout) };
    if memory.is_null() {
        handle_alloc_error(layout);
    }
    memory
}

/// Elements in memory can be larger than the same values in Rust, so this can overflow.
fn array(len: usize, size: usize, align: usize, start: usize) -> Layout {
    len.checked_mul(size)
        .and_then(|bytes| bytes.checked_add(start))
        .and_then(|bytes| Layout::from_size_align(bytes, align).ok())
        .expect("a list that fits in memory")
}
