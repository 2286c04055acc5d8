//! Compiled code on disk, so that a program compiles once and starts at once
//! ever after. A file of the cache is trusted only if it lies in a folder that
//! nobody else can write to, and if it is whole; any other file is as good as
//! none, and is replaced. Which folder it is, is left to the command line.

use std::fs::{self, File};
use std::hash::{Hash as _, Hasher};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wasmtime::Engine;
use wasmtime::component::Component;

/// How much compiled code is kept, unless said otherwise.
const DEFAULT_LIMIT: u64 = 2 << 30;

/// What compiles faster than this is not worth a file.
const WORTH_KEEPING: Duration = Duration::from_millis(50);

/// A file that was begun so long ago will not be finished any more.
const ABANDONED: Duration = Duration::from_hours(1);

/// Changes with the form of the files and with what they vouch for.
const FORM: &[u8] = concat!("joggle compiled code 1 ", env!("CARGO_PKG_VERSION")).as_bytes();

const SUFFIX: &str = ".compiled";

/// A digest stands behind the code, where the engine does not look.
const DIGEST: usize = blake3::OUT_LEN;

/// How much of a file is read at once to check it.
const PIECE: usize = 4 << 20;

/// A folder of compiled code. Any number of processes may share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    folder: PathBuf,
    limit: u64,
}

/// What a compiled code is found by: the component, the engine and its settings.
pub(crate) struct Key(blake3::Hash);

impl Cache {
    /// A cache in this folder, which is made when it is first needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Cache {
        Cache { folder, limit: DEFAULT_LIMIT }
    }

    /// The same folder with another bound on its size, in bytes.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Cache {
        Cache { limit, ..self }
    }

    /// The compiled code of this key, if it is there and to be trusted.
    pub(crate) fn find(&self, engine: &Engine, key: &Key) -> Option<Component> {
        if !is_ours(&self.folder) {
            return None;
        }
        let path = self.path(key);
        // Anything else we did not write, and opening a pipe would wait for ever.
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let file = File::open(&path).ok()?;
        if !is_whole(&file).unwrap_or(false) {
            return None;
        }
        // The least recently used go first; if the time cannot be set, this one goes sooner.
        let _ = file.set_modified(SystemTime::now());
        #[expect(
            unsafe_code,
            reason = "the engine cannot check machine code; the folder is ours alone, and the \
                      digest shows that the file is what we wrote for this very engine"
        )]
        // SAFETY: the file was written by `keep`, from what the engine gave, under a key that
        // names the engine's version and settings; nobody else can write to the folder, and
        // files in it are replaced as a whole, never changed.
        let found = unsafe { Component::deserialize_file(engine, &path) };
        // The engine checks its version and settings once more.
        found.ok()
    }

    /// Keeps a component's code if compiling took long enough. A cache that
    /// cannot be written is no reason to fail: the code is compiled again.
    pub(crate) fn keep(&self, key: &Key, component: &Component, took: Duration) {
        if took >= WORTH_KEEPING && self.write(key, component).is_ok() {
            self.make_room(&self.path(key));
        }
    }

    fn write(&self, key: &Key, component: &Component) -> io::Result<()> {
        let code = component.serialize().map_err(|error| io::Error::other(error.to_string()))?;
        if code.len() as u64 > self.limit {
            return Ok(());
        }
        make_folder(&self.folder)?;
        if !is_ours(&self.folder) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // Whoever reads sees the old file or the new one, but never a part.
        let mut file = tempfile::Builder::new().suffix(SUFFIX).tempfile_in(&self.folder)?;
        file.write_all(&code)?;
        file.write_all(blake3::Hasher::new().update_rayon(&code).finalize().as_bytes())?;
        file.persist(self.path(key)).map_err(|error| error.error)?;
        Ok(())
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(format!("{}{SUFFIX}", key.0.to_hex()))
    }

    /// Removes the files that were used longest ago, but never the `newest`,
    /// until the rest is within the bound.
    fn make_room(&self, newest: &Path) {
        let mut files = files(&self.folder);
        files.sort();
        let mut size: u64 = files.iter().map(|(_, _, length)| length).sum();
        let now = SystemTime::now();
        for (used, path, length) in files {
            let age = now.duration_since(used).unwrap_or_default();
            let over = size > self.limit || (is_unfinished(&path) && age > ABANDONED);
            // Another process may have removed it already; then it is gone all the same.
            if over && path != newest && fs::remove_file(&path).is_ok() {
                size = size.saturating_sub(length);
            }
        }
    }
}

impl Key {
    /// The key of a component for this engine.
    pub(crate) fn new(engine: &Engine, bytes: &[u8]) -> Key {
        let mut digest = Digest(blake3::Hasher::new());
        digest.0.update(FORM);
        engine.precompile_compatibility_hash().hash(&mut digest);
        digest.0.update_rayon(bytes);
        Key(digest.0.finalize())
    }
}

/// All that is fed to a standard hasher, digested.
struct Digest(blake3::Hasher);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let mut short = [0; 8];
        self.0.finalize_xof().fill(&mut short);
        u64::from_le_bytes(short)
    }
}

/// When each compiled code was last used, where it is, and its length.
fn files(folder: &Path) -> Vec<(SystemTime, PathBuf, u64)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(SUFFIX))
        .filter_map(|entry| {
            let data = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((data.modified().ok()?, entry.path(), data.len()))
        })
        .collect()
}

/// Whether it still has the name under which it is written.
fn is_unfinished(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Whether the file ends with the digest of all that stands before.
fn is_whole(mut file: &File) -> io::Result<bool> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let Some(mut left) = length.checked_sub(DIGEST).filter(|code| *code > 0) else {
        return Ok(false);
    };
    let mut digest = blake3::Hasher::new();
    let mut piece = vec![0; PIECE.min(left)];
    while left > 0 {
        let count = piece.len().min(left);
        let Some(part) = piece.get_mut(..count) else { return Ok(false) };
        file.read_exact(part)?;
        digest.update_rayon(part);
        left -= count;
    }
    let mut written = [0; DIGEST];
    file.read_exact(&mut written)?;
    Ok(digest.finalize() == written)
}

/// Makes the folder, for us alone.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether it is a folder of ours that nobody else can write to: who can write
/// to it can have us run any machine code.
#[cfg(unix)]
fn is_ours(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const WRITABLE_BY_OTHERS: u32 = 0o022;
    fs::symlink_metadata(folder).is_ok_and(|data| {
        data.is_dir()
            && data.uid() == rustix::process::geteuid().as_raw()
            && data.mode() & WRITABLE_BY_OTHERS == 0
    })
}

/// A user's folders are the user's alone here, unless the user changed that.
#[cfg(not(unix))]
fn is_ours(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|data| data.is_dir())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    const COMPONENT: &[u8] = br#"(component (core module $m (func (export "f"))))"#;

    struct Room {
        _scratch: tempfile::TempDir,
        folder: PathBuf,
        engine: Engine,
        key: Key,
        component: Component,
    }

    fn room() -> Room {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let folder = scratch.path().join("a/b");
        let engine = Engine::default();
        let bytes = wat::parse_bytes(COMPONENT).expect("well-formed");
        let component = Component::from_binary(&engine, &bytes).expect("it compiles");
        let key = Key::new(&engine, &bytes);
        Room { _scratch: scratch, folder, engine, key, component }
    }

    fn kept(room: &Room) -> (Cache, PathBuf) {
        let cache = Cache::new(room.folder.clone());
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        let path = cache.path(&room.key);
        assert!(path.exists());
        (cache, path)
    }

    #[test]
    fn code_is_found_again_by_the_same_engine_only() {
        let room = room();
        let (cache, _) = kept(&room);
        assert!(cache.find(&room.engine, &room.key).is_some());
        let other = Engine::new(wasmtime::Config::new().consume_fuel(true)).expect("an engine");
        let bytes = wat::parse_bytes(COMPONENT).expect("well-formed");
        let key = Key::new(&other, &bytes);
        assert_ne!(key.0, room.key.0);
        assert!(cache.find(&other, &key).is_none());
        // Even under the wrong name the engine refuses it.
        assert!(cache.find(&other, &room.key).is_none());
    }

    #[test]
    fn what_compiles_at_once_is_not_kept() {
        let room = room();
        let cache = Cache::new(room.folder.clone());
        cache.keep(&room.key, &room.component, Duration::ZERO);
        assert!(!room.folder.exists());
    }

    #[test]
    fn damaged_files_are_as_good_as_none_and_are_replaced() {
        let room = room();
        let (cache, path) = kept(&room);
        let whole = fs::read(&path).expect("it is there");
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        let shorter = &whole[..whole.len() - 1];
        for damaged in [&b""[..], b"\x7fELF", &whole[..DIGEST], shorter, &flipped] {
            fs::write(&path, damaged).expect("writable");
            assert!(cache.find(&room.engine, &room.key).is_none());
            cache.keep(&room.key, &room.component, WORTH_KEEPING);
            assert!(cache.find(&room.engine, &room.key).is_some());
        }
        // Whole, but not what the engine wrote.
        let mut foreign = b"not machine code".to_vec();
        foreign.extend_from_slice(blake3::hash(&foreign).as_bytes());
        fs::write(&path, foreign).expect("writable");
        assert!(cache.find(&room.engine, &room.key).is_none());
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let room = room();
        let (cache, path) = kept(&room);
        let elsewhere = room.folder.join("elsewhere");
        fs::rename(&path, &elsewhere).expect("ours");
        std::os::unix::fs::symlink(&elsewhere, &path).expect("ours");
        assert!(cache.find(&room.engine, &room.key).is_none(), "a link leads anywhere");
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(cache.find(&room.engine, &room.key).is_some());
        fs::remove_file(&path).expect("ours");
        // Whoever opens a pipe waits for somebody who writes.
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("it starts");
        assert!(made.success());
        assert!(cache.find(&room.engine, &room.key).is_none());
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(cache.find(&room.engine, &room.key).is_some());
    }

    #[test]
    fn a_folder_that_others_can_write_to_is_not_trusted() {
        let room = room();
        let (cache, path) = kept(&room);
        assert_eq!(fs::metadata(&room.folder).expect("made").permissions().mode() & 0o777, 0o700);
        fs::set_permissions(&room.folder, fs::Permissions::from_mode(0o777)).expect("ours");
        assert!(cache.find(&room.engine, &room.key).is_none());
        fs::remove_file(&path).expect("ours");
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(!path.exists());
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let room = room();
        let (cache, path) = kept(&room);
        let length = fs::metadata(&path).expect("kept").len();
        let now = SystemTime::now();
        for (name, age) in [("old", 3), ("older", 5)] {
            let other = room.folder.join(format!("{name}{SUFFIX}"));
            fs::copy(&path, &other).expect("ours");
            let file = File::open(&other).expect("ours");
            file.set_modified(now - Duration::from_secs(age)).expect("ours");
        }
        cache.with_limit(2 * length).keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(path.exists());
        assert!(room.folder.join(format!("old{SUFFIX}")).exists());
        assert!(!room.folder.join(format!("older{SUFFIX}")).exists());
    }

    #[test]
    fn what_was_never_finished_is_cleared_away() {
        let room = room();
        let (cache, _) = kept(&room);
        let begun = room.folder.join(format!(".tmpabc{SUFFIX}"));
        fs::write(&begun, "half").expect("ours");
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(begun.exists(), "somebody may be writing it");
        let file = File::open(&begun).expect("ours");
        file.set_modified(SystemTime::now() - 2 * ABANDONED).expect("ours");
        cache.keep(&room.key, &room.component, WORTH_KEEPING);
        assert!(!begun.exists());
    }
}
