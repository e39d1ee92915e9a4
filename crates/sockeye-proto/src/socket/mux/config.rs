//! The bounds of one session's packets.

use std::time::Duration;

mod limits;

/// Bounds and deadlines of a [`Mux`](super::Mux); shared by all sessions of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MuxConfig {
    /// How long a session may stay without having joined a namespace once; 45 s, as in the reference.
    ///
    /// A CONNECT that is pending or was refused does not stop it, so an anonymous peer cannot hold a session.
    pub connect_timeout: Duration,
    /// The most attachments of one packet; 10, as in the reference.
    pub max_attachments: usize,
    /// How long all attachments of a packet may take after its header; 30 s, ample for `max_payload` on a bad network.
    pub attachment_timeout: Duration,
    /// How deep a payload may nest, its outer array or object included; 64. Values above 128 are read as 128.
    ///
    /// Recursive types would otherwise let a peer choose how much stack a handler needs.
    pub max_depth: usize,
    /// The most bytes of a packet together with its attachments; 1,000,000, the engine's `max_payload`.
    pub max_payload: usize,
    /// The most namespaces joined or pending at once; 64.
    pub max_namespaces: usize,
    /// The longest name of a namespace in bytes, query text included; 512.
    pub max_namespace_len: usize,
    /// The most ignored packets within a minute; 10,000.
    ///
    /// Ignored are acks without id or arguments, or that nobody waits for, and what a client sends to a namespace that the
    /// server has left; a full POST body of events may be under way at that moment.
    pub max_stray: u32,
}

impl Default for MuxConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(45),
            max_attachments: 10,
            attachment_timeout: Duration::from_secs(30),
            max_depth: 64,
            max_payload: 1_000_000,
            max_namespaces: 64,
            max_namespace_len: 512,
            max_stray: 10_000,
        }
    }
}

/// Why a [`MuxConfig`] would let no client in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `max_depth` below 1 or above 128.
    #[error("max_depth must lie between 1 and 128")]
    MaxDepth,
    /// `max_namespaces` below 1 or above 65,535.
    #[error("max_namespaces must lie between 1 and 65535")]
    MaxNamespaces,
    /// `max_namespace_len` of 0, which not even `/` fits.
    #[error("max_namespace_len must be at least 1")]
    MaxNamespaceLen,
    /// `max_payload` of 0, which no packet fits.
    #[error("max_payload must be at least 1")]
    MaxPayload,
    /// `connect_timeout` or `attachment_timeout` of zero, or longer than any timer should run.
    #[error("connect_timeout and attachment_timeout must be longer than zero and at most a year")]
    Timeout,
}

impl MuxConfig {
    /// Checks what cannot work.
    ///
    /// # Errors
    /// The first field out of its range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            connect_timeout,
            // No attachments at all, and nothing ignored, are a strict server's wish.
            max_attachments: _,
            max_stray: _,
            attachment_timeout,
            max_depth,
            max_payload,
            max_namespaces,
            max_namespace_len,
        } = self;
        if *max_depth == 0 || *max_depth > 128 {
            return Err(ConfigError::MaxDepth);
        }
        if *max_namespaces == 0 || *max_namespaces > u16::MAX as usize {
            return Err(ConfigError::MaxNamespaces);
        }
        if *max_payload == 0 {
            return Err(ConfigError::MaxPayload);
        }
        if *max_namespace_len == 0 {
            return Err(ConfigError::MaxNamespaceLen);
        }
        let sane = |timeout: &Duration| !timeout.is_zero() && *timeout <= LONGEST;
        if !sane(connect_timeout) || !sane(attachment_timeout) {
            return Err(ConfigError::Timeout);
        }
        Ok(())
    }
}

/// Keeps the arithmetic with instants far from its limits, where a deadline would be over at once.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_named() {
        let default = MuxConfig::default;
        assert_eq!(default().validate(), Ok(()));
        for (config, error) in [
            (MuxConfig { max_depth: 0, ..default() }, ConfigError::MaxDepth),
            (MuxConfig { max_depth: 129, ..default() }, ConfigError::MaxDepth),
            (MuxConfig { max_namespaces: 0, ..default() }, ConfigError::MaxNamespaces),
            (MuxConfig { max_namespaces: 65_536, ..default() }, ConfigError::MaxNamespaces),
            (MuxConfig { max_payload: 0, ..default() }, ConfigError::MaxPayload),
            (MuxConfig { max_namespace_len: 0, ..default() }, ConfigError::MaxNamespaceLen),
            (MuxConfig { connect_timeout: Duration::ZERO, ..default() }, ConfigError::Timeout),
            (MuxConfig { attachment_timeout: Duration::ZERO, ..default() }, ConfigError::Timeout),
            (MuxConfig { attachment_timeout: Duration::MAX, ..default() }, ConfigError::Timeout),
        ] {
            assert_eq!(config.validate(), Err(error));
        }
    }
}
