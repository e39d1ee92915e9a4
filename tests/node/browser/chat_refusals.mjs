// What cannot work is said in a sentence: wrong password, expired cookie, stopped server.
import assert from "node:assert/strict";
import { launch } from "../lib/browser.mjs";
import { PHONE, Person } from "../lib/chat.mjs";
import { ask, base, story, until } from "../lib/story.mjs";

const isLogin = (person) => person.page.getByRole("button", { name: "Log in", exact: true }).waitFor();

await story(async () => {
  const browser = await launch();
  const ada = await Person.arrive(browser, base);
  await ada.login("ada", "wrong");
  await ada.isTold(/password/i);
  await ada.screenshot("error-password");
  await ada.page.setViewportSize(PHONE);
  await ada.screenshot("error-password");

  // Tokens of this server live for a few seconds.
  await ada.enter("ada");
  await isLogin(ada);
  await ada.isTold(/session has expired/i);
  await ada.page.reload();
  await ada.isTold(/session has expired/i);
  await ada.screenshot("error-expired");

  const bob = await Person.arrive(browser, base);
  await bob.enter("bob");
  await ask("stop");
  await until(async () => (await bob.state()) === "offline", "bob is offline");
  await bob.isTold(/offline/i);
  await bob.screenshot("offline");
  await bob.page.setViewportSize(PHONE);
  await bob.screenshot("offline");

  await ada.login("ada");
  await ada.isTold(/server does not answer/i);
  await ada.screenshot("error-stopped");
  assert.deepEqual(await ada.messages(), []);
  await browser.close();
});
