//! The parameters in a namespace's name.

mod values;

use axum_core::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{namespace::Parameters, rejection::NamespacePathRejection};

/// The parameters of the namespace: `7` in `/tenant/7`, whose pattern is `/tenant/{tenant}`.
///
/// For event handlers and for `admit` alike: it is an extractor of axum, whose request knows the namespace. `T` is what
/// axum's `Path` takes: one value, a tuple, a struct whose fields are named as the parameters are, or a map. A value is
/// the text between two slashes as the client wrote it; nothing is decoded. (axum's own `Path` sees the parameters of
/// the route under which the server is mounted.)
///
/// A value that does not fit refuses: with status 400 in `admit`, with the ack `bad_request` for an event. In a namespace
/// whose name is no pattern's it is a mistake of the program, status 500; there `Option<NamespacePath<T>>` is
/// `None`.
///
/// ```
/// use serde::Deserialize;
/// use sockeye_core::{Data, extract::NamespacePath};
///
/// #[derive(Deserialize)]
/// struct Document { tenant: String, number: u32 }
///
/// // of "/tenant/{tenant}/document/{number}"
/// async fn title(NamespacePath(document): NamespacePath<Document>) -> Data<String> {
///     Data(format!("{} of {}", document.number, document.tenant))
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NamespacePath<T>(pub T);

impl<T, S> FromRequestParts<S> for NamespacePath<T>
where
    T: DeserializeOwned + Send,
    S: Sync,
{
    type Rejection = NamespacePathRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let parameters = parts.extensions.get().ok_or_else(NamespacePathRejection::missing)?;
        read(parameters).map(Self)
    }
}

/// `None` in a namespace whose name is no pattern's.
impl<T, S> OptionalFromRequestParts<S> for NamespacePath<T>
where
    T: DeserializeOwned + Send,
    S: Sync,
{
    type Rejection = NamespacePathRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        parts.extensions.get().map(|parameters| read(parameters).map(Self)).transpose()
    }
}

fn read<T: DeserializeOwned>(parameters: &Parameters) -> Result<T, NamespacePathRejection> {
    T::deserialize(values::Values(parameters)).map_err(NamespacePathRejection::unfit)
}

/// How the names of these types begin.
pub(super) const TYPE: &str = concat!(module_path!(), "::NamespacePath<");

#[cfg(test)]
mod tests;
