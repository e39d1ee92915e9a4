//! What the UI may offer.

use serde::Serialize;

use crate::{Mode, options::Settings};

/// The event `config`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    supported_features: Vec<&'static str>,
}

impl Config {
    pub(crate) fn of(settings: &Settings) -> Self {
        let mut supported_features = Vec::new();
        if !settings.read_only {
            supported_features.extend([
                "EMIT",
                "JOIN",
                "LEAVE",
                "DISCONNECT",
                "MJOIN",
                "MLEAVE",
                "MDISCONNECT",
            ]);
        }
        supported_features.push("AGGREGATED_EVENTS");
        if settings.mode == Mode::Development {
            supported_features.push("ALL_EVENTS");
        }
        Self { supported_features }
    }
}
