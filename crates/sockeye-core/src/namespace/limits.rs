//! The bounds of a socket, checked and shown.

use sockeye_proto::engine::Limit;

use super::SocketConfig;

impl SocketConfig {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// Names the first field that makes no sense: one that must not be zero.
    pub fn validate(&self) -> Result<(), &'static str> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            // As long as it takes is a wish like another.
            send_timeout,
            ack_timeout,
            max_pending_acks,
            // No rooms at all, too.
            max_rooms: _,
            max_room_len,
            max_room_hooks,
            // No data at all is a wish like another.
            max_data: _,
            shares_compressed: _,
        } = self;
        let rules = [
            (!send_timeout.is_zero(), "send_timeout must be more than zero"),
            (!ack_timeout.is_zero(), "ack_timeout must be more than zero"),
            (*max_pending_acks > 0, "max_pending_acks must be more than zero"),
            (*max_room_len > 0, "max_room_len must be more than zero"),
            (*max_room_hooks > 0, "max_room_hooks must be more than zero"),
        ];
        rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, rule)| Err(rule))
    }

    /// What is bounded, and what happens beyond.
    pub fn limits(&self) -> Vec<Limit> {
        // Whole, so that a new field is not forgotten here.
        let Self {
            send_timeout,
            ack_timeout,
            max_pending_acks,
            max_rooms,
            max_room_len,
            max_room_hooks,
            max_data,
            shares_compressed: _,
        } = self;
        vec![
            Limit::time("send_timeout", *send_timeout)
                .beyond("An awaited `emit` waits for room no longer; the event stays queued.")
                .seen("`EmitError::Timeout`"),
            Limit::time("ack_timeout", *ack_timeout)
                .beyond("`emit_with_ack` waits for its answer no longer, where the caller does not say.")
                .seen("`AckError::Timeout`"),
            Limit::count("max_pending_acks", *max_pending_acks)
                .beyond("One more event that wants an ack of the same socket is not emitted.")
                .seen("`EmitError::Full`"),
            Limit::count("max_rooms", *max_rooms)
                .beyond("The socket joins none of the rooms it asked for.")
                .seen("`JoinError::TooManyRooms`"),
            Limit::bytes("max_room_len", *max_room_len)
                .beyond("A room with a longer name is not joined.")
                .seen("`JoinError::NameTooLong`"),
            Limit::count("max_room_hooks", *max_room_hooks)
                .beyond(
                    "A socket whose `on_join` and `on_leave` handlers do not keep up joins no more rooms.",
                )
                .seen("`JoinError::Full`"),
            Limit::bytes("max_data", *max_data)
                .beyond("The socket's data stays as it was.")
                .seen("`DataError::TooLarge`"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn nonsense_is_named() {
        let default = SocketConfig::default;
        assert_eq!(default().validate(), Ok(()));
        let cases = [
            (SocketConfig { send_timeout: Duration::ZERO, ..default() }, "send_timeout"),
            (SocketConfig { ack_timeout: Duration::ZERO, ..default() }, "ack_timeout"),
            (SocketConfig { max_pending_acks: 0, ..default() }, "max_pending_acks"),
            (SocketConfig { max_room_len: 0, ..default() }, "max_room_len"),
            (SocketConfig { max_room_hooks: 0, ..default() }, "max_room_hooks"),
        ];
        for (config, named) in cases {
            assert!(config.validate().unwrap_err().contains(named), "{named}");
        }
        assert_eq!(SocketConfig { max_rooms: 0, ack_timeout: Duration::MAX, ..default() }.validate(), Ok(()));
    }
}
