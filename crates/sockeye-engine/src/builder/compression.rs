//! The settings of compression.

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

    /// How much time is spent on compression, from 1 (little) to 9 (much). Default 3.
    pub fn compression_level(mut self, level: u8) -> Self {
        self.settings.compression_level = level;
        self
    }

    /// How many compressors may be at work at the same time, each of a quarter of a megabyte. Default 64. What would be
    /// compressed besides leaves as it is.
    pub fn max_compressors(mut self, compressors: usize) -> Self {
        self.settings.max_compressors = compressors;
        self
    }
}
