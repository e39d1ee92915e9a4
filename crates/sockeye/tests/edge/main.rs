//! The edge cases of the protocols, line by line: `edge_NNN_…` is line NNN of the list, sections A to O.
//!
//! Clients are raw: hand-made HTTP/1.1 and hand-made websocket frames, over pipes into `axum::serve`, on a paused clock.
#![cfg(test)]

mod a_requests;
mod b_handshake;
mod c_polling;
mod d_websocket;
mod e_heartbeat;
mod f_upgrade;
mod g_close;
mod h_connect;
mod i_events;
mod j_binary;
mod k_middlewares;
mod l_rooms;
mod m_acks;
mod n_volatile;
mod o_disconnect;
mod p_namespaces;
mod q_recovery;
#[cfg(feature = "client-files")]
mod r_client_files;
mod support;
mod v_typing;
