//! What results look like on a terminal, one file for each kind of result.

pub mod componentized;
pub mod composition;
pub mod findings;
pub mod verdicts;
