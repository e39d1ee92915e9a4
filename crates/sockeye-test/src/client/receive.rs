//! Taking what has come to a socket, and asserting that nothing has.

use std::{future::Future, panic::Location};

use sockeye_core::FromAck;

use super::TestClient;
use crate::{Received, clock, received::read};

impl TestClient {
    /// The next event of that name, read as `T`: its first argument, several as [`Args`](sockeye::Args), all as
    /// [`Raw`](sockeye::Raw). Other events that came before it are kept.
    ///
    /// # Panics
    /// When none comes, or one of another form.
    #[track_caller]
    pub fn next<T: FromAck>(&self, name: &str) -> impl Future<Output = T> + use<'_, T> {
        let caller = Location::caller();
        let next = self.next_event(name);
        async move { read(&next.await.came, caller) }
    }

    /// The next event of that name as it came, perhaps to be [answered](Received::answer).
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn next_event(&self, name: &str) -> impl Future<Output = Received> + use<'_> {
        let name = name.to_owned();
        let came = self.wait(Location::caller(), format!("the event `{name}`"), move |_, socket| {
            let at = socket.came.iter().position(|came| came.name == name)?;
            socket.came.remove(at)
        });
        async move { Received::new(self.session.clone(), &self.namespace, came.await) }
    }

    /// The next event, whatever its name.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn next_any(&self) -> impl Future<Output = Received> + use<'_> {
        let came = self.wait(Location::caller(), "an event".to_owned(), |_, socket| socket.came.pop_front());
        async move { Received::new(self.session.clone(), &self.namespace, came.await) }
    }

    /// Everything that has come and was not taken yet, in its order. Let the world [settle](crate::World::settle) first.
    pub fn take_all(&self) -> Vec<Received> {
        let came = self.change(|socket| std::mem::take(&mut socket.came));
        came.into_iter().map(|came| Received::new(self.session.clone(), &self.namespace, came)).collect()
    }

    /// Nothing that was not taken has come, and nothing comes at once: everything that can run has run before this looks.
    ///
    /// # Panics
    /// Names what came.
    #[track_caller]
    pub fn assert_silent(&self) -> impl Future<Output = ()> + '_ {
        self.silent(Location::caller(), |_| true)
    }

    /// As [`assert_silent`](Self::assert_silent), for events of this name.
    ///
    /// # Panics
    /// Names what came.
    #[track_caller]
    pub fn assert_no(&self, name: &str) -> impl Future<Output = ()> + use<'_> {
        let name = name.to_owned();
        self.silent(Location::caller(), move |came| came == name)
    }

    async fn silent(&self, caller: &'static Location<'static>, counts: impl Fn(&str) -> bool) {
        clock::settle().await;
        let came = self.look(|socket| {
            let came = socket.came.iter().filter(|came| counts(&came.name));
            came.map(ToString::to_string).collect::<Vec<_>>()
        });
        assert!(came.is_empty(), "{caller}: nothing should have come, and there is {}", came.join(", "));
    }
}
