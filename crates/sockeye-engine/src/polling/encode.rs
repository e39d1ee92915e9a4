//! Compressing the answer to a GET, in the task of its connection.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, header};
use sockeye_proto::deflate::{Job, Pool, Step};

use super::coding::Coding;
use crate::body::Packets;

/// Whether and by what the answers of one engine are compressed.
#[derive(Debug)]
pub(crate) struct Compression {
    /// Bytes of the shortest payload that is compressed.
    threshold: usize,
    pool: Arc<Pool>,
}

impl Compression {
    pub(crate) const fn new(threshold: usize, pool: Arc<Pool>) -> Self {
        Self { threshold, pool }
    }
}

/// The answer to one GET on its way through a compressor, if it takes that way.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    compression: Option<Arc<Compression>>,
    /// What the client takes.
    coding: Option<Coding>,
    /// Boxed: most GETs wait long and their answers are short.
    under_way: Option<Box<UnderWay>>,
}

#[derive(Debug)]
struct UnderWay {
    packets: Box<Packets>,
    coding: Coding,
    job: Job,
}

impl Encoder {
    /// For a client that has sent these headers.
    pub(crate) fn new(compression: Option<&Arc<Compression>>, headers: &HeaderMap) -> Self {
        let Some(compression) = compression else { return Self::default() };
        Self {
            compression: Some(Arc::clone(compression)),
            coding: headers
                .contains_key(header::ACCEPT_ENCODING)
                .then(|| Coding::preferred(headers))
                .flatten(),
            under_way: None,
        }
    }

    /// Takes an answer; `None` when it has to be compressed first, by [`poll`](Self::poll).
    pub(crate) fn take(&mut self, mut packets: Box<Packets>) -> Option<Box<Packets>> {
        let Some(compression) = &self.compression else { return Some(packets) };
        if !packets.may_compress() || packets.payload().len() < compression.threshold {
            return Some(packets);
        }
        packets.varies();
        let Some(coding) = self.coding else { return Some(packets) };
        let Some(job) = Job::new(&compression.pool, coding.format()) else { return Some(packets) };
        self.under_way = Some(Box::new(UnderWay { packets, coding, job }));
        None
    }

    /// Goes on with what was taken, a step a poll: others have their turn in between.
    pub(crate) fn poll(&mut self, cx: &Context<'_>) -> Option<Poll<Box<Packets>>> {
        let mut under_way = self.under_way.take()?;
        let coded = match under_way.job.step(under_way.packets.payload(), STEP) {
            Step::More => {
                self.under_way = Some(under_way);
                cx.waker().wake_by_ref();
                return Some(Poll::Pending);
            }
            Step::Done(coded) => Some(coded),
            Step::Useless => None,
        };
        let UnderWay { mut packets, coding, job } = *under_way;
        drop(job);
        if let Some(coded) = coded {
            packets.encode(coded, coding.name());
        }
        Some(Poll::Ready(packets))
    }
}

/// Bytes compressed in one poll: about half a millisecond, and all of a usual payload.
const STEP: usize = 32 * 1024;
