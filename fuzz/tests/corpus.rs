//! Every file of the corpus holds: what was found once is not found again.

use joggle_fuzz::Target;

#[test]
fn the_corpus_holds() {
    for target in Target::ALL {
        let folder = target.corpus();
        let mut tried = 0;
        let entries = std::fs::read_dir(&folder).expect("each target has a corpus");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let bytes = std::fs::read(&path).expect("a file");
            let caught = std::panic::catch_unwind(|| target.run(&bytes));
            assert!(caught.is_ok(), "`{}` fails: {}", target.name(), path.display());
            tried += 1;
        }
        assert!(tried > 0, "the corpus of `{}` is empty", target.name());
    }
}
