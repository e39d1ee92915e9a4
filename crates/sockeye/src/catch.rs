//! Runs the application's code so that a panic in it costs one reply and nothing else.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

/// The code called has panicked. What it panicked with was written by the panic hook already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// Calls `code`.
pub(crate) fn catch<R>(code: impl FnOnce() -> R) -> Result<R, Panicked> {
    // What a panic may leave half done belongs to the application; of ours nothing is reached from inside.
    catch_unwind(AssertUnwindSafe(code)).map_err(discard)
}

/// Drops a value of the application.
pub(crate) fn drop_caught<T>(value: T) -> Result<(), Panicked> {
    catch(|| drop(value))
}

fn discard(panic: Box<dyn Any + Send>) -> Panicked {
    // A panic's value may panic again when it is dropped; its successor has to do without being looked at.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        Box::leak(again);
    }
    Panicked
}

/// A future of the application whose panics, while it is built, polled or dropped, end it and nothing else.
pub(crate) struct Caught<F: Unpin>(Option<F>);

impl<F: Future + Unpin> Caught<F> {
    /// Builds the future by calling `code`. If that panics, so has the future.
    pub(crate) fn build(code: impl FnOnce() -> F) -> Self {
        Self(catch(code).ok())
    }
}

/// What became of a future that was built and polled once.
pub(crate) enum First<F: Future + Unpin> {
    Ended(Result<F::Output, Panicked>),
    Parked(Caught<F>),
}

/// Builds a future, polls it once and, if that was all, drops it: behind one wall rather than three.
pub(crate) fn first_poll<F: Future + Unpin>(build: impl FnOnce() -> F, cx: &mut Context<'_>) -> First<F> {
    let mut place = None;
    let polled = catch(|| {
        let polled = Pin::new(place.insert(build())).poll(cx);
        if polled.is_ready() {
            drop(place.take());
        }
        polled
    });
    match polled {
        Ok(Poll::Ready(output)) => First::Ended(Ok(output)),
        Ok(Poll::Pending) => First::Parked(Caught(place)),
        Err(panicked) => {
            drop(Caught(place));
            First::Ended(Err(panicked))
        }
    }
}

impl<F: Future + Unpin> Future for Caught<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = &mut self.0 else { return Poll::Ready(Err(Panicked)) };
        match catch(|| Pin::new(future).poll(cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(drop_caught(self.0.take()).map(|()| output)),
            Err(panicked) => {
                let _ = drop_caught(self.0.take());
                Poll::Ready(Err(panicked))
            }
        }
    }
}

impl<F: Unpin> Drop for Caught<F> {
    fn drop(&mut self) {
        let _ = drop_caught(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use futures_util::{FutureExt as _, future::poll_fn};

    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                std::panic::panic_any(Self);
            }
        }
    }

    #[test]
    fn a_panic_ends_the_future_alone() {
        let built = Caught::build(|| -> Ready<()> { panic!("while it is built") });
        assert_eq!(built.now_or_never(), Some(Err(Panicked)));

        let polled = Caught::build(|| poll_fn(|_| -> Poll<()> { panic!("while it is polled") }));
        assert_eq!(polled.now_or_never(), Some(Err(Panicked)));

        let fine = Caught::build(|| ready(7));
        assert_eq!(fine.now_or_never(), Some(Ok(7)));
    }

    #[test]
    fn a_panic_in_the_first_poll_ends_the_future_alone() {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let built = first_poll(|| -> Ready<()> { panic!("while it is built") }, &mut cx);
        assert!(matches!(built, First::Ended(Err(Panicked))));
        let polled = first_poll(|| poll_fn(|_| -> Poll<()> { panic!("while it is polled") }), &mut cx);
        assert!(matches!(polled, First::Ended(Err(Panicked))));
        for (bomb, again) in [(PanicsWhenDropped, false), (PanicsWhenDropped, true)] {
            let dropped = first_poll(
                || {
                    poll_fn(move |_| {
                        let _ = &bomb;
                        if again { panic!("while it is polled") } else { Poll::Ready(()) }
                    })
                },
                &mut cx,
            );
            assert!(matches!(dropped, First::Ended(Err(Panicked))), "while it is dropped");
        }
        assert!(matches!(first_poll(|| ready(7), &mut cx), First::Ended(Ok(7))));
        let parked = first_poll(|| poll_fn(|_| Poll::<()>::Pending), &mut cx);
        assert!(matches!(parked, First::Parked(_)));
    }

    #[test]
    fn a_panic_while_it_is_dropped_goes_no_further() {
        let bomb = PanicsWhenDropped;
        let parked = Caught::build(move || {
            poll_fn(move |_| {
                let _ = &bomb;
                Poll::<()>::Pending
            })
        });
        drop(parked);

        // Even what it panics with may panic.
        let bomb = PanicsWhenDropped;
        assert_eq!(drop_caught(bomb), Err(Panicked));
    }
}
