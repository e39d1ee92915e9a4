//! Scripts: inputs to a machine that a person can read and a fuzzer can turn around.

/// The lines of a script. One that begins with a tab goes on with the line before, newline included, so that every byte
/// can stand in an input.
pub(crate) fn lines(script: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in script.split(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"\t"), lines.last_mut()) {
            (Some(more), Some(before)) => {
                before.push(b'\n');
                before.extend_from_slice(more);
            }
            _ => lines.push(line.to_vec()),
        }
    }
    lines
}
