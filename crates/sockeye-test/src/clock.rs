//! The test's clock, which stands still while anything can run.

use std::time::Duration;

use tokio::time;

/// Lets everything run that can. The clock moves on by a millisecond, its least step.
pub(crate) async fn settle() {
    // A paused clock moves when nothing else can: whoever sleeps is last.
    time::sleep(Duration::from_millis(1)).await;
}

/// Whether it stands still.
pub(crate) fn is_paused() -> bool {
    let (real, test) = (std::time::Instant::now(), time::Instant::now());
    while real.elapsed() < Duration::from_micros(1) {
        std::hint::spin_loop();
    }
    test.elapsed().is_zero()
}
