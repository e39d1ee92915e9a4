//! Whoever comes and goes in whatever order, the table says what a plain model of it says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use futures_util::FutureExt as _;
use proptest::prelude::*;

use super::*;
use crate::{Namespace, namespace::Pattern};

fn parent(pattern: &str, allow: Option<Allow>) -> Parent {
    Parent::new(Pattern::parse(pattern.into()).unwrap(), Namespace::new().build(&()), allow)
}

fn sites(dynamic: Dynamic) -> Arc<Sites> {
    let yes: Allow = Arc::new(|name, _| async move { name != "/f/no" }.boxed());
    let parents = vec![parent("/t/{id}", None), parent("/f/{id}", Some(yes))];
    let sites = Sites::new(parents, dynamic, Common::default());
    assert!(sites.add(&"/fixed".into(), Namespace::new().build(&())).is_some());
    Arc::new(sites)
}

fn ask(sites: &Arc<Sites>, name: &str) -> Option<Seat> {
    let auth = sockeye_core::Payload::copy_from(b"{}");
    let mut found = sites.ask(name, auth, Duration::from_secs(1));
    if let Found::Asking(search) = &mut found {
        let mut cx = Context::from_waker(Waker::noop());
        let Poll::Ready(ended) = search.poll_unpin(&mut cx) else { unreachable!("the function is ready") };
        found = ended;
    }
    match found {
        Found::Seat(seat, _) => Some(seat),
        Found::Nothing(_) => None,
        Found::Asking(_) => unreachable!("it was polled"),
    }
}

/// What one of a few clients does.
#[derive(Clone, Debug)]
enum Step {
    Asks(usize, &'static str),
    IsLetIn(usize),
    Goes(usize),
    Added(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    let name = || prop::sample::select(vec!["/t/1", "/t/2", "/t/3", "/f/1", "/f/no", "/fixed", "/none"]);
    prop_oneof![
        4 => (0..6_usize, name()).prop_map(|(client, name)| Step::Asks(client, name)),
        3 => (0..6_usize).prop_map(Step::IsLetIn),
        3 => (0..6_usize).prop_map(Step::Goes),
        1 => name().prop_map(Step::Added),
    ]
}

/// A name in the model: who holds it, whether it exists, and whether it stays. A namespace that is added takes the place
/// of one that waits; those who hold that one are remembered by its generation.
#[derive(Clone, Debug, Default)]
struct Entry {
    generation: usize,
    holders: usize,
    exists: bool,
    stays: bool,
}

const MOST: usize = 2;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_agrees_with_a_model(steps in prop::collection::vec(step(), 1..60), keep in any::<bool>()) {
        // A function is given so long, and that takes a clock.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _inside = runtime.enter();
        let told = Arc::new(Mutex::new(Vec::new()));
        let tells = told.clone();
        let on_created: OnCreated =
            Arc::new(move |namespace: Broadcast| tells.lock().unwrap().push(namespace.name().to_owned()));
        let sites = sites(Dynamic { most: MOST, keep_empty: keep, on_created: Some(on_created) });
        let mut model: BTreeMap<&str, Entry> = BTreeMap::new();
        model.insert("/fixed", Entry { exists: true, stays: true, ..Entry::default() });
        let mut clients: Vec<Option<(Seat, &str, usize)>> = (0..6).map(|_| None).collect();
        let (mut generation, mut created) = (0, Vec::new());
        for step in steps {
            let made = model.values().filter(|entry| entry.exists && !entry.stays).count();
            match step {
                Step::Asks(client, name) if clients[client].is_none() => {
                    let seat = ask(&sites, name);
                    let may = name != "/none" && name != "/f/no" && made < MOST;
                    prop_assert_eq!(seat.is_some(), model.contains_key(name) || may);
                    if let Some(seat) = seat {
                        let entry = model.entry(name).or_insert_with(|| {
                            generation += 1;
                            Entry { generation, ..Entry::default() }
                        });
                        entry.holders += 1;
                        clients[client] = Some((seat, name, entry.generation));
                    }
                }
                Step::IsLetIn(client) => {
                    let Some((seat, name, of)) = &clients[client] else { continue };
                    let entry = model.get_mut(name).filter(|entry| entry.generation == *of);
                    let may = entry.as_ref().is_some_and(|entry| entry.exists || made < MOST);
                    prop_assert_eq!(seat.settle().is_ok(), may);
                    if may && let Some(entry) = entry && !entry.exists {
                        entry.exists = true;
                        created.push((*name).to_owned());
                    }
                }
                Step::Goes(client) => {
                    let Some((seat, name, of)) = clients[client].take() else { continue };
                    drop(seat);
                    if let Some(entry) = model.get_mut(name).filter(|entry| entry.generation == of) {
                        entry.holders -= 1;
                        if entry.holders == 0 && !entry.stays && !(entry.exists && keep) {
                            model.remove(name);
                        }
                    }
                }
                Step::Added(name) => {
                    let free = model.get(name).is_none_or(|entry| !entry.exists);
                    prop_assert_eq!(sites.add(&name.into(), Namespace::new().build(&())).is_some(), free);
                    if free {
                        generation += 1;
                        model.insert(name, Entry { generation, exists: true, stays: true, holders: 0 });
                    }
                }
                Step::Asks(..) => {}
            }
            let mut found: Vec<String> = sites.all().iter().map(|site| site.name().to_string()).collect();
            found.sort_unstable();
            let expected: Vec<&str> =
                model.iter().filter(|(_, entry)| entry.exists).map(|(name, _)| *name).collect();
            prop_assert_eq!(found, expected);
            // And nothing is kept beyond that but for those who wait.
            prop_assert_eq!(sites.state.read().by_name.len(), model.len());
            prop_assert_eq!(&*told.lock().unwrap(), &created);
        }
        drop(clients);
        let left = model.values().filter(|entry| entry.stays || entry.exists && keep).count();
        prop_assert_eq!(sites.state.read().by_name.len(), left);
    }
}

/// The same with real threads: whatever they do to one name at a time, they meet in one namespace, and at the end it is
/// gone.
#[test]
fn many_threads_meet_in_one_namespace_and_leave_nothing() {
    let told = Arc::new(Mutex::new(0));
    let tells = told.clone();
    let on_created: OnCreated = Arc::new(move |_| *tells.lock().unwrap() += 1);
    let sites = sites(Dynamic { most: MOST, keep_empty: false, on_created: Some(on_created) });
    let rounds = 2_000;
    for _ in 0..rounds {
        let barrier = std::sync::Barrier::new(4);
        let seats: Vec<Seat> = std::thread::scope(|scope| {
            let come = |_| {
                scope.spawn(|| {
                    // One goes again while others come.
                    barrier.wait();
                    drop(ask(&sites, "/t/1"));
                    let seat = ask(&sites, "/t/1").unwrap();
                    assert!(seat.settle().is_ok());
                    seat
                })
            };
            let threads: Vec<_> = (0..4).map(come).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(seats.iter().all(|seat| Arc::ptr_eq(seat.site(), seats[0].site())));
        assert_eq!(sites.all().len(), 2);
        std::thread::scope(|scope| seats.into_iter().for_each(|seat| drop(scope.spawn(|| drop(seat)))));
        assert_eq!(sites.state.read().by_name.len(), 1);
    }
    assert_eq!(*told.lock().unwrap(), rounds);
}

#[test]
fn a_flood_does_not_leave_its_high_water_mark_behind() {
    let sites = sites(Dynamic { most: 20_000, ..Dynamic::default() });
    let seats: Vec<Seat> = (0..20_000).map(|name| ask(&sites, &format!("/t/{name}")).unwrap()).collect();
    assert!(seats.iter().all(|seat| seat.settle().is_ok()));
    assert!(ask(&sites, "/t/more").is_none());
    drop(seats);
    let state = sites.state.read();
    assert_eq!((state.by_name.len(), state.created), (1, 0));
    assert!(state.by_name.capacity() < 100, "{}", state.by_name.capacity());
}
