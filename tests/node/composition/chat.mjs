// The stock client through whatever the application is made of: acks, broadcasts, large texts, and a while of silence.
import assert from "node:assert/strict";
import { connect, next, pause, story } from "../lib/story.mjs";

const path = process.env.MOUNT ?? "/socket.io/";
const idle = Number(process.env.IDLE ?? 0);

await story(async () => {
  const socket = await connect("/", { path });
  const { id } = socket;
  const large = "a large text ".repeat(1000);
  assert.deepEqual(await socket.emitWithAck("echo", { hello: ["world"] }), { hello: ["world"] });
  assert.equal(await socket.emitWithAck("echo", large), large);
  const news = next(socket, "news");
  socket.emit("tell", large);
  assert.deepEqual(await news, [large]);
  if (idle > 0) {
    await pause(idle);
    assert.equal(await socket.emitWithAck("echo", "still here"), "still here");
    assert.equal(socket.id, id);
  }
});
