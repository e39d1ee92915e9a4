// The server restarts on the same port, and the client comes back by itself.
import assert from "node:assert/strict";
import { ask, collect, connect, fence, next, pause, story, upgraded } from "../lib/story.mjs";

await story(async () => {
  const socket = await connect("/", { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 });
  const first = socket.id;
  const news = collect(socket, "news");
  const connects = collect(socket, "connect");

  for (const gap of [0, 1500]) {
    const left = next(socket, "disconnect");
    await ask("stop");
    assert.equal((await left)[0], "transport close");
    const back = next(socket, "connect");
    await pause(gap);
    await ask("start");
    await back;
    await upgraded(socket);
  }
  assert.equal(connects.length, 2);
  assert.notEqual(socket.id, first);
  await fence(socket);
  assert.deepEqual(news, []);
  await ask("news");
  await fence(socket);
  assert.equal(news.length, 1);
});
