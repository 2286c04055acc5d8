//! How a resource that a component exports is held: the traits that its author sees.

/// What can be the implementation of an exported resource: any type that owns what it refers to.
pub trait Resource: Sized + 'static {
    /// What is stored for it.
    type Rep: ResourceRep<Self>;
}

impl<T: 'static> Resource for T {
    type Rep = Option<T>;
}

/// What is stored for a resource, seen as the resource.
///
/// # Safety
///
/// References handed out point into the storage, and stay valid until the value is taken.
pub unsafe trait ResourceRep<T> {
    /// Stores a value.
    fn rep_new(inner: T) -> Self;

    /// The value, shared.
    ///
    /// # Safety
    ///
    /// `rep` points to a live value that nobody changes during `'a`.
    unsafe fn rep_as_ref<'a>(rep: *const Self) -> &'a T;

    /// The value, to be changed.
    ///
    /// # Safety
    ///
    /// `rep` points to a live value that nobody else uses during `'a`.
    unsafe fn rep_as_mut<'a>(rep: *mut Self) -> &'a mut T;

    /// Takes the value out. The storage is freed later, and must not drop the value again.
    ///
    /// # Safety
    ///
    /// `rep` points to a live value that nobody else uses; this is called once.
    unsafe fn rep_take(rep: *mut Self) -> T;
}

const TAKEN: &str = "the resource was taken by `into_inner`";

// SAFETY: the references point into the option, which only `rep_take` empties.
unsafe impl<T> ResourceRep<T> for Option<T> {
    fn rep_new(inner: T) -> Self {
        Some(inner)
    }

    unsafe fn rep_as_ref<'a>(rep: *const Self) -> &'a T {
        // SAFETY: the caller's promise.
        unsafe { (*rep).as_ref() }.expect(TAKEN)
    }

    unsafe fn rep_as_mut<'a>(rep: *mut Self) -> &'a mut T {
        // SAFETY: the caller's promise.
        unsafe { (*rep).as_mut() }.expect(TAKEN)
    }

    unsafe fn rep_take(rep: *mut Self) -> T {
        // SAFETY: the caller's promise.
        unsafe { (*rep).take() }.expect(TAKEN)
    }
}
