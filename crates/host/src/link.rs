//! Giving a component its imports: WASI 0.2 and 0.3 side by side, since one
//! component may use both, with the interfaces that hand out authority watched.
//! Saying what is missing is left to `imports`.

mod files;

use wasmtime::component::{Accessor, HasSelf, InstancePre, Linker, Resource};
use wasmtime::{Engine, StoreContextMut};
use wasmtime_wasi::filesystem::WasiFilesystem;
use wasmtime_wasi::p2::bindings::sockets::{ip_name_lookup as lookup2, network as network2};
use wasmtime_wasi::p3::bindings::sockets::ip_name_lookup as lookup3;
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView as _};
use wasmtime_wasi::{p2, p3};

use crate::engine::Program;
use crate::error::HostError;
use crate::keyvalue;
use crate::state::State;
use crate::trap::last_words;

/// The release of WASI 0.2 that the engine implements.
const WASI_0_2: &str = "0.2.12";
/// The release of WASI 0.3 that the engine implements.
const WASI_0_3: &str = "0.3.0";
/// What all versions that are compatible with it have in common.
const TRACK_0_2: &str = "0.2";
const TRACK_0_3: &str = "0.3";

/// Everything that a host has to give.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<State>, HostError> {
    let mut linker = Linker::new(engine);
    let provided = provide(&mut linker).and_then(|()| watch(&mut linker));
    provided.map_err(|error| HostError::Engine { reason: last_words(&error) })?;
    Ok(linker)
}

/// The component with its imports resolved.
pub(crate) fn link(program: &Program) -> Result<InstancePre<State>, HostError> {
    // That nothing is missing was settled before compiling.
    program.linker.instantiate_pre(&program.component).map_err(|refusal| HostError::ImportDiffers {
        name: program.name.clone(),
        reason: last_words(&refusal),
        chain: refusal.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "),
    })
}

fn provide(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    p2::add_to_linker_async(linker)?;
    p3::add_to_linker(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    wasmtime_wasi_http::p3::add_to_linker(linker)?;
    wasmtime_wasi_config::add_to_linker(linker, State::configuration)?;
    keyvalue::add_to_linker(linker)
}

/// The interfaces that hand out authority once more, entered through `State`
/// so that it sees who asks.
fn watch(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    p2::bindings::cli::environment::add_to_linker::<_, HasSelf<State>>(linker, |s| s)?;
    p3::bindings::cli::environment::add_to_linker::<_, HasSelf<State>>(linker, |s| s)?;
    p2::bindings::filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, State::folders)?;
    p3::bindings::filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, State::folders)?;
    files::watch(linker)?;
    let lookup = format!("wasi:sockets/ip-name-lookup@{WASI_0_2}");
    linker.instance(&lookup)?.func_wrap("resolve-addresses", look_up_0_2)?;
    let lookup = format!("wasi:sockets/ip-name-lookup@{WASI_0_3}");
    linker.instance(&lookup)?.func_wrap_concurrent("resolve-addresses", |accessor, (name,)| {
        Box::pin(look_up_0_3(accessor, name))
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// What `resolve-addresses` of WASI 0.2 answers.
type Lookup2 = Result<Resource<lookup2::ResolveAddressStream>, network2::ErrorCode>;

fn look_up_0_2(
    mut store: StoreContextMut<'_, State>,
    (network, name): (Resource<network2::Network>, String),
) -> wasmtime::Result<(Lookup2,)> {
    if !store.data().gate.allows_lookup(&name, TRACK_0_2) {
        return Ok((Err(network2::ErrorCode::AccessDenied),));
    }
    let mut sockets = store.data_mut().sockets();
    match lookup2::Host::resolve_addresses(&mut sockets, network, name) {
        Ok(stream) => Ok((Ok(stream),)),
        Err(error) => Ok((Err(network2::Host::convert_error_code(&mut sockets, error)?),)),
    }
}

/// What `resolve-addresses` of WASI 0.3 answers.
type Lookup3 = Result<Vec<p3::bindings::sockets::types::IpAddress>, lookup3::ErrorCode>;

async fn look_up_0_3(accessor: &Accessor<State>, name: String) -> wasmtime::Result<(Lookup3,)> {
    if !accessor.with(|mut store| store.get().gate.allows_lookup(&name, TRACK_0_3)) {
        return Ok((Err(lookup3::ErrorCode::AccessDenied),));
    }
    let sockets = accessor.with_getter::<WasiSockets>(State::sockets);
    let found = <WasiSockets as lookup3::HostWithStore<State>>::resolve_addresses(&sockets, name);
    Ok((found.await?,))
}
