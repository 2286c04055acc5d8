//! How much a program may use, as options: shared by every command that runs
//! one. Keeping to it is left to `joggle-host`.

use std::time::Duration;

use joggle_host::Limits;

/// The options that limit something.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "What the program may use")]
pub struct LimitArgs {
    /// Limit the memory of all its instances together: 64MiB, 2GiB.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,

    /// Limit the time by the clock; compiling does not count: 5s, 500ms, 2m.
    #[arg(long, value_name = "TIME", value_parser = time)]
    timeout: Option<Duration>,

    /// Limit the instructions, roughly one unit each; the same on every machine.
    #[arg(long, value_name = "UNITS")]
    fuel: Option<u64>,
}

impl LimitArgs {
    /// The limits.
    pub fn limits(&self) -> Limits {
        Limits { memory: self.max_memory, timeout: self.timeout, fuel: self.fuel }
    }
}

/// Parts a number from the unit behind it.
fn number_and_unit(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}

/// Reads a size in bytes: `64MiB`, `1.5GiB`, `1000`, `64MB`.
pub fn size(text: &str) -> Result<u64, String> {
    let wrong = || "a size is written 64MiB, 1.5GiB, 512KiB or in bytes".to_owned();
    let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return Err(wrong()),
    };
    #[expect(clippy::cast_precision_loss, reason = "the factors are exact as floats")]
    let bytes = number * factor as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and the number has no sign"
    )]
    let bytes = bytes as u64;
    Ok(bytes)
}

/// Reads a length of time: `5s`, `500ms`, `2m`, or seconds without a unit.
pub fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "a time is written 5s, 500ms, 2m or 1h".to_owned();
    let (number, unit) = number_and_unit(text).ok_or_else(wrong)?;
    let seconds = match unit.to_ascii_lowercase().as_str() {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if !time.is_zero() => Ok(time),
        Ok(_) => Err("the time must be longer than nothing".to_owned()),
        Err(_) => Err("the time is longer than any clock can show".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("1.5 GiB"), Ok(3 << 29));
        assert_eq!(size("10kb"), Ok(10_000));
        assert_eq!(size("10"), Ok(10));
        for wrong in ["", "MiB", "10XB", "-1", "1.2.3"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_have_units() {
        assert_eq!(time("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(time("5"), Ok(Duration::from_secs(5)));
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("1.5m"), Ok(Duration::from_secs(90)));
        for wrong in ["", "s", "0", "5d", "-1s", "99999999999999999999h"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
