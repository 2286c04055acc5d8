//! The bytes of an input: mapped from a file where that is possible, owned
//! otherwise. What the bytes mean is left to the rest of the crate.

use std::fs::File;
use std::io::Read;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// Bytes of an input. Cheap to clone: clones share the one buffer.
#[derive(Clone)]
pub struct Bytes(Arc<Storage>);

enum Storage {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a regular file; reads anything else, such as a pipe, to its end.
    pub(crate) fn open(path: &Path) -> std::io::Result<Bytes> {
        let mut file = File::open(path)?;
        let data = file.metadata()?;
        if data.is_file() && data.len() > 0 {
            return Ok(Bytes(Arc::new(Storage::Mapped(map(&file)?))));
        }
        let mut buffer = Vec::new();
        file.read_to_end(&mut buffer)?;
        Ok(Bytes::from(buffer))
    }

    /// Reads standard input to its end.
    pub(crate) fn stdin() -> std::io::Result<Bytes> {
        let mut buffer = Vec::new();
        std::io::stdin().lock().read_to_end(&mut buffer)?;
        Ok(Bytes::from(buffer))
    }
}

#[expect(
    unsafe_code,
    reason = "a file can only be mapped so; it is mapped for reading, and a file that another \
              program cuts short meanwhile ends this one by a signal, as for any mapping tool"
)]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: nobody in this process writes to the mapping, and the bytes are
    // treated as foreign throughout: no type invariant rests on them.
    unsafe { memmap2::Mmap::map(file) }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &*self.0 {
            Storage::Mapped(map) => map,
            Storage::Owned(bytes) => bytes,
        }
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(Arc::new(Storage::Owned(bytes)))
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bytes({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_an_empty_file_are_read() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a");
        std::fs::write(&path, b"abc")?;
        let bytes = Bytes::open(&path)?;
        assert_eq!(&*bytes.clone(), b"abc");
        std::fs::write(&path, b"")?;
        assert!(Bytes::open(&path)?.is_empty());
        Ok(())
    }
}
