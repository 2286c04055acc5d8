//! The entry points that the host or the linker calls: allocation, and static constructors.
//!
//! `cabi_realloc` is one strong definition in a member of a static library. A linker takes it
//! when something refers to it, and then needs no other; the weak ones that `wit-bindgen` and
//! wasi-libc bring give way to it. That is why bindings of several generators can be in one
//! module.

use alloc::alloc::{alloc, dealloc, handle_alloc_error, realloc};
use core::alloc::Layout;
use core::ptr;

/// Allocates, grows or shrinks memory for the host (`canonical ABI, realloc`).
///
/// # Safety
///
/// `old` was returned by this function for `old_size` bytes with the same `align`, or `old_size`
/// is 0. `align` is a power of two.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub unsafe extern "C" fn cabi_realloc(
    old: *mut u8,
    old_size: usize,
    align: usize,
    new_size: usize,
) -> *mut u8 {
    // No memory has an address that is aligned and not null, as `Vec` wants it.
    let nowhere = ptr::without_provenance_mut(align);
    // SAFETY: `align` is a power of two; sizes of a 32-bit memory cannot overflow when rounded,
    // because the host checks that the whole fits.
    let layout = |size| unsafe { Layout::from_size_align_unchecked(size, align) };
    // SAFETY: the caller's promise, and no call has a size of zero.
    let memory = unsafe {
        match (old_size, new_size) {
            (0, 0) => return nowhere,
            (0, _) => alloc(layout(new_size)),
            (_, 0) => {
                dealloc(old, layout(old_size));
                return nowhere;
            }
            (_, _) => realloc(old, layout(old_size), new_size),
        }
    };
    if memory.is_null() {
        out_of_memory(layout(new_size));
    }
    memory
}

/// A message costs kilobytes of code for printing, so an optimized guest only stops.
#[cold]
fn out_of_memory(layout: Layout) -> ! {
    #[cfg(target_arch = "wasm32")]
    if !cfg!(debug_assertions) {
        core::arch::wasm32::unreachable();
    }
    handle_alloc_error(layout)
}

/// Makes the linker see `cabi_realloc`. Bindings call it from a function that nobody calls.
pub fn maybe_link_cabi_realloc() {
    #[cfg(target_arch = "wasm32")]
    {
        #[used]
        static KEEP: unsafe extern "C" fn(*mut u8, usize, usize, usize) -> *mut u8 = cabi_realloc;
    }
}

/// Runs static constructors, the first time that it is called.
///
/// Without it `wasm-ld` wraps every export in a call of them. Exports call it, `cabi_realloc`
/// does not: constructors may call imports, which is forbidden while the host allocates.
#[cfg(target_arch = "wasm32")]
pub fn run_ctors_once() {
    use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

    static DONE: AtomicBool = AtomicBool::new(false);
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // A swap would be dearer, and nothing runs beside this.
    if !DONE.load(Relaxed) {
        DONE.store(true, Relaxed);
        // SAFETY: `wasm-ld` makes this function, with this signature.
        unsafe { __wasm_call_ctors() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bytes_have_an_aligned_address() {
        // SAFETY: nothing is allocated.
        let memory = unsafe { cabi_realloc(ptr::null_mut(), 0, 8, 0) };
        assert_eq!(memory.addr(), 8);
    }

    #[test]
    #[expect(clippy::cast_ptr_alignment, reason = "it was allocated with this alignment")]
    fn contents_survive_growth() {
        // SAFETY: sizes and alignment are those of the call before.
        unsafe {
            let memory = cabi_realloc(ptr::null_mut(), 0, 4, 4);
            memory.cast::<u32>().write(0x0102_0304);
            let memory = cabi_realloc(memory, 4, 4, 4096);
            assert_eq!(memory.addr() % 4, 0);
            assert_eq!(memory.cast::<u32>().read(), 0x0102_0304);
            let memory = cabi_realloc(memory, 4096, 4, 0);
            assert_eq!(memory.addr(), 4);
        }
    }
}
