//! What was counted before, in the repository.

use std::{collections::BTreeMap, fs};

use serde::{Deserialize, Serialize};

use crate::Failure;

/// The file `counts.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Record {
    /// With another compiler, libc or valgrind figures differ by some per cent.
    pub(crate) counted_with: String,
    pub(crate) instructions: BTreeMap<String, u64>,
    pub(crate) allocations: BTreeMap<String, f64>,
    pub(crate) system_calls: BTreeMap<String, f64>,
}

impl Record {
    pub(crate) fn read() -> Result<Self, Failure> {
        Ok(serde_json::from_slice(&fs::read(FILE).map_err(|error| format!("{FILE}: {error}"))?)?)
    }

    pub(crate) fn write(&self) -> Result<(), Failure> {
        Ok(fs::write(FILE, serde_json::to_string_pretty(self)? + "\n")?)
    }
}

/// From the root of the checkout, where `cargo xtask` runs.
const FILE: &str = "crates/sockeye-bench/counts.json";
