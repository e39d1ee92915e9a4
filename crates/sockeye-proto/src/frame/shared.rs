//! The compressed forms of a frame that many recipients share.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::Frame;
use crate::{
    deflate::{Format, Job, Pool, Step},
    websocket::deflate::without_tail,
};

/// One form for each window that some recipient has agreed on; made when the first of them writes.
#[derive(Default)]
pub(crate) struct Shared(Mutex<Vec<(u8, Form)>>);

enum Form {
    UnderWay(Job),
    Deflated(Frame),
    /// Shorter than any compressed form.
    Plain,
}

impl Shared {
    /// Works on at most `most` bytes of `frame`, unless that was done before. `None`: there is more to do, by whoever
    /// comes next.
    pub(crate) fn step(
        &self,
        frame: &Frame,
        pool: &Arc<Pool>,
        window_bits: u8,
        most: usize,
    ) -> Option<Frame> {
        // Held for one step: whoever waits for it would have had to do the same work.
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = forms.iter().position(|(bits, _)| *bits == window_bits).map(|at| forms.swap_remove(at).1);
        let form = match known {
            Some(Form::UnderWay(job)) => go_on(job, frame, most),
            Some(form) => form,
            None => match Job::new(pool, Format::Raw(window_bits)) {
                Some(job) => go_on(job, frame, most),
                None => return Some(frame.clone()),
            },
        };
        let done = match &form {
            Form::UnderWay(_) => None,
            Form::Deflated(deflated) => Some(deflated.clone()),
            Form::Plain => Some(frame.clone()),
        };
        forms.push((window_bits, form));
        done
    }
}

fn go_on(mut job: Job, frame: &Frame, most: usize) -> Form {
    match job.step(frame.payload(), most) {
        Step::More => Form::UnderWay(job),
        Step::Done(payload) => Form::Deflated(frame.deflated(without_tail(&payload))),
        Step::Useless => Form::Plain,
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}
