//! Where a client is, as far as that can be known.

use std::net::IpAddr;

use http::HeaderMap;

mod forwarded;
mod network;
#[cfg(test)]
mod tests;

pub(crate) use self::forwarded::by_tls as forwarded_by_tls;
use self::network::Network;

/// The proxies in front of the server: what they say of a client's address is believed, what others say is not.
///
/// Each entry is an address or a network: `10.0.0.0/8`, `::1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

/// What cannot be an entry of [`TrustedProxies`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network such as 10.0.0.0/8")]
pub struct InvalidNetwork(String);

impl TrustedProxies {
    /// Reads the entries.
    ///
    /// # Errors
    /// Names the first that is neither an address nor a network.
    pub fn parse(entries: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, InvalidNetwork> {
        let network = |entry: &str| Network::parse(entry).ok_or_else(|| InvalidNetwork(entry.to_owned()));
        Ok(Self(entries.into_iter().map(|entry| network(entry.as_ref())).collect::<Result<_, _>>()?))
    }

    /// Whether this address is one of the proxies.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The address of the client that sent a request with these headers over a connection from `peer`.
    ///
    /// That is `peer`, unless `peer` is a proxy: then the rightmost address that is none in what the proxies have
    /// written, for everything to its left may be the client's invention. `X-Forwarded-For` and `Forwarded` (RFC 7239)
    /// are read; where both are there and disagree, one of them is not the proxies' work, and nobody knows which.
    ///
    /// `None`: it cannot be known.
    pub fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer?.to_canonical();
        if !self.contains(peer) {
            return Some(peer);
        }
        let trail = |hops: Option<Vec<forwarded::Hop>>| hops.map(|hops| self.walk(peer, &hops));
        match (trail(forwarded::x_forwarded_for(headers)), trail(forwarded::forwarded(headers))) {
            // A proxy that asks for itself, such as for a health check.
            (None, None) => Some(peer),
            (Some(client), None) | (None, Some(client)) => client,
            (Some(one), Some(other)) => one.filter(|_| one == other),
        }
    }

    /// Goes from the server outwards.
    fn walk(&self, peer: IpAddr, hops: &[forwarded::Hop]) -> Option<IpAddr> {
        let mut at = peer;
        for hop in hops.iter().rev() {
            // A hop that hides itself hides all behind it.
            at = (*hop)?;
            if !self.contains(at) {
                break;
            }
        }
        Some(at)
    }
}
