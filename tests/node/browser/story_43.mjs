// The client comes with the server: the page of the example `hello`, and the files as npm has them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { launch } from "../lib/browser.mjs";
import { base, story } from "../lib/story.mjs";

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const folder = new URL("../node_modules/socket.io-client/", import.meta.url);
const golden = JSON.parse(
  readFileSync(new URL("../../../crates/sockeye/tests/fixtures/client-bundle.json", import.meta.url)),
);
const version = JSON.parse(readFileSync(new URL("package.json", folder))).version;

/** A GET whose body stays as it was sent. */
function get(name, headers) {
  return new Promise((resolve, reject) => {
    http
      .get(`${base}/socket.io/${name}`, { headers }, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve({ ...response, headers: response.headers, status: response.statusCode, body: Buffer.concat(chunks) }));
      })
      .on("error", reject);
  });
}

await story(async () => {
  const browser = await launch();
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(base);
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Greet" }).click();
  await page.getByText("Hello, Ada!").waitFor();
  assert.equal(await page.evaluate("typeof io.Manager"), "function");
  assert.deepEqual(complaints, []);

  // A second visit asks again, and is told that nothing has changed.
  const statuses = [];
  page.on("response", (response) => {
    if (response.url().endsWith("socket.io.js")) statuses.push(response.status());
  });
  await page.reload();
  await page.getByLabel("Your name").waitFor();
  assert.equal(statuses.length, 1);
  await browser.close();

  for (const { file, content_type, cache_control, identity, gzip, br } of golden.files) {
    const expected = readFileSync(new URL(`dist/${file}`, folder));
    for (const [accepts, decode, size] of [
      ["identity", (bytes) => bytes, identity],
      ["gzip", gunzipSync, gzip],
      ["gzip, deflate, br", brotliDecompressSync, br],
    ]) {
      const { status, headers, body } = await get(file, { "accept-encoding": accepts });
      assert.equal(status, 200, file);
      assert.equal(hash(decode(body)), hash(expected), file);
      assert.equal(headers["content-type"], content_type);
      assert.equal(headers["cache-control"], cache_control);
      assert.equal(Number(headers["content-length"]), body.length);
      // The reference's own sizes, as far as these are the same files.
      if (version === "4.8.4") assert.ok(body.length <= size * 1.1, `${file} ${accepts}: ${body.length}, not ${size}`);
      const again = await get(file, { "accept-encoding": accepts, "if-none-match": `"x", ${headers.etag}` });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
    }
  }
});
