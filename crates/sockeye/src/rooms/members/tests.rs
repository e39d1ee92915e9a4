//! The numbers stay right whatever is joined, left and removed in between.

use std::collections::{BTreeMap, BTreeSet};

use super::{Members, RoomName};

type Rooms = Members<u32, String, u32>;

impl RoomName<u32> for String {
    fn as_id(&self) -> Option<u32> {
        self.parse().ok()
    }

    fn of_id(id: &u32) -> Self {
        id.to_string()
    }
}

fn rooms(ids: impl IntoIterator<Item = u32>) -> Rooms {
    let mut rooms = Rooms::new();
    for id in ids {
        rooms.insert(id, id);
    }
    rooms
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn select(rooms: &Rooms, to: &[&str], except: &[&str]) -> Vec<u32> {
    let mut chosen = rooms.select(&names(to), &names(except));
    chosen.sort_unstable();
    chosen
}

#[test]
fn rooms_are_united_and_each_member_is_chosen_once() {
    let mut rooms = rooms(1..=4);
    for (id, room) in [(1, "a"), (2, "a"), (2, "b"), (3, "b")] {
        assert!(rooms.join(id, &room.to_owned()));
    }
    assert_eq!(select(&rooms, &["a"], &[]), [1, 2]);
    assert_eq!(select(&rooms, &["a", "b"], &[]), [1, 2, 3]);
    assert_eq!(select(&rooms, &["a", "b"], &["b"]), [1]);
    assert_eq!(select(&rooms, &[], &[]), [1, 2, 3, 4]);
    assert_eq!(select(&rooms, &[], &["a"]), [3, 4]);
    assert_eq!(select(&rooms, &["nobody"], &[]), [0; 0]);
}

#[test]
fn the_room_of_the_own_id_is_there_without_joining() {
    let mut rooms = rooms([1, 2]);
    assert_eq!(select(&rooms, &["1"], &[]), [1]);
    assert_eq!(select(&rooms, &[], &["1"]), [2]);
    rooms.join(1, &"1".to_owned());
    assert_eq!(rooms.rooms_of(1), ["1"]);
    assert_eq!(rooms.rooms().count(), 0);

    rooms.leave(1, &"1".to_owned());
    assert_eq!(select(&rooms, &["1"], &[]), [0; 0]);
    assert_eq!(rooms.rooms_of(1), [""; 0]);
    // A sender does not hear itself even then.
    assert_eq!(select(&rooms, &[], &["1"]), [2]);

    rooms.join(1, &"1".to_owned());
    assert_eq!(select(&rooms, &["1"], &[]), [1]);
}

#[test]
fn a_socket_may_join_the_room_of_another() {
    let mut rooms = rooms([1, 2]);
    rooms.join(2, &"1".to_owned());
    assert_eq!(select(&rooms, &["1"], &[]), [1, 2]);
    rooms.remove(1);
    assert_eq!(select(&rooms, &["1"], &[]), [2]);
}

#[test]
fn who_is_removed_leaves_no_room_behind() {
    let mut rooms = rooms([1]);
    rooms.join(1, &"a".to_owned());
    rooms.join(1, &"a".to_owned());
    assert_eq!(rooms.remove(1), Some((names(&["1", "a"]), 1)));
    assert_eq!(rooms.remove(1), None);
    assert_eq!(rooms.rooms().count(), 0);
    assert!(!rooms.join(1, &"a".to_owned()));
    assert_eq!(rooms.rooms().count(), 0);
}

/// All this happens under the lock of the namespace: with a look at every room for every room it would take minutes.
#[test]
fn a_socket_in_very_many_rooms_holds_nobody_up() {
    let mut rooms = rooms([1, 2]);
    let names: Vec<String> = (0..100_000).map(|number| format!("room {number}")).collect();
    for id in [1, 2, 2] {
        assert!(names.iter().all(|name| rooms.join(id, name)));
    }
    for name in names.iter().take(50_000) {
        rooms.leave(1, name);
    }
    assert_eq!(rooms.remove(1).unwrap().0.len(), 50_001);
    assert_eq!(rooms.remove(2).unwrap().0.len(), 100_001);
    assert_eq!(rooms.rooms().count(), 0);
}

/// A plain model of the same, against a long walk of pseudo-random steps.
#[test]
fn numbers_agree_with_a_model() {
    let mut rooms = rooms([]);
    let mut model: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    for _ in 0..20_000 {
        let id = u32::try_from(next(12)).unwrap();
        let room = format!("room {}", next(6));
        match next(8) {
            0 if !model.contains_key(&id) => {
                rooms.insert(id, id);
                model.insert(id, BTreeSet::new());
            }
            1 => assert_eq!(rooms.remove(id).is_some(), model.remove(&id).is_some()),
            2..=4 => {
                let joined = rooms.join(id, &room);
                assert_eq!(joined, model.get_mut(&id).map(|of| of.insert(room)).is_some());
            }
            5 | 6 => {
                rooms.leave(id, &room);
                model.get_mut(&id).map(|of| of.remove(&room));
            }
            _ => {
                let expected: Vec<u32> =
                    model.iter().filter(|(_, of)| of.contains(&room)).map(|(id, _)| *id).collect();
                assert_eq!(select(&rooms, &[&room], &[]), expected);
                let others: Vec<u32> =
                    model.iter().filter(|(_, of)| !of.contains(&room)).map(|(id, _)| *id).collect();
                assert_eq!(select(&rooms, &[], &[&room]), others);
            }
        }
    }
    let used: BTreeSet<&String> = model.values().flatten().collect();
    assert_eq!(rooms.rooms().map(|(name, _)| name).collect::<BTreeSet<_>>(), used);
}
