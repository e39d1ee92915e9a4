// Compression per packet, in both directions, seen on the wire.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import WebSocket from "ws";
import { ask, base, connect, next, noted, notes, open, settled, story, transport, until, within } from "../lib/story.mjs";
import { request, session } from "../lib/http.mjs";

const long = "a long text ".repeat(500);

/** What the server says by polling, and in which form. */
async function polling() {
  const address = await session(base);
  for (const compress of [true, false]) {
    await ask("say", { compress, text: long });
    const answer = await request(address, { headers: { "accept-encoding": "gzip, deflate, br" } });
    assert.equal(answer.headers["content-encoding"], compress ? "gzip" : undefined);
    assert.equal(Number(answer.headers["content-length"]), answer.body.length);
    const body = compress ? gunzipSync(answer.body) : answer.body;
    assert.equal(body.toString(), `42${JSON.stringify(["said", long])}`);
  }
}

/** The same by websocket: bytes on the connection, and RSV1 of the first frame in them. */
async function websocket() {
  const client = new WebSocket(`${base.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  const messages = [];
  let wake = () => {};
  client.on("message", (data) => wake(messages.push(data.toString())));
  const message = async () => {
    while (messages.length === 0) await within(new Promise((resolve) => (wake = resolve)), "no message");
    return messages.shift();
  };
  assert.match(await message(), /^0\{/);
  assert.equal(client.extensions, "permessage-deflate");
  client.send("40");
  assert.match(await message(), /^40\{/);
  for (const compress of [true, false]) {
    const before = client._socket.bytesRead;
    let first;
    client._socket.once("data", (data) => (first = data[0]));
    await ask("say", { compress, text: long });
    assert.equal(await message(), `42${JSON.stringify(["said", long])}`);
    assert.equal(first, compress ? 0xc1 : 0x81);
    const bytes = client._socket.bytesRead - before;
    assert.ok(compress ? bytes < long.length / 10 : bytes > long.length, `${bytes}`);
  }
  client.close();
}

/** The stock client: what it sends with and without compression, and what it drops. */
async function stock() {
  const socket = await connect();
  const wire = () => socket.io.engine.transport.ws?._socket.bytesWritten;
  for (const compress of [true, false]) {
    const before = wire();
    assert.equal(await socket.compress(compress).emitWithAck("length", long), long.length);
    if (transport !== "polling") {
      const bytes = wire() - before;
      assert.ok(compress ? bytes < long.length / 10 : bytes > long.length, `${compress} ${bytes}`);
    }
    const said = next(socket, "said");
    await ask("say", { compress, text: long });
    assert.deepEqual(await said, [long]);
  }
  const binary = Buffer.alloc(20_000, 7);
  assert.equal(await socket.emitWithAck("size", binary), binary.length);

  const { engine } = socket.io;
  await until(() => engine.transport.writable && engine.writeBuffer.length === 0);
  socket.volatile.emit("note", "idle");
  await noted("idle");
  const again = open();
  again.volatile.emit("note", "not connected");
  await settled(again);
  again.emit("note", "connected");
  await noted("connected");
  assert.ok(!(await notes()).includes("not connected"));
}

await story(async () => {
  await stock();
  if (transport === "polling") await polling();
  if (transport === "websocket") await websocket();
});
