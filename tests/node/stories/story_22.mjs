// Catching up by offset: the client says in its auth function what it has, and gets exactly what it has not.
import assert from "node:assert/strict";
import { ask, open, settled, story, until } from "../lib/story.mjs";

await story(async () => {
  let last = 0;
  const seen = [];
  const auth = (give) => give({ serverOffset: last });
  const socket = open("/", { auth, reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
  socket.on("added", (item, number) => {
    seen.push(item);
    last = number;
  });
  await settled(socket);
  await ask("add", "one");
  await ask("add", "two");
  await until(() => seen.length === 2);
  for (const missed of [["three"], [], ["four", "five"]]) {
    await ask("network", "cut");
    await until(() => !socket.connected);
    for (const item of missed) await ask("add", item);
    await ask("network", "works");
    await until(() => socket.connected);
    await until(() => last === seen.length);
  }
  await ask("add", "six");
  await until(() => seen.includes("six"));
  assert.deepEqual(seen, ["one", "two", "three", "four", "five", "six"]);
  assert.deepEqual(seen, await ask("all"));
});
