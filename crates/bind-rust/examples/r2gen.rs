//! R2's temporary driver; not to be committed.
use std::path::Path;
fn main() {
    let mut args = std::env::args().skip(1);
    let (path, out) = (args.next().unwrap(), args.next().unwrap());
    let mut options = joggle_bind_rust::Options::default();
    let mut world = None;
    options.generate_all = true;
    for a in args {
        match a.split_once('=') {
            Some(("world", w)) => world = Some(w.to_string()),
            Some(("rt", w)) => options.runtime_path = Some(w.to_string()),
            Some(("suffix", w)) => options.type_section_suffix = Some(w.to_string()),
            Some(("map", w)) => options.map_type = Some(w.to_string()),
            Some(("own", w)) => {
                options.ownership = match w {
                    "borrowing" => joggle_bind_rust::Ownership::Borrowing,
                    _ => joggle_bind_rust::Ownership::BorrowingDuplicateIfNecessary,
                }
            }
            _ if a == "pub" => options.pub_export_macro = true,
            _ if a == "raw" => options.raw_strings = true,
            _ if a == "stubs" => options.stubs = true,
            _ => panic!("{a}"),
        }
    }
    let joggle_load::Artifact::Wit(wit) =
        joggle_load::load(Path::new(&path)).map_err(|e| format!("{e:?}")).unwrap()
    else {
        panic!()
    };
    let world =
        joggle_bind::select_world(&wit, world.as_deref()).map_err(|e| format!("{e:?}")).unwrap();
    let built = joggle_bind::build(&wit, world, &joggle_bind::Options::default())
        .map_err(|e| format!("{e:?}"))
        .unwrap();
    let g = joggle_bind_rust::generate(&wit, &built, &options, Default::default())
        .map_err(|e| format!("{e:?}"))
        .unwrap();
    for (_, text) in g.files.iter() {
        std::fs::write(&out, text).unwrap();
    }
}
