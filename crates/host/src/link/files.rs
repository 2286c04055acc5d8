//! The functions of `wasi:filesystem` that open and change things, watched for
//! refusals: which path it was, and whether the program wanted to change it.
//! All that they do, and what is refused, is left to the engine's WASI.

use wasmtime::StoreContextMut;
use wasmtime::component::{Accessor, Linker, Resource};
use wasmtime_wasi::filesystem::{Descriptor, WasiFilesystem, WasiFilesystemView as _};
use wasmtime_wasi::p2::bindings::filesystem::types as p2;
use wasmtime_wasi::p3::bindings::filesystem::types as p3;

use super::{WASI_0_2, WASI_0_3};
use crate::gate::{Gate, Refused};
use crate::state::State;

const OPEN: &str = "[method]descriptor.open-at";

/// Puts the watched functions in the place of the plain ones.
pub(super) fn watch(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut types = linker.instance(&format!("wasi:filesystem/types@{WASI_0_2}"))?;
    types.func_wrap_async(OPEN, |store, asked: Opening2| Box::new(open_0_2(store, asked)))?;
    types.func_wrap_async("[method]descriptor.unlink-file-at", |store, asked| {
        Box::new(unlink_0_2(store, asked))
    })?;
    types.func_wrap_async("[method]descriptor.create-directory-at", |store, asked| {
        Box::new(create_folder_0_2(store, asked))
    })?;
    let mut types = linker.instance(&format!("wasi:filesystem/types@{WASI_0_3}"))?;
    types.func_wrap_concurrent(OPEN, |accessor, asked| Box::pin(open_0_3(accessor, asked)))?;
    types.func_wrap_concurrent("[method]descriptor.unlink-file-at", |accessor, asked| {
        Box::pin(unlink_0_3(accessor, asked))
    })?;
    types.func_wrap_concurrent("[method]descriptor.create-directory-at", |accessor, asked| {
        Box::pin(create_folder_0_3(accessor, asked))
    })?;
    Ok(())
}

/// A folder, and a path below it.
type Below = (Resource<Descriptor>, String);
type Opening2 = (Resource<Descriptor>, p2::PathFlags, String, p2::OpenFlags, p2::DescriptorFlags);
type Opening3 = (Resource<Descriptor>, p3::PathFlags, String, p3::OpenFlags, p3::DescriptorFlags);
type Answer2<T> = wasmtime::Result<(Result<T, p2::ErrorCode>,)>;
type Answer3<T> = wasmtime::Result<(Result<T, p3::ErrorCode>,)>;

async fn open_0_2(
    mut store: StoreContextMut<'_, State>,
    (folder, path_flags, path, open, flags): Opening2,
) -> Answer2<Resource<Descriptor>> {
    let change = open.intersects(p2::OpenFlags::CREATE | p2::OpenFlags::TRUNCATE)
        || flags.intersects(p2::DescriptorFlags::WRITE | p2::DescriptorFlags::MUTATE_DIRECTORY);
    let mut files = store.data_mut().filesystem();
    let said = path.clone();
    let opened =
        p2::HostDescriptor::open_at(&mut files, folder, path_flags, path, open, flags).await;
    answer_0_2(&mut store, opened, said, change)
}

async fn unlink_0_2(mut store: StoreContextMut<'_, State>, (folder, path): Below) -> Answer2<()> {
    let mut files = store.data_mut().filesystem();
    let done = p2::HostDescriptor::unlink_file_at(&mut files, folder, path.clone()).await;
    answer_0_2(&mut store, done, path, true)
}

async fn create_folder_0_2(
    mut store: StoreContextMut<'_, State>,
    (folder, path): Below,
) -> Answer2<()> {
    let mut files = store.data_mut().filesystem();
    let done = p2::HostDescriptor::create_directory_at(&mut files, folder, path.clone()).await;
    answer_0_2(&mut store, done, path, true)
}

fn answer_0_2<T>(
    store: &mut StoreContextMut<'_, State>,
    result: Result<T, wasmtime_wasi::p2::FsError>,
    path: String,
    change: bool,
) -> Answer2<T> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => {
            let code = p2::Host::convert_error_code(&mut store.data_mut().filesystem(), error)?;
            if matches!(code, p2::ErrorCode::NotPermitted) {
                refuse(&store.data().gate, path, change);
            }
            Ok((Err(code),))
        }
    }
}

async fn open_0_3(
    accessor: &Accessor<State>,
    (folder, path_flags, path, open, flags): Opening3,
) -> Answer3<Resource<Descriptor>> {
    let change = open.intersects(p3::OpenFlags::CREATE | p3::OpenFlags::TRUNCATE)
        || flags.intersects(p3::DescriptorFlags::WRITE | p3::DescriptorFlags::MUTATE_DIRECTORY);
    let files = accessor.with_getter::<WasiFilesystem>(State::filesystem);
    let said = path.clone();
    let opened = <WasiFilesystem as p3::HostDescriptorWithStore<State>>::open_at(
        &files, folder, path_flags, path, open, flags,
    );
    answer_0_3(accessor, opened.await, said, change)
}

async fn unlink_0_3(accessor: &Accessor<State>, (folder, path): Below) -> Answer3<()> {
    let files = accessor.with_getter::<WasiFilesystem>(State::filesystem);
    let done = <WasiFilesystem as p3::HostDescriptorWithStore<State>>::unlink_file_at(
        &files,
        folder,
        path.clone(),
    );
    answer_0_3(accessor, done.await, path, true)
}

async fn create_folder_0_3(accessor: &Accessor<State>, (folder, path): Below) -> Answer3<()> {
    let files = accessor.with_getter::<WasiFilesystem>(State::filesystem);
    let done = <WasiFilesystem as p3::HostDescriptorWithStore<State>>::create_directory_at(
        &files,
        folder,
        path.clone(),
    );
    answer_0_3(accessor, done.await, path, true)
}

fn answer_0_3<T>(
    accessor: &Accessor<State>,
    result: Result<T, wasmtime_wasi::p3::filesystem::FilesystemError>,
    path: String,
    change: bool,
) -> Answer3<T> {
    match result {
        Ok(value) => Ok((Ok(value),)),
        Err(error) => accessor.with(|mut store| {
            let code = p3::Host::convert_error_code(&mut store.get().filesystem(), error)?;
            if matches!(code, p3::ErrorCode::NotPermitted) {
                refuse(&store.get().gate, path, change);
            }
            Ok((Err(code),))
        }),
    }
}

fn refuse(gate: &Gate, path: String, change: bool) {
    gate.refuse(if change { Refused::Write { path } } else { Refused::Path { path } });
}
