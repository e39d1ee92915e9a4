//! What can be set from outside, and what is refused before anything listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use sockeye::Origins;

use crate::page::Page;

/// Everything the server can be told, read from the environment by [`Config::from_env`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where to listen: `CHAT_ADDR` (an address, or address and port) and `PORT`. By default 127.0.0.1:3000:
    /// a demo with published passwords has no business on other machines' networks.
    pub addr: SocketAddr,
    /// The key that signs the tokens: `CHAT_SECRET`, at least [`Config::MIN_SECRET`] bytes.
    pub secret: Vec<u8>,
    /// Whether the key was made at this start, so that tokens end with the process.
    pub secret_is_random: bool,
    /// How long a token is good: `CHAT_TOKEN_SECONDS`, by default eight hours, a working day.
    pub token_lifetime: Duration,
    /// `CHAT_GUEST=1`: `GET /login` lets a guest in.
    pub guest: bool,
    /// `CHAT_ORIGINS`, separated by commas: other origins whose pages may use this server with its cookie.
    /// By default the development server of the page.
    pub origins: Vec<String>,
    /// `CHAT_CROSS_SITE=1`: the cookie is `Secure; SameSite=None`, for a page on another site. Then every request
    /// that names an origin is held against `origins`, for the browser no longer does it.
    pub cross_site: bool,
    /// What `/` answers.
    pub page: Page,
    /// The npm packages of the page, with the admin UI among them: `node_modules`.
    pub packages: Option<PathBuf>,
}

/// A setting that cannot be used; the text is one line for the person who started the server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// `CHAT_ADDR` or `PORT`.
    #[error("{name} is not usable: {value:?}; expected {expected}")]
    Value {
        /// The variable.
        name: &'static str,
        /// What it held.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A key that can be guessed is worse than a random one.
    #[error("CHAT_SECRET has {0} bytes; at least {min} are needed", min = Config::MIN_SECRET)]
    ShortSecret(usize),
    /// The operating system gives no random bytes.
    #[error("no random key could be made: {0}")]
    Random(getrandom::Error),
}

impl Config {
    /// As many bytes as the hash of HS256 gives out, which RFC 7518, section 3.2 asks for.
    pub const MIN_SECRET: usize = 32;

    /// The defaults, with a random key.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn new() -> Result<Self, ConfigError> {
        let mut secret = vec![0; Self::MIN_SECRET];
        getrandom::fill(&mut secret).map_err(ConfigError::Random)?;
        Ok(Self {
            addr: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000),
            secret,
            secret_is_random: true,
            token_lifetime: Duration::from_secs(8 * 60 * 60),
            guest: false,
            origins: vec!["http://localhost:5173".to_owned()],
            cross_site: false,
            page: Page::default(),
            packages: None,
        })
    }

    /// The defaults, changed by the variables of the process.
    ///
    /// # Errors
    /// When a variable cannot be used, see [`ConfigError`].
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables. An empty one counts as unset.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_variables(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let mut config = Self::new()?;
        if let Some(value) = set("CHAT_ADDR") {
            config.addr = value
                .parse()
                .or_else(|_| value.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, config.addr.port())))
                .map_err(|_| wrong("CHAT_ADDR", &value, "an address like 127.0.0.1 or 127.0.0.1:3000"))?;
        }
        if let Some(value) = set("PORT") {
            let port = value.parse().map_err(|_| wrong("PORT", &value, "a number from 0 to 65535"))?;
            config.addr.set_port(port);
        }
        if let Some(value) = set("CHAT_SECRET") {
            if value.len() < Self::MIN_SECRET {
                return Err(ConfigError::ShortSecret(value.len()));
            }
            config.secret = value.into_bytes();
            config.secret_is_random = false;
        }
        if let Some(value) = set("CHAT_TOKEN_SECONDS") {
            config.token_lifetime = value
                .parse()
                .ok()
                .filter(|seconds| (1..=MOST_TOKEN_SECONDS).contains(seconds))
                .map(Duration::from_secs)
                .ok_or_else(|| wrong("CHAT_TOKEN_SECONDS", &value, "seconds, from 1 to 31536000"))?;
        }
        if let Some(value) = set("CHAT_ORIGINS") {
            config.origins = value
                .split(',')
                .map(|origin| origin.trim().trim_end_matches('/'))
                .filter(|origin| !origin.is_empty())
                .map(str::to_owned)
                .collect();
            Origins::try_list(&config.origins)
                .map_err(|_| wrong("CHAT_ORIGINS", &value, "http://host:port, several by commas"))?;
        }
        config.guest = switch(set("CHAT_GUEST").as_deref(), "CHAT_GUEST")?;
        config.cross_site = switch(set("CHAT_CROSS_SITE").as_deref(), "CHAT_CROSS_SITE")?;
        Ok(config)
    }
}

impl std::fmt::Debug for Config {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// A year: whoever needs longer wants something other than these tokens.
const MOST_TOKEN_SECONDS: u64 = 365 * 24 * 60 * 60;

fn wrong(name: &'static str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::Value { name, value: value.to_owned(), expected }
}

fn switch(value: Option<&str>, name: &'static str) -> Result<bool, ConfigError> {
    match value {
        None | Some("0") => Ok(false),
        Some("1") => Ok(true),
        Some(other) => Err(wrong(name, other, "1 or 0")),
    }
}
