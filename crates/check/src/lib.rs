//! Valid by the specification; fits a world or a platform.
