//! A POST's body: several Engine.IO packets.

use sockeye_proto::engine::payload::{Cursor, SEPARATOR, packets};

use super::engine_packet;

pub(crate) fn judge(data: &[u8]) {
    let split: Vec<&[u8]> = packets(data).collect();
    assert_eq!(split.join(&SEPARATOR), data, "nothing is lost between packets");
    assert!(split.iter().all(|packet| !packet.contains(&SEPARATOR)));

    // A driver that pauses after each packet gets the same ones.
    let mut cursor = Cursor::default();
    for packet in &split {
        assert!(!cursor.is_done());
        let mut resumed = cursor;
        assert_eq!(cursor.next(data), Some(*packet));
        assert_eq!(resumed.next(data), Some(*packet));
    }
    assert!(cursor.is_done());
    assert_eq!(cursor.next(data), None);

    split.into_iter().for_each(engine_packet::judge);
}
