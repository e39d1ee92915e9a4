//! The token that an admission checks: HS256, with the same key for every server.

use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

/// What the token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who is asking.
    pub sub: String,
    /// Until when it is good, in seconds of Unix time.
    pub exp: u64,
}

/// What a CONNECT to `/jwt` carries.
#[derive(Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// The token, as [`signed`] makes it.
    pub token: String,
}

/// A token for `subject` that outlives any run.
///
/// # Errors
/// None that is known for this algorithm and key.
pub fn signed(subject: &str) -> Result<String, jsonwebtoken::errors::Error> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let claims = Claims { sub: subject.to_owned(), exp: (now + DAY).as_secs() };
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(KEY))
}

/// Checks tokens. Made once for a server, as an application would.
#[derive(Debug, Clone)]
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    /// For the key that [`signed`] uses.
    #[must_use]
    pub fn new() -> Self {
        Self { key: DecodingKey::from_secret(KEY), validation: Validation::new(Algorithm::HS256) }
    }

    /// What a good token says.
    ///
    /// # Errors
    /// When it is none, has expired, or was signed with another key.
    pub fn claims(&self, token: &str) -> Result<Claims, jsonwebtoken::errors::Error> {
        jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation).map(|data| data.claims)
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new()
    }
}

const KEY: &[u8] = b"bench-key";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_and_a_changed_one_is_not() {
        let verifier = Verifier::new();
        let token = signed("ada").unwrap();
        assert_eq!(verifier.claims(&token).unwrap().sub, "ada");
        assert!(verifier.claims(&token[..token.len() - 2]).is_err());
    }
}
