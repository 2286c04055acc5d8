//! compose.toml.
