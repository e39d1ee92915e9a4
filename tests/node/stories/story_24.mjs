// Each side notices silence.
import assert from "node:assert/strict";
import { ask, base, connect, next, noted, story } from "../lib/story.mjs";

await story(async () => {
  const opening = await (await fetch(`${base}/socket.io/?EIO=4&transport=polling`)).text();
  const { pingInterval, pingTimeout } = JSON.parse(opening.slice(1));
  assert.deepEqual([pingInterval, pingTimeout], [300, 200]);

  const socket = await connect();
  const left = next(socket, "disconnect");
  await ask("network", "frozen");
  assert.equal((await left)[0], "ping timeout");
  await noted("ping timeout");
});
