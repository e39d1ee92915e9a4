//! Expands `#[debug_handler]` to the function itself and one check per argument.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{ItemFn, ReturnType, Type, spanned::Spanned};

use crate::{arguments, attribute::Attribute};

pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return and_item(&error, item),
    };
    let checks = syn::parse2(attribute).and_then(|attribute: Attribute| checks(&function, attribute));
    match checks {
        Ok(checks) => quote! { #function #checks },
        Err(error) => and_item(&error, item),
    }
}

/// The error beside the untouched function, so that its callers do not fail as well.
fn and_item(error: &syn::Error, item: &TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote! { #error #item }
}

fn checks(function: &ItemFn, attribute: Attribute) -> syn::Result<TokenStream> {
    let types = arguments::types(function)?;
    let state = attribute.state.or_else(|| arguments::state(&types)).unwrap_or_else(|| syn::parse_quote!(()));
    let extracted =
        types.iter().enumerate().map(|(index, ty)| argument(ty, &state, index + 1 == types.len()));
    let returned = returned(&function.sig.output);
    let sent = sent(function, types.len());
    Ok(quote! {
        #[cfg(debug_assertions)]
        #[doc(hidden)]
        #[allow(warnings, clippy::all)]
        const _: () = {
            #(#extracted)*
            #returned
            #sent
        };
    })
}

fn argument(ty: &Type, state: &Type, last: bool) -> TokenStream {
    let span = ty.span();
    let bound = if last { format_ident!("FromEvent") } else { format_ident!("FromEventParts") };
    // The bound is spelled at the span of the argument, so the message points there. Of a type that is an extractor of
    // events and one of requests, the compiler says that it cannot infer the last parameter, which hence has a name
    // that says what is wrong.
    quote_spanned! {span=>
        const _: () = {
            fn argument<T, S, TheOneWayToExtractIt>()
            where
                T: ::sockeye::__private::#bound<S, TheOneWayToExtractIt>,
            {
            }
            fn check() { argument::<#ty, #state, _>() }
        };
    }
}

fn returned(output: &ReturnType) -> TokenStream {
    let ReturnType::Type(_, ty) = output else { return TokenStream::new() };
    if matches!(**ty, Type::ImplTrait(_)) {
        return TokenStream::new();
    }
    quote_spanned! {ty.span()=>
        const _: () = {
            fn returned<R: ::sockeye::__private::IntoReply>() {}
            fn check() { returned::<#ty>() }
        };
    }
}

fn sent(function: &ItemFn, arguments: usize) -> TokenStream {
    let name = &function.sig.ident;
    let arguments = (0..arguments).map(|_| quote!(::core::unreachable!()));
    quote_spanned! {name.span()=>
        const _: () = {
            fn future<F: ::core::future::Future + ::core::marker::Send>(_: F) {}
            fn check() { future(#name(#(#arguments),*)) }
        };
    }
}
