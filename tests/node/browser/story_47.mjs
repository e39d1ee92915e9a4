// Binary of a browser: Blob, File, ArrayBuffer and views, both ways, nested, in acks too.
import assert from "node:assert/strict";
import { emptyPages, launch } from "../lib/browser.mjs";
import { base, story, transport, transports } from "../lib/story.mjs";

/** Inside the page: sends each kind there and back. */
async function exchange({ server, transports }) {
  const socket = globalThis.io(server, { transports, forceNew: true });
  await new Promise((resolve) => socket.once("connect", resolve));
  if (transports.length > 1) await new Promise((resolve) => socket.io.engine.once("upgrade", resolve));
  const backing = Uint8Array.from([9, 1, 2, 3, 9]);
  const samples = {
    blob: new Blob([Uint8Array.from([1, 2, 3])]),
    file: new File([Uint8Array.from([1, 2, 3])], "three.bin"),
    buffer: Uint8Array.from([1, 2, 3]).buffer,
    view: new Uint8Array(backing.buffer, 1, 3),
    empty: new Blob([]),
  };
  const list = (bytes) => (bytes instanceof ArrayBuffer ? [...new Uint8Array(bytes)] : `no buffer: ${bytes}`);
  const seen = {};
  for (const [name, value] of Object.entries(samples)) {
    const back = new Promise((resolve) => socket.once("back", (_, bytes) => resolve(bytes)));
    socket.emit("send-back", "text", value);
    const nested = await socket.emitWithAck("nest", { deep: { list: [{ bytes: value }] } });
    seen[name] = [await socket.emitWithAck("echo", value), nested.list[0], await back].map(list);
  }
  socket.on("give", (callback) => callback({ bytes: new Blob([Uint8Array.from([5, 6])]) }));
  seen.given = await socket.emitWithAck("ask-for-bytes");
  return seen;
}

await story(async () => {
  const browser = await launch({ "anywhere.test:80": await emptyPages() });
  const page = await browser.newPage();
  await page.goto("http://anywhere.test/");
  const seen = await page.evaluate(exchange, { server: base, transports: transports[transport] });
  const three = [[1, 2, 3], [1, 2, 3], [1, 2, 3]];
  assert.deepEqual(seen, { blob: three, file: three, buffer: three, view: three, empty: [[], [], []], given: 2 });
  await browser.close();
});
