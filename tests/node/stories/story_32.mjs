// What a socket knows.
import assert from "node:assert/strict";
import { ask, collect, connect, fence, noted, story, transport } from "../lib/story.mjs";

await story(async () => {
  const ada = await connect("/admin", { query: { name: "Ada" } });
  const bob = await connect("/admin", { query: { name: "Bob L" } });
  const main = await connect("/");
  const about = await ada.emitWithAck("about");
  assert.deepEqual(about, {
    id: ada.id,
    namespace: "/admin",
    rooms: [ada.id],
    name: "Ada",
    connected: true,
    disconnected: false,
    transport: transport === "polling" ? "polling" : "websocket",
  });
  assert.equal((await bob.emitWithAck("about")).name, "Bob L");
  assert.equal(await ada.emitWithAck("again"), 2);
  const visitors = await ask("visitors");
  assert.deepEqual(visitors.sort(), [[ada.id, "Ada", 2], [bob.id, "Bob L", 1]].sort());

  const seen = [ada, bob, main].map((socket) => [collect(socket, "everybody"), collect(socket, "elsewhere")]);
  await ada.emitWithAck("everybody");
  await ada.emitWithAck("elsewhere");
  await fence(ada, bob, main);
  const counts = seen.map((lists) => lists.map((list) => list.length));
  assert.deepEqual(counts, [[1, 0], [1, 0], [0, 1]]);
  assert.deepEqual(seen[0][0][0], ["of the namespace"]);

  ada.disconnect();
  await noted("disconnected true");
});
