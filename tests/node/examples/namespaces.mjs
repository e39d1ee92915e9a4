// Documents: each is a namespace, made for the first who opens it and gone with the last.
import assert from "node:assert/strict";
import { connect, next, open, story, until } from "../lib/story.mjs";

await story(async () => {
  const lobby = await connect();
  const [one, two] = [await lobby.emitWithAck("create"), await lobby.emitWithAck("create")];
  assert.deepEqual(await lobby.emitWithAck("open"), []);

  const ada = await connect(`/document/${one}`);
  const bob = await connect(`/document/${one}`);
  const eve = await connect(`/document/${two}`);
  eve.on("line", () => assert.fail("that is another document"));
  assert.deepEqual(await lobby.emitWithAck("open"), [[`/document/${one}`, 2], [`/document/${two}`, 1]]);

  const line = next(bob, "line");
  await ada.emitWithAck("write", "Dear Bob,");
  assert.deepEqual(await line, ["Dear Bob,"]);
  assert.equal(await bob.emitWithAck("read"), "Dear Bob,\n");
  assert.equal(await eve.emitWithAck("read"), "");

  const heard = Promise.all([ada, bob, eve].map((socket) => next(socket, "announcement")));
  await lobby.emitWithAck("announce", "tea is ready");
  assert.deepEqual(await heard, [["tea is ready"], ["tea is ready"], ["tea is ready"]]);

  for (const [name, told] of [
    ["/document/99", "there is no such document"],
    ["/document/x", "`number` does not fit: invalid digit found in string"],
    ["/shelf/1", "Invalid namespace"],
  ]) {
    const [refused] = await next(open(name), "connect_error");
    assert.equal(refused.message, told);
  }

  for (const socket of [ada, bob, eve]) socket.disconnect();
  await until(async () => (await lobby.emitWithAck("open")).length === 0, "they go with the last who leaves");
});
