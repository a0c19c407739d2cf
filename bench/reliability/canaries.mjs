// Opens pages in headless Chromium, pokes at whatever they hold, and prints which canaries sang.
// node canaries.mjs CHROMIUM MODULES BASE_URL < PAGES ; a page that begins with "reader " gets its entries put in.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [chromium, modules, base] = process.argv.slice(2);
const { default: puppeteer } = await import(createRequire(modules + "/").resolve("puppeteer-core"));
const TOGETHER = 40; // pages at a time, each in a frame of its own
const pages = readFileSync(0, "utf8").split("\n").filter(Boolean);
const sang = [];
const browser = await puppeteer.launch({
  executablePath: chromium,
  timeout: 300_000, protocolTimeout: 600_000, // a busy machine is no fault
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-features=BlockInsecurePrivateNetworkRequests",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});

// Runs in each document before its own scripts.
const listen = () => {
  const tell = (what) => console.debug(`CANARY ${what} ${location.href.slice(0, 200)}`);
  globalThis.alert = tell;
};

// Runs in each frame: does to each element what a reader might. A link that leads to a server is not followed.
const poke = () => {
  const follows = (event) => {
    const link = event.target.closest?.("a[href], area[href]");
    if (link && /^https?:/.test(String(link.protocol))) event.preventDefault();
  };
  addEventListener("click", follows, true);
  addEventListener("submit", (event) => /^https?:/.test(event.target.action) && event.preventDefault(), true);
  for (const one of [...document.querySelectorAll("*")].slice(0, 20000)) {
    if (one.namespaceURI === "http://www.w3.org/1999/xhtml" && ["HTML", "HEAD", "BODY"].includes(one.tagName)) continue;
    for (const kind of ["mouseover", "mouseenter", "pointerenter", "focus", "toggle", "close"]) {
      one.dispatchEvent(new MouseEvent(kind, { bubbles: false }));
    }
    one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  }
};

// Puts each entry of a feed where readers put it: into a page that is there, and into one that is being written.
const put = async (path) => {
  const entries = await (await fetch(path)).json();
  const frame = document.body.appendChild(document.createElement("iframe"));
  for (const html of entries) {
    document.body.appendChild(document.createElement("div")).innerHTML = html;
    frame.contentDocument.write(`<div>${html}</div>`);
  }
};

const settle = (page) => Promise.race([
  page.waitForNetworkIdle({ idleTime: 150, timeout: 8000 }).catch(() => {}),
  new Promise((done) => setTimeout(done, 8000)),
]);

// Pokes at what a frame holds; gives false where the frame went away before, as a script of another may have it.
const reach = async (frame) => {
  if (frame.detached) return false;
  try {
    await frame.evaluate(poke);
    return true;
  } catch {
    return !frame.detached;
  }
};

// Opens pages; gives those that have to be opened again, each alone, for frames of theirs went away unpoked.
const visit = async (some) => {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  await page.setBypassCSP(true); // a policy would hide what was let through
  await page.evaluateOnNewDocument(listen);
  page.on("console", (message) => message.text().startsWith("CANARY ") && sang.push(message.text().slice(7)));
  page.on("dialog", (dialog) => (sang.push(`${dialog.message()} dialog`), dialog.dismiss()));
  const [first] = some;
  if (first.startsWith("alone ") || first.startsWith("reader ")) {
    const path = first.slice(first.indexOf(" ") + 1);
    await page.goto(base + (first.startsWith("reader ") ? "blank.html" : path), { waitUntil: "load" }).catch(() => {});
    if (first.startsWith("reader ")) await page.evaluate(put, base + path);
  } else {
    await page.goto(`${base}blank.html`);
    await page.evaluate((urls) => {
      for (const url of urls) document.body.appendChild(document.createElement("iframe")).src = url;
    }, some.map((path) => base + path));
  }
  await settle(page);
  let lost = false;
  for (const frame of page.frames()) {
    const reached = await Promise.race([reach(frame), new Promise((done) => setTimeout(() => done(true), 8000))]);
    lost ||= !reached;
  }
  await settle(page);
  await page.close({ runBeforeUnload: false });
  return lost && some.length > 1 ? some : [];
};

let batch = [];
for (const path of [...pages, null]) {
  const alone = path && /^(alone|reader) /.test(path);
  if (batch.length && (path === null || alone || batch.length === TOGETHER)) {
    for (const again of await visit(batch)) await visit([`alone ${again}`]);
    batch = [];
  }
  if (alone) await visit([path]);
  else if (path) batch.push(path);
}
await browser.close();
console.log(JSON.stringify(sang));
