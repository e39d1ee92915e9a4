//! The arguments of a server.

use std::time::Duration;

use lexopt::{Arg, Error, Parser, ValueExt as _};

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
    /// Reads the arguments of the process.
    ///
    /// # Errors
    /// When one of them is not known, or no number follows it.
    pub fn read(mut parser: Parser) -> Result<Self, Error> {
        let mut options = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(kind) if options.kind.is_none() => options.kind = Some(kind.string()?),
                Arg::Long("workers") => options.workers = parser.value()?.parse::<usize>()?.max(1),
                Arg::Long("ping-interval") => {
                    options.ping_interval = Duration::from_millis(parser.value()?.parse()?);
                }
                Arg::Long("max-payload") => options.max_payload = parser.value()?.parse()?,
                other => return Err(other.unexpected()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Options, Error> {
        Options::read(Parser::from_args(line.split_whitespace()))
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
