//! Values that an application keeps beside a socket.

use std::{fmt, sync::Arc};

use http::Extensions;
use parking_lot::RwLock;

/// Values of the application, one of each type, shared by all handles of a socket. Nothing is allocated until the first
/// is put in.
///
/// ```
/// use sockeye_core::Socket;
///
/// #[derive(Clone)]
/// struct Score(u32);
///
/// fn more(socket: &Socket) -> u32 {
///     let score = socket.extensions().get::<Score>().map_or(0, |score| score.0) + 1;
///     socket.extensions().insert(Score(score));
///     score
/// }
/// ```
///
/// Two handlers that run at once can interleave between a `get` and an `insert`; keep an atomic or a mutex in an `Arc`
/// where that matters.
#[derive(Default)]
pub struct SocketExtensions(
    // Values lie in an `Arc`, so that they are cloned and dropped, which is code of the application, without the lock.
    RwLock<Extensions>,
);

impl SocketExtensions {
    /// Puts a value in and gives the one of this type that was there.
    pub fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) -> Option<T> {
        let value = Arc::new(value);
        let old = self.0.write().insert(value);
        old.map(Arc::unwrap_or_clone)
    }

    /// A clone of the value of this type.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        let value = self.0.read().get::<Arc<T>>().cloned();
        value.map(Arc::unwrap_or_clone)
    }

    /// A clone of the value of this type, which is put in if there is none: of two that do so at once, both get the same.
    pub fn get_or_insert<T: Clone + Send + Sync + 'static>(&self, value: T) -> T {
        let value = Arc::new(value);
        let mut values = self.0.write();
        let kept = match values.get::<Arc<T>>() {
            Some(kept) => kept.clone(),
            None => {
                values.insert(value.clone());
                value.clone()
            }
        };
        drop(values);
        drop(value);
        Arc::unwrap_or_clone(kept)
    }

    /// Takes the value of this type out.
    pub fn remove<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        let value = self.0.write().remove::<Arc<T>>();
        value.map(Arc::unwrap_or_clone)
    }
}

impl fmt::Debug for SocketExtensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketExtensions").finish_non_exhaustive()
    }
}
