//! Run scripts and tests of components: the `.wast` runner.
