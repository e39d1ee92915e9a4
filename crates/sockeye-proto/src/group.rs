//! A packet and its attachments, which travel as one.
