//! How often a password may be tried from one address.

use std::{collections::HashMap, net::IpAddr, net::Ipv6Addr, time::Duration};

use parking_lot::Mutex;
use tokio::time::Instant;

/// Failed tries by address, each address with a window of its own.
pub(super) struct Tries {
    most: usize,
    window: Duration,
    /// Only addresses with tries in their window, and never more than [`MOST_ADDRESSES`] of them.
    of: Mutex<HashMap<Option<IpAddr>, Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    until: Instant,
    tries: usize,
}

/// A try under way. It has failed unless it is forgiven.
#[must_use]
pub(super) struct Tried<'a> {
    tries: &'a Tries,
    by: Option<IpAddr>,
}

impl Tries {
    pub(super) fn new(most: usize, window: Duration) -> Self {
        Self { most, window, of: Mutex::default() }
    }

    /// One more try from this address; `None` when there were too many in its window. Clients without a known address
    /// are one, and so are those whose address there is no room to remember.
    pub(super) fn begin(&self, address: Option<IpAddr>) -> Option<Tried<'_>> {
        let now = Instant::now();
        let mut by = address.map(customer);
        let mut of = self.of.lock();
        if of.len() >= MOST_ADDRESSES && !of.contains_key(&by) {
            of.retain(|_, window| window.until > now);
            if of.len() >= MOST_ADDRESSES {
                by = None;
            }
        }
        let window = of.entry(by).or_insert(Window { until: now + self.window, tries: 0 });
        if window.until <= now {
            *window = Window { until: now + self.window, tries: 0 };
        }
        if window.tries >= self.most {
            return None;
        }
        window.tries += 1;
        Some(Tried { tries: self, by })
    }
}

impl Tried<'_> {
    /// It was the right password: what was tried before does not count any more.
    pub(super) fn forgive(self) {
        self.tries.of.lock().remove(&self.by);
    }
}

/// An address of IPv6 stands for its network of 64 bits, which is what one customer of a provider gets.
fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

const MOST_ADDRESSES: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(last.into()))
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_has_its_tries_and_no_more_until_its_window_is_over() {
        let tries = Tries::new(2, Duration::from_secs(60));
        assert!(tries.begin(ip(1)).is_some() && tries.begin(ip(1)).is_some());
        assert!(tries.begin(ip(1)).is_none());
        assert!(tries.begin(ip(2)).is_some(), "another one is not concerned");
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(tries.begin(ip(1)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn the_right_password_forgives_the_wrong_ones() {
        let tries = Tries::new(2, Duration::from_secs(60));
        let _wrong = tries.begin(ip(1));
        tries.begin(ip(1)).unwrap().forgive();
        assert!(tries.begin(ip(1)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_addresses_is_bounded_and_the_last_ones_share_their_tries() {
        let tries = Tries::new(1, Duration::from_secs(60));
        for address in 0..MOST_ADDRESSES as u32 {
            assert!(tries.begin(ip(address)).is_some());
        }
        assert!(tries.begin(ip(u32::MAX)).is_some(), "the one that all others share");
        assert!(tries.begin(ip(u32::MAX - 1)).is_none());
        assert_eq!(tries.of.lock().len(), MOST_ADDRESSES + 1);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(tries.begin(ip(u32::MAX - 1)).is_some());
        assert_eq!(tries.of.lock().len(), 1);
    }
}
