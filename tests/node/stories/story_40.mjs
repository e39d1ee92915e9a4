// A network that blocks websocket: the default client goes on by polling, and nothing is lost.
import assert from "node:assert/strict";
import { ask, base, collect, io, noted, pause, settled, story } from "../lib/story.mjs";

const count = 50;

await story(async () => {
  for (const network of ["refuses", "swallows"]) {
    await ask("network", network);
    const socket = io(base, { forceNew: true });
    const news = collect(socket, "news");
    await settled(socket);
    for (let number = 0; number < count; number += 1) {
      socket.emit("count", network, number);
      if (number % 10 === 0) await pause(20);
    }
    await noted(`${network} ${Array.from({ length: count }, (_, number) => number).join(" ")}`);
    assert.equal(await socket.emitWithAck("count-down", count), true);
    assert.deepEqual(news.map(([number]) => number), Array.from({ length: count }, (_, number) => number));
    assert.equal(socket.io.engine.transport.name, "polling");
    assert.ok((await ask("upgrades")) >= 1, "an upgrade was tried");
    socket.disconnect();
  }
});
