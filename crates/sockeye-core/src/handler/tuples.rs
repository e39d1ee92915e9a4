//! Functions as handlers: one implementation for each number of arguments.

use futures_util::future::BoxFuture;

use super::{EventFn, enter::Entering};
use crate::{Event, FromEvent, FromEventParts, IntoReply, Reply};

#[diagnostic::do_not_recommend]
impl<F, Fut, R, S> EventFn<((),), S> for F
where
    F: FnOnce() -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = R> + Send,
    R: IntoReply + 'static,
    S: Clone + Send + Sync + 'static,
{
    type Last = ();
    type Returned = R;

    fn call(self, event: Event, _: S) -> BoxFuture<'static, Reply> {
        Box::pin(async move {
            let entry = event.parts().entry();
            drop(event);
            Entering::new(self(), entry).await.into_reply()
        })
    }
}

macro_rules! impl_handler {
    ([$($ty:ident $via:ident),*], $last:ident) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, unused_mut, reason = "one body serves every number of arguments")]
        impl<F, Fut, R, S, ViaLast, $($ty, $via,)* $last>
            EventFn<(ViaLast, $(($via, $ty),)* $last,), S> for F
        where
            F: FnOnce($($ty,)* $last,) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = R> + Send,
            R: IntoReply + 'static,
            S: Clone + Send + Sync + 'static,
            $($ty: FromEventParts<S, $via> + Send,)*
            $last: FromEvent<S, ViaLast> + Send,
        {
            type Last = $last;
            type Returned = R;

            fn call(self, mut event: Event, state: S) -> BoxFuture<'static, Reply> {
                Box::pin(async move {
                    // In one piece and where it is, for each move of it is a copy.
                    let entry = event.parts().entry();
                    $(
                        let $ty = match $ty::from_event_parts(event.parts_mut(), &state).await {
                            Ok(value) => value,
                            Err(rejection) => return rejection.into_reply().into_error(),
                        };
                    )*
                    let $last = match $last::from_event(event, &state).await {
                        Ok(value) => value,
                        Err(rejection) => return rejection.into_reply().into_error(),
                    };
                    Entering::new(self($($ty,)* $last,), entry).await.into_reply()
                })
            }
        }
    };
}

/// Calls a macro for each number of arguments. Not for use by hand.
#[doc(hidden)]
#[macro_export]
macro_rules! all_the_tuples {
    ($name:ident) => {
        $name!([], T1);
        $name!([T1 V1], T2);
        $name!([T1 V1, T2 V2], T3);
        $name!([T1 V1, T2 V2, T3 V3], T4);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4], T5);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5], T6);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6], T7);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7], T8);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8], T9);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9], T10);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10], T11);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10, T11 V11], T12);
        $name!([T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10, T11 V11, T12 V12], T13);
        $name!(
            [T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10, T11 V11, T12 V12, T13 V13],
            T14
        );
        $name!(
            [
                T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10, T11 V11, T12 V12, T13 V13,
                T14 V14
            ],
            T15
        );
        $name!(
            [
                T1 V1, T2 V2, T3 V3, T4 V4, T5 V5, T6 V6, T7 V7, T8 V8, T9 V9, T10 V10, T11 V11, T12 V12, T13 V13,
                T14 V14, T15 V15
            ],
            T16
        );
    };
}

crate::all_the_tuples!(impl_handler);
