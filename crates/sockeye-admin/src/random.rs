//! Names that cannot be guessed.

use std::hash::{BuildHasher as _, RandomState};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The name of an admin's session: 16 hexadecimal digits. `None` when the operating system has no randomness to give.
pub(crate) fn session_id() -> Option<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Gives each session a public name: the same whenever it is asked, and telling nothing of the secret one.
#[derive(Debug, Default)]
pub(crate) struct ClientIds {
    // Keyed with random keys of this process; two, since one gives 64 bits and a name has 72.
    first: RandomState,
    second: RandomState,
}

impl ClientIds {
    /// Twelve characters for the session with this secret name.
    pub(crate) fn of(&self, sid: &str) -> String {
        let [first, second] = [&self.first, &self.second].map(|keys| keys.hash_one(sid).to_be_bytes());
        let mut bytes = [0; 9];
        for (to, from) in bytes.iter_mut().zip(first.iter().chain(&second)) {
            *to = *from;
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_one_public_name_and_others_have_others() {
        let ids = ClientIds::default();
        let (one, other) = ("one secret", "another");
        assert_eq!(ids.of(one), ids.of(one));
        assert_ne!(ids.of(one), ids.of(other));
        assert_eq!(ids.of(one).len(), 12);
        assert_ne!(ids.of(one), ClientIds::default().of(one), "and another process gives others");
    }

    #[test]
    fn the_name_of_an_admins_session_has_sixteen_digits() {
        let id = session_id().unwrap();
        assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }
}
