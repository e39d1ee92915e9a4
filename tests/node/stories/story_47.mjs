// Any binary, both ways and in acks. (The browser's Blob is told in the browser tests.)
import assert from "node:assert/strict";
import { connect, next, noted, story } from "../lib/story.mjs";

const backing = Uint8Array.from([9, 9, 1, 2, 3, 9]);
const samples = {
  "array buffer": [Uint8Array.from([1, 2, 3]).buffer, [1, 2, 3]],
  "view with offset": [new Uint8Array(backing.buffer, 2, 3), [1, 2, 3]],
  "wider view": [new Uint16Array(Uint8Array.from([0, 0, 1, 2, 3, 4]).buffer, 2, 2), [1, 2, 3, 4]],
  "data view": [new DataView(backing.buffer, 2, 3), [1, 2, 3]],
  buffer: [Buffer.from([1, 2, 3]), [1, 2, 3]],
  "empty buffer": [Buffer.alloc(0), []],
  large: [Buffer.alloc(100_000, 7), Array(100_000).fill(7)],
};

await story(async () => {
  const socket = await connect();
  for (const [name, [value, expected]] of Object.entries(samples)) {
    // As an ack …
    const echoed = await socket.emitWithAck("echo", value);
    assert.deepEqual([...echoed], expected, name);
    // … nested in it …
    const nested = await socket.emitWithAck("nest", { deep: { list: [{ bytes: value }, { bytes: value }] } });
    assert.deepEqual(nested.list.map((bytes) => [...bytes]), [expected, expected], name);
    // … and as an event.
    const back = next(socket, "back");
    socket.emit("send-back", "text", value);
    const [text, bytes] = await back;
    assert.equal(text, "text");
    assert.deepEqual([...bytes], expected, name);
    await noted(`${expected.length} bytes`);
  }
  // The server asks, and bytes are the answer.
  socket.on("give", (callback) => callback({ bytes: Buffer.from([5, 6]) }));
  assert.equal(await socket.emitWithAck("ask-for-bytes"), 2);
});
