//! Observers come and go, and harm nobody.

use std::sync::Arc;

use parking_lot::Mutex;

use super::*;
use crate::testing::World;

#[derive(Default)]
struct Heard(Mutex<Vec<&'static str>>);

impl Observer for Heard {
    fn socket_joined(&self, _: &Socket) {
        self.0.lock().push("joined");
    }
}

struct Panics;

impl Observer for Panics {
    fn socket_joined(&self, _: &Socket) {
        panic!("in an observer");
    }
}

#[test]
fn an_observer_is_told_until_its_guard_is_dropped_and_a_panic_reaches_nobody() {
    let (observers, socket) = (Arc::new(Observers::default()), World::new().socket());
    let tell = || observers.tell(|observer| observer.socket_joined(&socket));
    tell();
    let heard = Arc::new(Heard::default());
    let (first, bad) = (observers.add(Arc::new(Panics)), observers.add(heard.clone()));
    let second = observers.add(heard.clone());
    assert!(!observers.is_empty());
    tell();
    assert_eq!(heard.0.lock().len(), 2, "the one that panics keeps nothing from the others");
    drop(second);
    tell();
    assert_eq!(heard.0.lock().len(), 3);
    drop(first);
    bad.detach();
    tell();
    assert_eq!(heard.0.lock().len(), 4);
    assert_eq!(Arc::strong_count(&heard), 2);
    observers.clear();
    assert!(observers.is_empty());
    assert_eq!(Arc::strong_count(&heard), 1, "whoever holds the handle of the server leaves no cycle behind");
}

#[test]
fn an_observer_may_take_itself_away() {
    struct Once(Mutex<Option<Observing>>, Mutex<u8>);
    impl Observer for Once {
        fn socket_joined(&self, _: &Socket) {
            *self.1.lock() += 1;
            drop(self.0.lock().take());
        }
    }
    let (observers, socket) = (Arc::new(Observers::default()), World::new().socket());
    let once = Arc::new(Once(Mutex::default(), Mutex::default()));
    *once.0.lock() = Some(observers.add(once.clone()));
    for _ in 0..2 {
        observers.tell(|observer| observer.socket_joined(&socket));
    }
    assert_eq!(*once.1.lock(), 1);
}
