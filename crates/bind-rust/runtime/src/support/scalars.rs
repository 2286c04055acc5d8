//! Values of one word that not every word is.

/// A `char` that the host has checked (`canonical ABI, convert_i32_to_char`).
///
/// # Safety
///
/// `word` is a Unicode scalar value.
#[inline]
#[must_use]
pub unsafe fn lift_char(word: i32) -> char {
    match char::from_u32(word.cast_unsigned()) {
        Some(char) => char,
        // SAFETY: the caller's promise.
        None => unsafe { invalid() },
    }
}

/// Where a discriminant cannot lead: the host has checked it.
///
/// # Safety
///
/// It is never reached.
///
/// # Panics
///
/// It is, in a debug build.
#[inline]
pub unsafe fn invalid() -> ! {
    if cfg!(debug_assertions) {
        unexpected();
    }
    // SAFETY: the caller's promise.
    unsafe { core::hint::unreachable_unchecked() }
}

#[cold]
fn unexpected() -> ! {
    panic!("the host passed a value that its type does not have")
}
