//! Reads the signature of a handler: its argument types and its state.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{FnArg, GenericArgument, ItemFn, PathArguments, Type, spanned::Spanned};

/// A handler takes at most this many arguments, as in axum.
const MOST_ARGUMENTS: usize = 16;

/// The types of the arguments, in order, or why this function cannot be a handler.
pub(crate) fn types(function: &ItemFn) -> syn::Result<Vec<Type>> {
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        return Err(syn::Error::new(signature.fn_token.span, "an event handler is an `async fn`"));
    }
    if !signature.generics.params.is_empty() {
        return Err(generic(signature.generics.span()));
    }
    if signature.inputs.len() > MOST_ARGUMENTS {
        let message = format!("an event handler takes at most {MOST_ARGUMENTS} arguments");
        return Err(syn::Error::new(signature.inputs.span(), message));
    }
    signature
        .inputs
        .iter()
        .map(|argument| match argument {
            FnArg::Typed(typed) if matches!(*typed.ty, Type::ImplTrait(_)) => Err(generic(typed.ty.span())),
            FnArg::Typed(typed) => Ok((*typed.ty).clone()),
            FnArg::Receiver(receiver) => {
                Err(syn::Error::new(receiver.span(), "an event handler is a free function, without `self`"))
            }
        })
        .collect()
}

fn generic(span: Span) -> syn::Error {
    let message =
        "`#[debug_handler]` cannot check a generic function; try it on one with the types filled in";
    syn::Error::new(span, message)
}

/// The `App` of an argument `State<App>`, when all such arguments agree.
pub(crate) fn state(types: &[Type]) -> Option<Type> {
    let mut states = types.iter().filter_map(state_of);
    let first = states.next()?;
    let text = first.to_token_stream().to_string();
    states.all(|other| other.to_token_stream().to_string() == text).then_some(first)
}

fn state_of(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "State" {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(state) => Some(state.clone()),
        _ => None,
    }
}
