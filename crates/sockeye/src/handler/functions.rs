//! Functions as handlers: whatever `sockeye-core` can call.

use sockeye_core::{EventFn, FromEvent, FromEventParts};

use super::Handler;
use crate::route::{Assembly, Route};

#[diagnostic::do_not_recommend]
impl<F, Fut, S> Handler<((),), S> for F
where
    F: FnOnce() -> Fut + EventFn<((),), S>,
    S: Clone + Send + Sync + 'static,
{
    type Last = <Self as EventFn<((),), S>>::Last;
    type Returned = <Self as EventFn<((),), S>>::Returned;

    fn into_route(self, assembly: &Assembly<S>) -> Route {
        Route::handler(self, assembly.state().clone(), Self::call)
    }
}

// Not one implementation for every `EventFn`: the compiler could not know that `Layered` is none.
macro_rules! impl_handler {
    ([$($ty:ident $via:ident),*], $last:ident) => {
        #[diagnostic::do_not_recommend]
        impl<F, Fut, S, ViaLast, $($ty, $via,)* $last>
            Handler<(ViaLast, $(($via, $ty),)* $last,), S> for F
        where
            F: FnOnce($($ty,)* $last,) -> Fut + EventFn<(ViaLast, $(($via, $ty),)* $last,), S>,
            S: Clone + Send + Sync + 'static,
            $($ty: FromEventParts<S, $via>,)*
            $last: FromEvent<S, ViaLast>,
        {
            type Last = <Self as EventFn<(ViaLast, $(($via, $ty),)* $last,), S>>::Last;
            type Returned = <Self as EventFn<(ViaLast, $(($via, $ty),)* $last,), S>>::Returned;

            fn into_route(self, assembly: &Assembly<S>) -> Route {
                Route::handler(self, assembly.state().clone(), Self::call)
            }
        }
    };
}

sockeye_core::all_the_tuples!(impl_handler);
