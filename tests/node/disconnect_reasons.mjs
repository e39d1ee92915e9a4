// Every reason with which the server sees a stock client leave.
import assert from "node:assert/strict";
import { ask, base, connect, next, noted, pause, story, transport } from "./lib/story.mjs";

const polling = transport === "polling";

/** Sends what no stock client would, on the session of this socket. */
async function sendRaw(socket, packet) {
  const { engine } = socket.io;
  if (engine.transport.name === "websocket") return engine.transport.ws.send(packet);
  const url = `${base}/socket.io/?EIO=4&transport=polling&sid=${engine.id}`;
  return (await fetch(url, { method: "POST", body: packet })).text();
}

/** Ends one socket, and waits until the server says why. */
async function ends(reason, how, expectedAtClient) {
  const socket = await connect();
  const { id } = socket;
  const left = next(socket, "disconnect");
  await how(socket);
  await noted(`${id} ${reason}`);
  if (expectedAtClient) assert.equal((await left)[0], expectedAtClient);
}

await story(async () => {
  await ends("client namespace disconnect", (socket) => socket.disconnect(), "io client disconnect");
  await ends("server namespace disconnect", (socket) => socket.emit("hang-up"), "io server disconnect");
  await ends("transport close", (socket) => socket.io.engine.close());
  // A poll whose connection ends before its answer; a frame that breaks the rules of WebSocket.
  await ends("transport error", async (socket) => {
    if (polling) {
      // Until its GET waits at the server.
      await pause(100);
      return ask("network", "cut");
    }
    return socket.io.engine.transport.ws._socket.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
  });
  await ask("network", "works");
  await ends("parse error", (socket) => sendRaw(socket, "abc"), "transport close");
  // A packet that is none; and a good one that the protocol forbids, here an event before its CONNECT.
  await ends("forced close", (socket) => sendRaw(socket, '42["connect"]'), "transport close");
  const forced = polling ? "forced server close" : "forced close";
  await ends(forced, (socket) => sendRaw(socket, '42/nowhere,["early"]'), "transport close");
  await ends("ping timeout", async (socket) => {
    const { id } = socket;
    await ask("network", "frozen");
    await next(socket, "disconnect");
    // Not sooner: the server would hear of the client's own end.
    await noted(`${id} ping timeout`);
    await ask("network", "works");
  });
  await ends("server shutting down", () => ask("stop"), "transport close");
});
