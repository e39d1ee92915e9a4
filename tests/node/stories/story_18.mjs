// A reason of one's own: an event sent just before `disconnect()` is handled, and before `on_disconnect`.
import assert from "node:assert/strict";
import { connect, notes, until, story } from "../lib/story.mjs";

const rounds = 100;

await story(async () => {
  for (let round = 0; round < rounds; round += 1) {
    const socket = await connect();
    socket.emit("custom-disconnect", "User clicked logout");
    socket.disconnect();
    await until(async () => (await notes()).length >= 2 * (round + 1), "both handlers ran");
  }
  const pair = ["User clicked logout", "client namespace disconnect"];
  assert.deepEqual(await notes(), Array.from({ length: rounds }, () => pair).flat());
});
