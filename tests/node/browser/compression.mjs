// Chromium and permessage-deflate: agreed on, and long packets both ways.
import assert from "node:assert/strict";
import { emptyPages, launch } from "../lib/browser.mjs";
import { base, story, transport, transports } from "../lib/story.mjs";

/** Inside the page: long text and long bytes, there and back; what was agreed on the websocket, if there is one. */
async function exchange({ server, transports }) {
  const socket = globalThis.io(server, { transports, forceNew: true });
  await new Promise((resolve) => socket.once("connect", resolve));
  const { engine } = socket.io;
  if (transports.length > 1 && engine.transport.name !== "websocket") {
    await new Promise((resolve) => engine.once("upgrade", resolve));
  }
  const text = "a long text ".repeat(20_000);
  const bytes = new Uint8Array(200_000).map((_, index) => index >> 8);
  const seen = { texts: 0, bytes: 0, extensions: socket.io.engine.transport.ws?.extensions ?? null };
  for (let round = 0; round < 3; round += 1) {
    if ((await socket.emitWithAck("text", text)) === text) seen.texts += 1;
    const back = new Uint8Array(await socket.emitWithAck("bytes", bytes));
    if (back.length === bytes.length && back.every((byte, index) => byte === bytes[index])) seen.bytes += 1;
  }
  socket.disconnect();
  return seen;
}

await story(async () => {
  const browser = await launch({ "anywhere.test:80": await emptyPages() });
  const page = await browser.newPage();
  await page.goto("http://anywhere.test/");
  const seen = await page.evaluate(exchange, { server: base, transports: transports[transport] });
  const { extensions, ...exchanged } = seen;
  assert.deepEqual(exchanged, { texts: 3, bytes: 3 });
  if (transport === "polling") assert.equal(extensions, null);
  else assert.match(extensions, /^permessage-deflate/);
  await browser.close();
});
