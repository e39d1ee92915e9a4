//! The tokens: made at login, checked at every door. One algorithm, and an end that must be there.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::users::Role;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account's name.
    pub sub: String,
    /// What it may do.
    pub role: Role,
    /// When it was made; seconds since 1970.
    pub iat: u64,
    /// When it ends; seconds since 1970.
    pub exp: u64,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It was good once.
    #[error("the token has expired")]
    Expired,
    /// Another key, another algorithm, no end, or no token at all.
    #[error("the token is not one of ours")]
    Invalid,
}

/// The key, ready for both directions.
#[derive(Clone)]
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime: Duration,
}

impl Keys {
    /// Keys for tokens of `lifetime`.
    #[must_use]
    pub fn new(secret: &[u8], lifetime: Duration) -> Self {
        // The algorithm is ours to say, never the token's: `alg: none` and its relatives end here.
        let mut validation = Validation::new(ALGORITHM);
        validation.set_required_spec_claims(&["exp", "sub"]);
        // One clock makes and reads them.
        validation.leeway = 0;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetime,
        }
    }

    /// A token for an account, and what it says.
    ///
    /// # Errors
    /// When it cannot be signed, which a good key never meets.
    pub fn issue(&self, name: &str, role: Role) -> Result<String, TokenError> {
        let iat = now().as_secs();
        let claims =
            Claims { sub: name.to_owned(), role, iat, exp: iat.saturating_add(self.lifetime.as_secs()) };
        jsonwebtoken::encode(&Header::new(ALGORITHM), &claims, &self.encoding)
            .map_err(|_| TokenError::Invalid)
    }

    /// What a token says, if it is ours and still good.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid,
            })?
            .claims;
        // The library lets the second of `exp` itself pass; for us it is the first one outside.
        if claims.exp <= now().as_secs() { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

impl std::fmt::Debug for Keys {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

const ALGORITHM: Algorithm = Algorithm::HS256;

/// Time since 1970.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
