//! Sessions that nobody has claimed yet, and how many there may be.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use parking_lot::Mutex;

/// Counts sessions from their handshake until they are claimed or end: all together, and those of one address.
#[derive(Debug)]
pub(crate) struct Newcomers {
    total: usize,
    per_address: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Only addresses that have one, so it is never longer than `total`.
    of: HashMap<IpAddr, usize>,
}

/// The place of one such session, free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    newcomers: Arc<Newcomers>,
    address: Option<IpAddr>,
}

impl Newcomers {
    pub(crate) fn new(total: usize, per_address: usize) -> Self {
        Self { total, per_address, counts: Mutex::default() }
    }

    /// A place for a session from this address, if one is free. An unknown address counts for all alone.
    pub(crate) fn place(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(customer);
        let mut counts = self.counts.lock();
        if counts.all >= self.total {
            return None;
        }
        if let Some(address) = address {
            let held = counts.of.get(&address).copied().unwrap_or_default();
            if held >= self.per_address {
                return None;
            }
            counts.of.insert(address, held + 1);
        }
        counts.all += 1;
        drop(counts);
        Some(Place { newcomers: Arc::clone(self), address })
    }

    #[cfg(test)]
    pub(crate) fn counted(&self) -> (usize, usize) {
        let counts = self.counts.lock();
        (counts.all, counts.of.len())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.newcomers.counts.lock();
        counts.all = counts.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        if let Some(held) = counts.of.get_mut(&address) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                counts.of.remove(&address);
            }
        }
        if counts.of.is_empty() {
            // A flood must not leave its table behind.
            counts.of = HashMap::new();
        }
    }
}

/// Who is counted as one: an IPv4 address, or the 64 leading bits of an IPv6 address, which is what one customer of a
/// provider gets.
pub fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn one_address_has_its_places_and_no_more() {
        let newcomers = Arc::new(Newcomers::new(10, 2));
        let first = newcomers.place(ip("192.0.2.1")).unwrap();
        let _second = newcomers.place(ip("::ffff:192.0.2.1")).unwrap();
        assert!(newcomers.place(ip("192.0.2.1")).is_none());
        let _other = newcomers.place(ip("192.0.2.2")).unwrap();
        drop(first);
        assert!(newcomers.place(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_customer() {
        let newcomers = Arc::new(Newcomers::new(10, 1));
        let _one = newcomers.place(ip("2001:db8::1")).unwrap();
        assert!(newcomers.place(ip("2001:db8::ffff:1")).is_none());
        assert!(newcomers.place(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn all_together_have_their_places_and_nothing_is_left_behind() {
        let newcomers = Arc::new(Newcomers::new(3, 2));
        let mut places: Vec<Place> = [None, None, ip("192.0.2.1")]
            .into_iter()
            .map(|address| newcomers.place(address).unwrap())
            .collect();
        assert!(newcomers.place(None).is_none() && newcomers.place(ip("192.0.2.2")).is_none());
        assert_eq!(newcomers.counted(), (3, 1));
        places.pop();
        assert_eq!(newcomers.counted(), (2, 0));
        drop(places);
        assert_eq!(newcomers.counted(), (0, 0));
        assert_eq!(newcomers.counts.lock().of.capacity(), 0);
    }
}
