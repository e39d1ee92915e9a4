//! One outgoing message, framed once for every transport.
