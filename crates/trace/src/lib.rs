//! Recompose a component so that every call between components can be watched.
