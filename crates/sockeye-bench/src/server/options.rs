//! The arguments of a server.

use std::time::Duration;

/// The arguments of a server: `[KIND] [--workers N] [--ping-interval MS] [--max-payload BYTES]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which server, where one binary holds several.
    pub kind: Option<String>,
    /// Worker threads of the runtime. One by default: what is counted is the work of one core.
    pub workers: usize,
    /// How often a session is pinged; raised where a workload needs silence. 25 s by default, as everywhere.
    pub ping_interval: Duration,
    /// The largest message that is taken. 1,000,000 bytes by default, as the reference has it.
    pub max_payload: usize,
}

impl Options {
    /// Reads the arguments of the process, without its name.
    ///
    /// # Errors
    /// When one of them is not known, or no number follows it.
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, InvalidOptions> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next().and_then(|value| value.parse::<u32>().ok());
                value.ok_or_else(|| InvalidOptions(argument.clone()))
            };
            match argument.as_str() {
                "--workers" => options.workers = number()?.max(1) as usize,
                "--ping-interval" => options.ping_interval = Duration::from_millis(number()?.into()),
                "--max-payload" => options.max_payload = number()? as usize,
                flag if flag.starts_with('-') => return Err(InvalidOptions(argument)),
                _ if options.kind.is_none() => options.kind = Some(argument),
                _ => return Err(InvalidOptions(argument)),
            }
        }
        Ok(options)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { kind: None, workers: 1, ping_interval: Duration::from_secs(25), max_payload: 1_000_000 }
    }
}

/// An argument that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not understood: {0}; expected [KIND] [--workers N] [--ping-interval MS] [--max-payload BYTES]")]
pub struct InvalidOptions(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, InvalidOptions> {
        Options::read(line.split_whitespace().map(ToOwned::to_owned))
    }

    #[test]
    fn arguments_are_read_and_what_is_unknown_is_refused() {
        assert_eq!(read("").unwrap(), Options::default());
        let options = read("bare --workers 2 --ping-interval 300000 --max-payload 99").unwrap();
        assert_eq!(options.kind.as_deref(), Some("bare"));
        assert_eq!((options.workers, options.ping_interval.as_secs(), options.max_payload), (2, 300, 99));
        for wrong in ["--workers", "--workers x", "--what 1", "bare two"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
