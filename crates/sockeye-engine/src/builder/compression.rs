//! The settings of compression.

use sockeye_proto::websocket::deflate::PermessageDeflate;

use super::EngineBuilder;

impl EngineBuilder {
    /// Whether answers to GETs are compressed, by gzip or deflate, for clients that accept it. Default: yes.
    pub fn http_compression(mut self, on: bool) -> Self {
        self.settings.http_compression = on;
        self
    }

    /// Bytes of the shortest payload that is compressed. Default 1,024.
    pub fn http_compression_threshold(mut self, bytes: usize) -> Self {
        self.settings.http_compression_threshold = bytes;
        self
    }

    /// Compresses messages on websockets for clients that offer permessage-deflate (RFC 7692). Default: no.
    pub fn permessage_deflate(mut self, settings: PermessageDeflate) -> Self {
        self.settings.deflate = Some(settings);
        self
    }

    /// How many websockets may keep a context of permessage-deflate, where its settings allow that. Default 1,024; each
    /// costs up to 415 KB. With one more it is agreed that none is kept.
    pub fn max_deflate_contexts(mut self, contexts: usize) -> Self {
        self.settings.max_deflate_contexts = contexts;
        self
    }

    /// How much time is spent on compression, from 1 (little) to 9 (much). Default 3.
    pub fn compression_level(mut self, level: u8) -> Self {
        self.settings.compression_level = level;
        self
    }

    /// How many compressors may be at work at the same time, each of 375 KB. Default 64. What would be
    /// compressed besides leaves as it is.
    pub fn max_compressors(mut self, compressors: usize) -> Self {
        self.settings.max_compressors = compressors;
        self
    }
}
