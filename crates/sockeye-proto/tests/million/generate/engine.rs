//! Engine.IO packets, payloads and queries.

use super::{NUMBERS, Random, SEPARATOR, socket::socket_text};

const DATA: [&str; 14] = [
    "",
    "probe",
    "hello",
    "é",
    "😀",
    "AQID",
    "AQIDBA==",
    "AQIDBA",
    "A",
    "=",
    "b",
    "2[\"a\"]",
    "{}",
    r#"{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#,
];

const KEYS: [&str; 10] = ["EIO", "transport", "sid", "t", "b64", "j", "eio", "%45IO", "transpor%74", ""];

const VALUES: [&str; 14] = [
    "4",
    "3",
    "polling",
    "websocket",
    "webtransport",
    "AAAAAAAAAAAAAAAAAAAA",
    "",
    "%",
    "%zz",
    "%ff",
    "%00",
    "+",
    "Polling",
    "__proto__",
];

pub(crate) fn engine_packet(random: &mut Random) -> Vec<u8> {
    if random.one_in(3) {
        return [b"4".to_vec(), socket_text(random)].concat();
    }
    let mut packet = vec![*random.pick(&[&b'0', &b'1', &b'2', &b'3', &b'4', &b'5', &b'6', &b'7', &b'b'])];
    packet.extend_from_slice(random.pick(&DATA).as_bytes());
    if random.one_in(20) {
        packet.extend(random.bytes(3));
    }
    packet
}

pub(crate) fn engine_payload(random: &mut Random) -> Vec<u8> {
    let packets: Vec<_> = (0..random.below(6)).map(|_| engine_packet(random)).collect();
    packets.join(&SEPARATOR)
}

pub(crate) fn request_query(random: &mut Random) -> Vec<u8> {
    let mut query = vec![random.byte()];
    if !random.one_in(4) {
        query.extend_from_slice(b"EIO=4&transport=");
        query.extend_from_slice(random.pick(&["polling", "websocket"]).as_bytes());
    }
    for _ in 0..random.below(4) {
        query.push(b'&');
        query.extend_from_slice(random.pick(&KEYS).as_bytes());
        query.push(if random.one_in(10) { random.byte() } else { b'=' });
        let value = if random.one_in(8) { random.pick(&NUMBERS) } else { random.pick(&VALUES) };
        query.extend_from_slice(value.as_bytes());
    }
    query
}
