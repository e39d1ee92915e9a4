//! Section F: from polling to a websocket.
