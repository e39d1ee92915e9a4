//! Places, of which there are so many in all and so many for one address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use parking_lot::Mutex;

/// A bound for what clients may hold: all together, and those of one address.
///
/// The engine counts sessions by it from their handshake until they are claimed; a server in front may count its
/// connections.
#[derive(Debug)]
pub struct Places {
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

/// One of the [`Places`], free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

impl Places {
    /// So many in all, and so many for one address.
    pub fn new(total: usize, per_address: usize) -> Self {
        Self { total, per_address, counts: Mutex::default() }
    }

    /// A place for a client of this address, if one is free. An unknown address counts for all alone. Addresses of IPv6
    /// are counted by their network of 64 bits, which is what one customer of a provider gets.
    pub fn place(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
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
        Some(Place { places: Arc::clone(self), address })
    }

    #[cfg(test)]
    fn counted(&self) -> (usize, usize) {
        let counts = self.counts.lock();
        (counts.all, counts.of.len())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.places.counts.lock();
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
fn customer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
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
        let places = Arc::new(Places::new(10, 2));
        let first = places.place(ip("192.0.2.1")).unwrap();
        let _second = places.place(ip("::ffff:192.0.2.1")).unwrap();
        assert!(places.place(ip("192.0.2.1")).is_none());
        let _other = places.place(ip("192.0.2.2")).unwrap();
        drop(first);
        assert!(places.place(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_customer() {
        let places = Arc::new(Places::new(10, 1));
        let _one = places.place(ip("2001:db8::1")).unwrap();
        assert!(places.place(ip("2001:db8::ffff:1")).is_none());
        assert!(places.place(ip("2001:db8:0:1::1")).is_some());
    }

    #[test]
    fn all_together_have_their_places_and_nothing_is_left_behind() {
        let places = Arc::new(Places::new(3, 2));
        let mut held: Vec<Place> =
            [None, None, ip("192.0.2.1")].into_iter().map(|address| places.place(address).unwrap()).collect();
        assert!(places.place(None).is_none() && places.place(ip("192.0.2.2")).is_none());
        assert_eq!(places.counted(), (3, 1));
        held.pop();
        assert_eq!(places.counted(), (2, 0));
        drop(held);
        assert_eq!(places.counted(), (0, 0));
        assert_eq!(places.counts.lock().of.capacity(), 0);
    }
}
