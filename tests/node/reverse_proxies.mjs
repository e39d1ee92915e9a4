// Two nodes behind a reverse proxy: sessions stay where they are, nothing is held back, and a node may go.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { ask, base, io, story, until, within } from "./lib/story.mjs";

/** A client as most are: polling first, then the upgrade, with a jar for cookies. */
function client(options = {}) {
  return io(base, { forceNew: true, withCredentials: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...options });
}

const connected = (socket) =>
  within(new Promise((resolve) => socket.once("connect", resolve)), "not connected");

await story(async () => {
  const sockets = Array.from({ length: 12 }, () => client());
  await Promise.all(sockets.map(connected));
  const homes = await Promise.all(sockets.map((socket) => socket.emitWithAck("node")));
  assert.deepEqual([...new Set(homes)].sort(), ["one", "two"], "both nodes have clients");
  await until(() => sockets.every((socket) => socket.io.engine.transport.name === "websocket"), "all upgrade");

  // A session is dozens of requests on polling, and each finds its node.
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const socket = client({ transports });
    await connected(socket);
    const home = await socket.emitWithAck("node");
    const numbers = [];
    socket.on("number", (number) => numbers.push(number));
    for (let round = 0; round < 20; round += 1) assert.equal(await socket.emitWithAck("node"), home);
    socket.emit("count", 100);
    await until(() => numbers.length === 100, "100 events");
    assert.deepEqual(numbers, Array.from({ length: 100 }, (_, at) => at + 1));
    // Just below `max_payload`.
    const large = "x".repeat(990_000);
    assert.equal(await within(socket.emitWithAck("echo", large), "a large event"), large);
    socket.disconnect();
  }

  // The proxy says where the client is.
  const far = client({ transports: ["polling"], agent: new Agent({ localAddress: "127.0.0.7" }) });
  await connected(far);
  assert.equal(await far.emitWithAck("address"), "127.0.0.7");
  far.disconnect();

  // A node goes: its clients are on the other one soon after, by themselves.
  await ask("stop", "one");
  await until(async () => {
    if (!sockets.every((socket) => socket.connected)) return false;
    const now = await Promise.all(sockets.map((socket) => socket.timeout(2000).emitWithAck("node").catch(() => null)));
    return now.every((node) => node === "two");
  }, "everybody is on the other node");
  for (const socket of sockets) socket.disconnect();
  await until(async () => (await ask("sessions")) === 0, "no session is left");
});
