//! The functions of `wasi:filesystem` that take a path and open, describe or
//! change what is there, watched for refusals: which path it was, and whether
//! the program wanted to change it. All that they do, and what is refused, is
//! left to the engine's WASI.

use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, Linker, Resource};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystem, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::filesystem::types as p2;
use wasmtime_wasi::p3::bindings::filesystem::types as p3;

use super::{TRACK_0_2, TRACK_0_3, WASI_0_2, WASI_0_3};
use crate::gate::Refused;
use crate::state::State;

/// Puts a watched function of WASI 0.2 in the place of the plain one. What it
/// was refused, if it was, is said by the last expression, of its arguments.
macro_rules! watched_0_2 {
    ($types:ident, $name:literal, $function:ident($($arg:ident: $ty:ty),*), $refused:expr) => {
        $types.func_wrap_async(
            concat!("[method]descriptor.", $name),
            |mut store: StoreContextMut<'_, State>, (folder, $($arg),*): (Folder, $($ty),*)| {
                Box::new(async move {
                    let refused = $refused;
                    let mut files = store.data_mut().filesystem();
                    let done = p2::HostDescriptor::$function(&mut files, folder, $($arg),*).await;
                    answer_0_2(&mut store, done, refused)
                })
            },
        )?
    };
}

/// The same for WASI 0.3.
macro_rules! watched_0_3 {
    ($types:ident, $name:literal, $function:ident($($arg:ident: $ty:ty),*), $refused:expr) => {
        $types.func_wrap_concurrent(
            concat!("[method]descriptor.", $name),
            |accessor: &Accessor<State>, (folder, $($arg),*): (Folder, $($ty),*)| {
                Box::pin(async move {
                    let refused = $refused;
                    let files = accessor.with_getter::<WasiFilesystem>(State::filesystem);
                    let done = <WasiFilesystem as p3::HostDescriptorWithStore<State>>::$function(
                        &files, folder, $($arg),*
                    );
                    answer_0_3(accessor, done.await, refused)
                })
            },
        )?
    };
}

/// The watched functions: the same in both versions, of that version's types.
macro_rules! functions {
    ($types:ident, $wasi:ident, $watched:ident) => {
        use $wasi::{DescriptorFlags, NewTimestamp, OpenFlags, PathFlags};
        $watched!(
            $types,
            "open-at",
            open_at(follow: PathFlags, path: String, open: OpenFlags, flags: DescriptorFlags),
            if open.intersects(OpenFlags::CREATE | OpenFlags::TRUNCATE)
                || flags.intersects(DescriptorFlags::WRITE | DescriptorFlags::MUTATE_DIRECTORY)
            {
                Refused::Write { path: path.clone() }
            } else {
                Refused::Path { path: path.clone() }
            }
        );
        $watched!($types, "stat-at", stat_at(follow: PathFlags, path: String), {
            Refused::Path { path: path.clone() }
        });
        $watched!(
            $types,
            "set-times-at",
            set_times_at(follow: PathFlags, path: String, read: NewTimestamp, changed: NewTimestamp),
            Refused::Write { path: path.clone() }
        );
        $watched!($types, "unlink-file-at", unlink_file_at(path: String), {
            Refused::Write { path: path.clone() }
        });
        $watched!($types, "create-directory-at", create_directory_at(path: String), {
            Refused::Write { path: path.clone() }
        });
        $watched!($types, "remove-directory-at", remove_directory_at(path: String), {
            Refused::Write { path: path.clone() }
        });
        $watched!($types, "symlink-at", symlink_at(to: String, path: String), {
            Refused::Write { path: path.clone() }
        });
        $watched!(
            $types,
            "link-at",
            link_at(follow: PathFlags, from: String, other: Folder, path: String),
            Refused::Move { from: from.clone(), to: path.clone() }
        );
        $watched!($types, "rename-at", rename_at(from: String, other: Folder, path: String), {
            Refused::Move { from: from.clone(), to: path.clone() }
        });
    };
}

type Folder = Resource<Descriptor>;

/// Puts the watched functions in the place of the plain ones.
pub(super) fn watch(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    watch_0_2(linker)?;
    watch_0_3(linker)
}

fn watch_0_2(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut types = linker.instance(&format!("wasi:filesystem/types@{WASI_0_2}"))?;
    functions!(types, p2, watched_0_2);
    Ok(())
}

fn watch_0_3(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut types = linker.instance(&format!("wasi:filesystem/types@{WASI_0_3}"))?;
    functions!(types, p3, watched_0_3);
    Ok(())
}

fn answer_0_2<T>(
    store: &mut StoreContextMut<'_, State>,
    result: Result<T, wasmtime_wasi::p2::FsError>,
    refused: Refused,
) -> wasmtime::Result<(Result<T, p2::ErrorCode>,)> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => {
            let code = p2::Host::convert_error_code(&mut store.data_mut().filesystem(), error)?;
            if matches!(code, p2::ErrorCode::NotPermitted) {
                store.data().gate.refuse(refused, Some(TRACK_0_2));
            }
            Ok((Err(code),))
        }
    }
}

fn answer_0_3<T>(
    accessor: &Accessor<State>,
    result: Result<T, wasmtime_wasi::p3::filesystem::FilesystemError>,
    refused: Refused,
) -> wasmtime::Result<(Result<T, p3::ErrorCode>,)> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => accessor.with(|mut store| {
            let code = p3::Host::convert_error_code(&mut store.get().filesystem(), error)?;
            if matches!(code, p3::ErrorCode::NotPermitted) {
                store.get().gate.refuse(refused, Some(TRACK_0_3));
            }
            Ok((Err(code),))
        }),
    }
}
