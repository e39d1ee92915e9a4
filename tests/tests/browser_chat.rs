//! The demo in a real browser: what a newcomer does, and what networks do to them.

#![forbid(unsafe_code)]

use whole_system::Demo;

/// A key that outlives a restart of the server, so that nobody has to log in again.
const SECRET: (&str, &str) = ("CHAT_SECRET", "a secret of the tests, long enough to be one");

#[tokio::test(flavor = "multi_thread")]
async fn two_people_chat_and_a_third_in_no_room_sees_nothing() {
    Demo::start(&[]).await.tell("browser/chat_two_people.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_password_expired_cookie_and_stopped_server_are_said_in_a_sentence() {
    Demo::start(&[("CHAT_TOKEN_SECONDS", "6")]).await.tell("browser/chat_refusals.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_network_and_a_restart_lose_and_double_nothing() {
    Demo::start(&[SECRET]).await.tell("browser/chat_network.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn proxies_that_refuse_or_swallow_upgrades_leave_polling() {
    Demo::start(&[]).await.tell("browser/chat_proxies.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_another_origin_chats_on_every_transport() {
    Demo::start(&[]).await.tell("browser/chat_cross_origin.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_accessible_silent_and_fits_both_sizes() {
    Demo::start(&[]).await.tell("browser/chat_care.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn story_49_react_opens_one_socket_a_tab() {
    Demo::start(&[]).await.tell("browser/story_49.mjs", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_page_is_carols_and_needs_no_second_login() {
    Demo::start(&[]).await.tell("browser/chat_admin.mjs", &[]).await;
}
