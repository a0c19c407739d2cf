// Opens pages of a site in headless Chromium and prints as JSON what was found there.
// node pages.mjs CHROMIUM BASE_URL FOLDER PAGE... ; screenshots go into FOLDER.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [chromium, base, folder, ...pages] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const found = { faults: [], wide: [], violations: [], links: [], search: {} };
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

const open = async (path, width, scheme) => {
  const page = await browser.newPage();
  page.on("console", (message) => found.faults.push(`${path}: ${message.text()}`));
  page.on("pageerror", (error) => found.faults.push(`${path}: ${error.message}`));
  page.on("requestfailed", (request) => found.faults.push(`${path}: ${request.url()} failed`));
  page.on("response", (answer) => {
    if (answer.status() >= 400) found.faults.push(`${path}: ${answer.url()} ${answer.status()}`);
  });
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(base + path, { waitUntil: "load" });
  return page;
};

for (const path of pages) {
  for (const width of [390, 1280]) {
    for (const scheme of ["light", "dark"]) {
      const page = await open(path, width, scheme);
      if ((await page.evaluate(() => document.documentElement.scrollWidth)) > width) {
        found.wide.push(`${path} at ${width}`);
      }
      const name = path.replace(/\W+/g, "-");
      await page.screenshot({ path: `${folder}/${name}-${width}-${scheme}.png`, fullPage: true });
      await page.close();
    }
  }
  for (const [width, scheme] of [[390, "light"], [1280, "dark"], [1280, "light"]]) {
    const page = await open(path, width, scheme);
    await page.setBypassCSP(true);
    await page.reload({ waitUntil: "load" });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    for (const { id, impact, nodes } of violations) {
      found.violations.push(`${path} (${scheme}): ${impact}: ${id}: ${nodes[0].html.slice(0, 120)}`);
    }
    await page.close();
  }
}

const index = await open("index.html", 1280, "light");
found.links = await index.$$eval("a[href], link[href]", (all) => all.map((one) => one.href));
const shown = () =>
  index.$$eval("[data-find]", (all) => all.filter((one) => one.offsetParent).map((one) => one.dataset.find));
found.search.all = (await shown()).length;
await index.keyboard.press("/");
await index.keyboard.type("TÜRK");
found.search.shown = await shown();
found.search.said = await index.$eval("output", (one) => one.value);
await Promise.all([index.waitForNavigation(), index.keyboard.press("Enter")]);
found.search.led = index.url().slice(base.length);
await index.close();

await browser.close();
console.log(JSON.stringify(found));
