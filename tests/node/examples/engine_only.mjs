// npm's client of the engine alone: text and bytes come back, on every transport.
import assert from "node:assert/strict";
import { Socket } from "engine.io-client";
import { base, story, transport, transports, within } from "../lib/story.mjs";

await story(async () => {
  const socket = new Socket(base, { transports: transports[transport] });
  socket.binaryType = "arraybuffer";
  const opened = new Promise((resolve) => socket.once("open", resolve));
  const upgraded = new Promise((resolve) => socket.once("upgrade", resolve));
  await within(opened, "not opened");
  if (transport === "upgrade") await within(upgraded, "not upgraded");
  for (const message of ["hello", "hällo\u{1f41f}", new Uint8Array([0, 1, 255])]) {
    const echoed = new Promise((resolve) => socket.once("message", resolve));
    socket.send(message);
    const back = await within(echoed, "no echo");
    assert.deepEqual(typeof back === "string" ? back : new Uint8Array(back), message);
  }
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close();
  await within(closed, "not closed");
});
