//! Handles of resources, imported or exported.

extern crate alloc as alloc_crate;

use alloc_crate::boxed::Box;
use alloc_crate::vec::Vec;
use core::cell::RefCell;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// A type of resources whose handles can be dropped.
///
/// # Safety
///
/// `drop` gives up exactly one handle.
pub unsafe trait WasmResource {
    /// Gives a handle up (`canonical ABI, canon resource.drop`).
    ///
    /// # Safety
    ///
    /// `handle` is owned, and not used afterwards.
    unsafe fn drop(handle: u32);
}

/// A handle that is owned: dropping it drops the handle, unless it was taken before.
///
/// It is taken through a shared reference, because an argument that holds handles is lowered
/// where it lies. That happens to arguments only, which nobody can see afterwards.
#[repr(transparent)]
pub struct Handle<T: WasmResource> {
    index: AtomicU32,
    resource: PhantomData<T>,
}

/// No handle has this index.
const TAKEN: u32 = u32::MAX;

impl<T: WasmResource> Handle<T> {
    /// Becomes the owner of a handle.
    ///
    /// # Safety
    ///
    /// Nobody else owns it.
    #[inline]
    #[must_use]
    pub unsafe fn new(index: u32) -> Self {
        debug_assert!(index != 0 && index != TAKEN, "no handle has the index {index}");
        Handle { index: AtomicU32::new(index), resource: PhantomData }
    }

    /// Hands the handle over.
    #[inline]
    #[must_use]
    pub fn take(&self) -> u32 {
        let index = self.index.load(Relaxed);
        self.index.store(TAKEN, Relaxed);
        index
    }

    /// The handle, for a call that borrows it.
    #[inline]
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index.load(Relaxed)
    }
}

impl<T: WasmResource> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.index()).finish()
    }
}

impl<T: WasmResource> Drop for Handle<T> {
    #[inline]
    fn drop(&mut self) {
        let index = *self.index.get_mut();
        if index != TAKEN {
            // SAFETY: it is owned, and this is the end of it.
            unsafe { T::drop(index) }
        }
    }
}

/// Handles that were lent for the length of a call, inside of other values. They are dropped
/// when it ends, as the canonical ABI wants it.
pub struct Lent {
    kept: RefCell<Vec<Kept>>,
}

/// A value on the heap, and what drops it.
struct Kept {
    value: NonNull<u8>,
    drop: unsafe fn(NonNull<u8>),
}

impl Lent {
    /// None is kept.
    #[inline]
    #[must_use]
    #[expect(clippy::new_without_default, reason = "bindings call `new`")]
    pub const fn new() -> Self {
        Lent { kept: RefCell::new(Vec::new()) }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        for kept in self.kept.get_mut().drain(..) {
            // SAFETY: `keep` stored the value with its own type's function, once.
            unsafe { (kept.drop)(kept.value) }
        }
    }
}

/// Keeps a handle until the call ends.
pub fn keep<T: 'static>(lent: &Lent, value: T) -> &T {
    unsafe fn free<T>(value: NonNull<u8>) {
        // SAFETY: `keep` made it out of a box of this type.
        drop(unsafe { Box::from_raw(value.cast::<T>().as_ptr()) });
    }
    let value = NonNull::from(Box::leak(Box::new(value)));
    lent.kept.borrow_mut().push(Kept { value: value.cast(), drop: free::<T> });
    // SAFETY: it lives as long as `lent`, which hands out shared references only.
    unsafe { value.as_ref() }
}

/// Which type implements an exported resource: there must be one, because its values are stored
/// without a type.
#[cfg(target_arch = "wasm32")]
pub struct Kind {
    known: core::cell::Cell<Option<core::any::TypeId>>,
}

// SAFETY: a component has one thread; `check` stops where it may have more.
#[cfg(target_arch = "wasm32")]
unsafe impl Sync for Kind {}

#[cfg(target_arch = "wasm32")]
impl Kind {
    /// Not known yet.
    #[expect(clippy::new_without_default, reason = "bindings call `new`")]
    pub const fn new() -> Self {
        Kind { known: core::cell::Cell::new(None) }
    }

    /// Stops unless `T` is the first type that was asked for.
    #[inline]
    pub fn check<T: 'static>(&self) {
        const { assert!(!cfg!(target_feature = "atomics"), "resources want a single thread") }
        let this = core::any::TypeId::of::<T>();
        match self.known.get() {
            Some(known) => assert!(known == this, "two types implement one resource"),
            None => self.known.set(Some(this)),
        }
    }
}
