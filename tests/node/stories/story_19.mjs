// The server hangs up: one namespace, or all of them.
import assert from "node:assert/strict";
import { ask, connect, next, pause, settled, story } from "../lib/story.mjs";

await story(async () => {
  const main = await connect("/", { reconnection: true, reconnectionDelay: 10 });
  const chat = await settled(main.io.socket("/chat"));

  const left = next(chat, "disconnect");
  chat.emit("hang-up");
  assert.equal((await left)[0], "io server disconnect");
  await pause(200);
  assert.equal(chat.connected, false);
  assert.equal(main.connected, true);
  assert.equal(await main.emitWithAck("alive"), true);

  await settled(chat.connect());
  const both = Promise.all([next(main, "disconnect"), next(chat, "disconnect")]);
  chat.emit("hang-up-all");
  assert.deepEqual((await both).map(([reason]) => reason), ["io server disconnect", "io server disconnect"]);
  await pause(200);
  assert.deepEqual([main.connected, chat.connected], [false, false]);
  assert.equal(await ask("connected"), 0);
});
