//! What an engine is told beyond the protocol's own settings.

use std::{net::IpAddr, sync::Arc, time::Duration};

use sockeye_proto::{
    engine::{CloseReason, Limit, TransportError},
    websocket::deflate::PermessageDeflate,
};

use crate::{Origins, TrustedProxies, hooks::Hooks, polling::BODY_TIMEOUT};

/// The settings that the protocol's machine does not need to know.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) path: String,
    pub(crate) drain_batch: usize,
    pub(crate) drain_every: Duration,
    pub(crate) compact_extensions: Option<fn(&http::Uri, &mut http::Extensions)>,
    pub(crate) origins: Origins,
    pub(crate) proxies: TrustedProxies,
    pub(crate) peer: Option<fn(&http::Extensions) -> Option<IpAddr>>,
    pub(crate) body_timeout: Duration,
    pub(crate) max_unclaimed: usize,
    pub(crate) max_unclaimed_per_address: usize,
    pub(crate) hooks: Arc<Hooks>,
    pub(crate) http_compression: bool,
    /// Bytes of the shortest payload that is compressed.
    pub(crate) http_compression_threshold: usize,
    pub(crate) compression_level: u8,
    pub(crate) max_compressors: usize,
    pub(crate) deflate: Option<PermessageDeflate>,
    pub(crate) max_deflate_contexts: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: "/engine.io/".to_owned(),
            drain_batch: 500,
            drain_every: Duration::from_millis(100),
            compact_extensions: None,
            origins: Origins::default(),
            proxies: TrustedProxies::default(),
            peer: None,
            body_timeout: BODY_TIMEOUT,
            max_unclaimed: usize::MAX,
            max_unclaimed_per_address: usize::MAX,
            hooks: Arc::default(),
            http_compression: true,
            http_compression_threshold: 1024,
            compression_level: 3,
            max_compressors: 64,
            deflate: None,
            max_deflate_contexts: 1024,
        }
    }
}

impl Settings {
    /// The hooks while they are being set.
    pub(crate) fn hooks_mut(&mut self) -> &mut Hooks {
        Arc::make_mut(&mut self.hooks)
    }

    /// # Errors
    /// Says what is wrong with the first setting that makes no sense.
    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            path,
            drain_batch,
            drain_every,
            compact_extensions: _,
            origins: _,
            proxies: _,
            peer: _,
            body_timeout,
            max_unclaimed,
            max_unclaimed_per_address,
            hooks,
            http_compression: _,
            http_compression_threshold: _,
            compression_level,
            max_compressors,
            deflate,
            max_deflate_contexts: _,
        } = self;
        let sane = |time: &Duration| !time.is_zero() && *time <= LONGEST;
        let rules = [
            (path.starts_with('/'), "its path must start with a slash"),
            (*drain_batch > 0, "drain_batch must be more than zero"),
            (sane(drain_every), "drain_every must be more than zero and at most a year"),
            (sane(&hooks.handshake_timeout), "handshake_timeout must be more than zero and at most a year"),
            (sane(body_timeout), "body_timeout must be more than zero and at most a year"),
            (*max_unclaimed > 0, "max_unclaimed must be more than zero"),
            (*max_unclaimed_per_address > 0, "max_unclaimed_per_address must be more than zero"),
            ((1..=9).contains(compression_level), "compression_level must be 1 to 9"),
            (*max_compressors > 0, "max_compressors must be more than zero"),
            (
                deflate.is_none_or(|deflate| deflate.is_valid()),
                "a window of permessage-deflate has 9 to 15 bits",
            ),
        ];
        rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, rule)| Err(rule))
    }

    /// What is bounded, and what happens beyond.
    pub(crate) fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            path: _,
            drain_batch,
            drain_every,
            compact_extensions: _,
            origins: _,
            proxies: _,
            peer: _,
            body_timeout,
            max_unclaimed,
            max_unclaimed_per_address,
            hooks,
            http_compression: _,
            http_compression_threshold: _,
            compression_level: _,
            max_compressors,
            deflate: _,
            max_deflate_contexts,
        } = self;
        let later = "status 503 with `Retry-After`";
        vec![
            Limit::time("body_timeout", *body_timeout)
                .beyond("A POST whose body has not come whole is answered 408, and its session closes.")
                .closes(CloseReason::TransportError(TransportError::PostAborted)),
            Limit::time("handshake_timeout", hooks.handshake_timeout)
                .beyond("A handshake whose `allow_request` or `generate_id` takes longer is refused.")
                .seen("status 403, or 400 with code 3"),
            Limit::count("max_unclaimed", *max_unclaimed)
                .beyond(
                    "With so many sessions that have joined no namespace, a further handshake is refused.",
                )
                .seen(later),
            Limit::count("max_unclaimed_per_address", *max_unclaimed_per_address)
                .beyond("The same for one address, or one IPv6 network of 64 bits.")
                .seen(later),
            Limit::count("max_compressors", *max_compressors)
                .beyond("What would be compressed besides leaves as it is.")
                .seen("no `Content-Encoding`, no RSV1"),
            Limit::count("max_deflate_contexts", *max_deflate_contexts)
                .beyond("A further websocket that would keep a context of permessage-deflate agrees on none.")
                .seen("`server_no_context_takeover; client_no_context_takeover`"),
            Limit::count("drain_batch", *drain_batch)
                .beyond("A shutdown closes no more sessions at once.")
                .closes(CloseReason::ServerShuttingDown),
            Limit::time("drain_every", *drain_every)
                .beyond("The next batch of a shutdown is closed.")
                .closes(CloseReason::ServerShuttingDown),
        ]
    }
}

/// Keeps the arithmetic with instants far from its limits.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        let default = Settings::default;
        assert_eq!(default().validate(), Ok(()));
        let cases = [
            (Settings { path: "engine.io".to_owned(), ..default() }, "path"),
            (Settings { drain_batch: 0, ..default() }, "drain_batch"),
            (Settings { drain_every: Duration::ZERO, ..default() }, "drain_every"),
            (Settings { body_timeout: Duration::ZERO, ..default() }, "body_timeout"),
            (Settings { body_timeout: Duration::MAX, ..default() }, "body_timeout"),
            (
                Settings {
                    hooks: Arc::new(Hooks { handshake_timeout: Duration::ZERO, ..Hooks::default() }),
                    ..default()
                },
                "handshake_timeout",
            ),
            (Settings { max_unclaimed: 0, ..default() }, "max_unclaimed"),
            (Settings { max_unclaimed_per_address: 0, ..default() }, "max_unclaimed_per_address"),
            (Settings { compression_level: 0, ..default() }, "compression_level"),
            (Settings { compression_level: 10, ..default() }, "compression_level"),
            (Settings { max_compressors: 0, ..default() }, "max_compressors"),
            (
                Settings {
                    deflate: Some(PermessageDeflate { window_bits: 8, ..PermessageDeflate::default() }),
                    ..default()
                },
                "permessage-deflate",
            ),
        ];
        for (settings, named) in cases {
            assert!(settings.validate().unwrap_err().contains(named), "{named}");
        }
    }
}
