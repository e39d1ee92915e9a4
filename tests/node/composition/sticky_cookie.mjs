// The cookie of the handshake comes back with every later request, which is what a load balancer goes by.
import assert from "node:assert/strict";
import { connect, noted, notes, story, transport } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect("/", { withCredentials: true });
  const { id } = socket.io.engine;
  if (transport === "websocket") return assert.deepEqual(await notes(), ["GET none"]);
  await noted(`POST node=${id}`);
  await noted(`GET node=${id}`);
  // The request that moves the session is one of them.
  if (transport === "upgrade") await noted(`upgrade node=${id}`);
  assert.deepEqual((await notes()).filter((note) => note.endsWith(" none")), ["GET none"]);
});
