//! Giving a component its imports: WASI 0.2 and 0.3 side by side, since one
//! component may use both, with the interfaces that hand out authority watched.
//! Saying what is missing is left to `imports`.

use wasmtime::Engine;
use wasmtime::component::{HasSelf, InstancePre, Linker};
use wasmtime_wasi::filesystem::WasiFilesystem;
use wasmtime_wasi::sockets::WasiSockets;
use wasmtime_wasi::{p2, p3};

use crate::engine::Program;
use crate::error::HostError;
use crate::state::State;
use crate::trap::last_words;

/// Everything that a host has to give.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<State>, HostError> {
    let mut linker = Linker::new(engine);
    provide_wasi(&mut linker).map_err(|error| HostError::Engine { reason: last_words(&error) })?;
    Ok(linker)
}

/// The component with its imports resolved.
pub(crate) fn link(program: &Program<'_>) -> Result<InstancePre<State>, HostError> {
    // That nothing is missing was settled before compiling.
    program.linker.instantiate_pre(&program.component).map_err(|refusal| HostError::ImportDiffers {
        name: program.name.clone(),
        reason: last_words(&refusal),
        chain: refusal.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "),
    })
}

fn provide_wasi(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    p2::add_to_linker_async(linker)?;
    p3::add_to_linker(linker)?;

    // The same interfaces once more, entered through `State` so that it sees who asks.
    linker.allow_shadowing(true);
    p2::bindings::cli::environment::add_to_linker::<_, HasSelf<State>>(linker, |s| s)?;
    p3::bindings::cli::environment::add_to_linker::<_, HasSelf<State>>(linker, |s| s)?;
    p2::bindings::filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, State::folders)?;
    p3::bindings::filesystem::preopens::add_to_linker::<_, WasiFilesystem>(linker, State::folders)?;
    p2::bindings::sockets::tcp_create_socket::add_to_linker::<_, WasiSockets>(
        linker,
        State::making_sockets,
    )?;
    p2::bindings::sockets::udp_create_socket::add_to_linker::<_, WasiSockets>(
        linker,
        State::making_sockets,
    )?;
    p3::bindings::sockets::types::add_to_linker::<_, WasiSockets>(linker, State::making_sockets)?;
    p2::bindings::sockets::ip_name_lookup::add_to_linker::<_, WasiSockets>(
        linker,
        State::looking_up,
    )?;
    p3::bindings::sockets::ip_name_lookup::add_to_linker::<_, WasiSockets>(
        linker,
        State::looking_up,
    )?;
    linker.allow_shadowing(false);
    Ok(())
}
