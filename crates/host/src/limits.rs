//! How much memory, time and fuel a program may use, and the account that is
//! kept of it. Words for a limit that was passed are in `error`; the clock
//! itself is in `executor`.

use std::fmt;
use std::time::{Duration, Instant};

use wasmtime::ResourceLimiter;

/// What one element of a table counts for, in bytes: a pointer of the host.
const TABLE_ELEMENT: usize = size_of::<usize>();

/// How much a program may use. The default is no limit but the machine's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all linear memories and tables of all its instances together.
    pub memory: Option<u64>,
    /// Time by the clock, from before it is instantiated until it has ended.
    pub timeout: Option<Duration>,
    /// Units of fuel: about one for each instruction of WebAssembly.
    pub fuel: Option<u64>,
}

/// What a store has used of its memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Budget {
    limit: Option<usize>,
    used: usize,
    /// The most that it would have come to, had it been allowed.
    pub wanted: Option<usize>,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Budget {
        let limit = limits.memory.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        Budget { limit, used: 0, wanted: None }
    }

    fn grow(&mut self, current: usize, desired: usize) -> bool {
        let total = self.used.saturating_add(desired.saturating_sub(current));
        if self.limit.is_some_and(|limit| total > limit) {
            self.wanted = Some(self.wanted.map_or(total, |before| before.max(total)));
            return false;
        }
        self.used = total;
        true
    }
}

impl ResourceLimiter for Budget {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // What the memory's own type rules out fails without us, and is no limit of ours.
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(true);
        }
        Ok(self.grow(current, desired))
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(true);
        }
        let bytes = |elements: usize| elements.saturating_mul(TABLE_ELEMENT);
        Ok(self.grow(bytes(current), bytes(desired)))
    }
}

/// The end of a program's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub at: Instant,
    pub allowed: Duration,
}

impl Deadline {
    /// A deadline that begins now; none if there is no limit, or one beyond what a clock can show.
    pub(crate) fn start(limits: &Limits) -> Option<Deadline> {
        let allowed = limits.timeout?;
        Some(Deadline { at: Instant::now().checked_add(allowed)?, allowed })
    }

    pub(crate) fn passed(&self) -> bool {
        Instant::now() >= self.at
    }
}

/// The program was stopped because its time was over. Travels inside the engine's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeIsOver {
    pub allowed: Duration,
}

impl fmt::Display for TimeIsOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it ran longer than {}", duration_in_words(self.allowed))
    }
}

impl std::error::Error for TimeIsOver {}

/// A number of bytes as people write it: `64 MiB`, `1.5 GiB`, `100 bytes`.
pub(crate) fn bytes_in_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (unit, name) in UNITS {
        if bytes >= unit {
            let whole = bytes / unit;
            // Rounded up: what is shown as needed must be enough.
            let tenths = (bytes % unit * 10).div_ceil(unit);
            return match tenths {
                0 => format!("{whole} {name}"),
                10 => format!("{} {name}", whole + 1),
                tenths => format!("{whole}.{tenths} {name}"),
            };
        }
    }
    format!("{bytes} bytes")
}

/// A length of time as people write it: `5 s`, `1.5 s`, `20 ms`.
pub(crate) fn duration_in_words(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        // A tenth of a microsecond is more than a clock can tell.
        let milliseconds = format!("{:.4}", time.as_secs_f64() * 1000.0);
        return format!("{} ms", milliseconds.trim_end_matches('0').trim_end_matches('.'));
    }
    format!("{} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_of_all_instances_counts_together() {
        let mut budget = Budget::new(&Limits { memory: Some(100), ..Limits::default() });
        assert!(budget.memory_growing(0, 60, None).expect("no error"));
        assert!(budget.table_growing(0, 5, None).expect("no error"));
        assert!(!budget.memory_growing(0, 1, None).expect("no error"));
        assert_eq!(budget.wanted, Some(101));
        // A growth that its own maximum forbids fails without counting.
        assert!(budget.memory_growing(60, 1000, Some(70)).expect("no error"));
        assert_eq!(budget.wanted, Some(101));
    }

    #[test]
    fn bytes_are_rounded_up() {
        assert_eq!(bytes_in_words(100), "100 bytes");
        assert_eq!(bytes_in_words(1024), "1 KiB");
        assert_eq!(bytes_in_words(64 << 20), "64 MiB");
        assert_eq!(bytes_in_words((64 << 20) + 1), "64.1 MiB");
        assert_eq!(bytes_in_words((2 << 20) - 1), "2 MiB");
        assert_eq!(bytes_in_words(3 << 29), "1.5 GiB");
    }

    #[test]
    fn times_have_no_more_digits_than_a_clock() {
        assert_eq!(duration_in_words(Duration::from_millis(200)), "200 ms");
        assert_eq!(duration_in_words(Duration::from_micros(1500)), "1.5 ms");
        assert_eq!(duration_in_words(Duration::from_nanos(100)), "0.0001 ms");
        assert_eq!(duration_in_words(Duration::from_millis(1500)), "1.5 s");
    }
}
