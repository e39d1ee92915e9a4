//! The settings of compression.

use sockeye_engine::{EngineBuilder, PermessageDeflate};

use super::Builder;

/// What is compressed, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compression {
    http: bool,
    http_threshold: usize,
    level: u8,
    most: usize,
    pub(super) deflate: Option<PermessageDeflate>,
    max_contexts: usize,
}

impl Default for Compression {
    fn default() -> Self {
        Self { http: true, http_threshold: 1024, level: 3, most: 64, deflate: None, max_contexts: 1024 }
    }
}

impl Compression {
    pub(super) fn apply(self, engine: EngineBuilder) -> EngineBuilder {
        let engine = match self.deflate {
            Some(deflate) => engine.permessage_deflate(deflate),
            None => engine,
        };
        engine
            .max_deflate_contexts(self.max_contexts)
            .http_compression(self.http)
            .http_compression_threshold(self.http_threshold)
            .compression_level(self.level)
            .max_compressors(self.most)
    }
}

/// Compression. What is emitted with `compress(false)` never is.
impl<S> Builder<S> {
    /// Whether answers by polling are compressed, by gzip or deflate, for clients that accept it. Default: yes, as the
    /// reference does. A `CompressionLayer` of the application leaves alone what is compressed here.
    pub fn http_compression(mut self, on: bool) -> Self {
        self.compression.http = on;
        self
    }

    /// Bytes of the shortest answer by polling that is compressed. Default 1,024: below, the headers are most of it.
    pub fn http_compression_threshold(mut self, bytes: usize) -> Self {
        self.compression.http_threshold = bytes;
        self
    }

    /// Compresses packets on websockets for clients that offer permessage-deflate (RFC 7692). Default: no, as the reference
    /// has it: browsers accept it, and then every packet from the threshold on costs time on both sides.
    ///
    /// ```
    /// use sockeye::{PermessageDeflate, Sockeye};
    ///
    /// let sockeye = Sockeye::builder()
    ///     .permessage_deflate(PermessageDeflate { threshold: 4_096, ..PermessageDeflate::default() })
    ///     .build();
    /// ```
    pub fn permessage_deflate(mut self, settings: PermessageDeflate) -> Self {
        self.compression.deflate = Some(settings);
        self
    }

    /// How many websockets may keep a context of permessage-deflate, where its settings allow that. Default 1,024; each
    /// costs up to 415 KB. With one more it is agreed that none is kept.
    pub fn max_deflate_contexts(mut self, contexts: usize) -> Self {
        self.compression.max_contexts = contexts;
        self
    }

    /// How much time is spent on compression, from 1 (little) to 9 (much). Default 3: from there on a few percent of
    /// length cost a multiple of the time.
    pub fn compression_level(mut self, level: u8) -> Self {
        self.compression.level = level;
        self
    }

    /// How many compressors may be at work at the same time, each of 375 KB. Default 64. What would be
    /// compressed besides leaves as it is.
    pub fn max_compressors(mut self, compressors: usize) -> Self {
        self.compression.most = compressors;
        self
    }
}
