// Uses the preference page in a real browser, as people with and without eyes, a mouse or
// JavaScript do. Run by `run`, which sets API_OF_SHOP, CHROMIUM and NODE_PATH. With
// SCREENSHOTS=DIRECTORY it leaves pictures there.
"use strict";

const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const { API_OF_SHOP: API, CHROMIUM, SCREENSHOTS } = process.env;
let checked = 0;
let failed = 0;

function check(name, expected, got) {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
  checked += 1;
  if (wanted === found) return;
  failed += 1;
  console.log(
    `FAILED preferences, ${name}: expected ${wanted}, got ${String(found).slice(0, 600)}`,
  );
}

async function call(method, request) {
  // A busy machine may need longer for it than the deadline that a call has by default.
  const headers = { "content-type": "application/json", "connect-timeout-ms": "60000" };
  const body = JSON.stringify(request);
  const answer = await fetch(`${API}/courtesy.v1.${method}`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
  return answer.json();
}

async function link(customer, more = {}) {
  return (await call("CustomerService/IssuePreferenceLink", { customer_id: customer, ...more }))
    .url;
}

async function unsubscribeLink(customer) {
  const request = { customer_id: customer, scope: { channel: "email" } };
  return (await call("CustomerService/IssueUnsubscribeLink", request)).url;
}

async function known(customer) {
  return (await call("CustomerService/GetCustomer", { customer_id: customer })).customer;
}

async function may(customer, channel, topic) {
  const contact = { customer_id: customer, channel, purpose: "marketing", topic };
  return (
    (await call("ContactService/CheckContact", { contact })).decision.effect === "EFFECT_ALLOW"
  );
}

async function open(browser, options) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (it) => complaints.push(it.text()));
  page.on("pageerror", (it) => complaints.push(String(it)));
  return { context, page, complaints };
}

// What axe-core finds against WCAG 2.2 AA and good practice, and whether the page fits the screen.
async function inspect(tab, name) {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate(() => window.axe.run());
  check(
    `${name}: accessible`,
    [],
    violations.map((it) => `${it.id}: ${it.nodes[0].failureSummary}`),
  );
  const tooWide = () => document.documentElement.scrollWidth - window.innerWidth;
  check(`${name}: fits the screen`, true, (await tab.evaluate(tooWide)) <= 0);
  if (!SCREENSHOTS) return;
  const file = `${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
  await tab.screenshot({ path: path.join(SCREENSHOTS, file), fullPage: true });
}

async function status(tab) {
  return (await tab.getByRole("status").innerText()).replace(/\s+/g, " ");
}

async function press(tab, button) {
  const answer = tab.waitForResponse((it) => it.request().method() === "POST");
  await tab.getByRole("button", { name: button, exact: true }).click();
  await answer;
  await tab.getByRole("status").waitFor();
}

const WAYS = [
  ["light", { viewport: { width: 1200, height: 900 } }],
  ["dark", { viewport: { width: 1200, height: 900 }, colorScheme: "dark" }],
  ["320 px", { viewport: { width: 320, height: 640 } }],
  ["320 px dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
  ["200 percent", { viewport: { width: 640, height: 480 } }],
];

// Every state of the page, in every way of looking at it.
async function states(browser) {
  for (const [name, options] of WAYS) {
    const customer = `pages ${name}`;
    const url = await link(customer);
    const { context, page: tab } = await open(browser, { ...options, bypassCSP: true });
    await tab.goto(url);
    if (name === "200 percent")
      await tab.addStyleTag({ content: ":root { font-size: 200% !important; }" });
    await inspect(tab, `${name}: fresh`);
    await tab.getByLabel("Newsletter").uncheck();
    await tab.getByLabel("Text message").check();
    await tab.getByLabel("Mother's Day").check();
    await tab.getByLabel("Once a week").check();
    await tab.getByLabel("Nothing from us").selectOption({ label: "for a month" });
    await tab.getByLabel("Day", { exact: true }).selectOption("3");
    await tab.getByLabel("Month", { exact: true }).selectOption({ label: "March" });
    await press(tab, "Save");
    check(
      `${name}: saved`,
      true,
      (await status(tab)).startsWith("Saved. No more: Newsletter. Still to confirm: Text message."),
    );
    await inspect(tab, `${name}: saved`);

    await call("CustomerService/OptOut", {
      customer_id: customer,
      scope: { topic: "offers", marketing: true },
    });
    await tab.getByLabel("Newsletter").check();
    await press(tab, "Save");
    check(
      `${name}: meanwhile`,
      true,
      (await status(tab)).startsWith("Something has changed meanwhile."),
    );
    await inspect(tab, `${name}: conflict`);

    const click = await unsubscribeLink(customer);
    await tab.goto(`${click}/preferences`);
    check(`${name}: only less`, false, await tab.getByLabel("Newsletter").isVisible());
    await inspect(tab, `${name}: only less`);
    await tab.goto(click);
    await inspect(tab, `${name}: unsubscribe`);
    await press(tab, "Unsubscribe");
    await inspect(tab, `${name}: unsubscribed`);
    await press(tab, "Undo");
    check(`${name}: undone`, "Everything is as it was before.", await status(tab));
    await inspect(tab, `${name}: undone`);

    await tab.goto(url);
    await press(tab, "Stop all of it");
    check(`${name}: stopped`, false, await may(customer, "email", "events"));
    await inspect(tab, `${name}: stopped`);
    await tab.goto(url.slice(0, -9));
    await inspect(tab, `${name}: a link cut short`);
    const north = await link(customer, { brand: "north" });
    await tab.goto(north);
    await inspect(tab, `${name}: of a brand`);
    await context.close();
  }
}

// With nothing but a keyboard: each thing has the focus once, can be seen then, and does what it
// says.
async function keyboard(browser) {
  const customer = "pages by keyboard";
  const {
    context,
    page: tab,
    complaints,
  } = await open(browser, { viewport: { width: 480, height: 400 } });
  await tab.goto(await link(customer));
  const focused = () => {
    const it = document.activeElement;
    const box = it.getBoundingClientRect();
    const inside =
      box.top >= 0 && box.bottom <= window.innerHeight && box.width > 0 && box.height > 0;
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const seen = inside && (it === middle || it.contains(middle) || middle.contains(it));
    const outline = getComputedStyle(it).outlineStyle !== "none";
    return { what: it.value || it.textContent.slice(0, 30), tag: it.tagName, seen, outline };
  };
  const met = [];
  for (let step = 0; step < 60; step += 1) {
    await tab.keyboard.press("Tab");
    const it = await tab.evaluate(focused);
    if (it.tag === "BODY") break;
    check(
      `keyboard: ${it.what} is seen when it has the focus`,
      [true, true],
      [it.seen, it.outline],
    );
    met.push(it.what);
    if (it.what === "newsletter") await tab.keyboard.press("Space");
    if (it.what === "save") {
      const answer = tab.waitForResponse((response) => response.request().method() === "POST");
      await tab.keyboard.press("Enter");
      await answer;
      break;
    }
  }
  await tab.getByText("No more: Newsletter.").waitFor();
  check("keyboard: stopping comes first", "stop", met[0]);
  check("keyboard: it is saved", false, await may(customer, "email", "newsletter"));
  check(
    "keyboard: the status has the focus",
    "status",
    await tab.evaluate(() => document.activeElement.getAttribute("role")),
  );
  check("keyboard: the browser complains of nothing", [], complaints);
  await context.close();
}

async function withoutScript(browser) {
  const customer = "pages without script";
  const url = await link(customer, { channel: "sms" });
  const { context, page: tab, complaints } = await open(browser, { javaScriptEnabled: false });
  for (let look = 0; look < 100; look += 1) await fetch(url);
  await tab.goto(url);
  check(
    "looking, as scanners do, changes nothing",
    { customerId: customer },
    await known(customer),
  );
  await tab.getByLabel("Text message").check();
  await press(tab, "Save");
  check(
    "a complete yes is told as one",
    true,
    (await status(tab)).includes("Again: Text message."),
  );
  check("a link that came by text proves the number", true, await may(customer, "sms", "offers"));
  const before = await known(customer);
  await press(tab, "Save");
  check("saving again changes nothing", before, await known(customer));
  check("the address stays", url, tab.url());
  check("no cookies", [], await context.cookies());
  check("the browser complains of nothing", [], complaints);
  await context.close();
}

async function languages(browser) {
  for (const locale of ["es", "fr", "de", "pt", "it"]) {
    const { context, page: tab } = await open(browser, {
      locale,
      viewport: { width: 320, height: 640 },
      bypassCSP: true,
    });
    await tab.goto(await link(`pages ${locale}`));
    check(`${locale}: the language`, locale, await tab.locator("html").getAttribute("lang"));
    await inspect(tab, `${locale}: 320 px`);
    await context.close();
  }
}

async function main() {
  const policy = fs.readFileSync(path.join(__dirname, "shop.yaml"), "utf8");
  await call("PolicyService/ApplyPolicy", { documents: [{ text: policy }], expected_revision: 0 });
  if (SCREENSHOTS) fs.mkdirSync(SCREENSHOTS, { recursive: true });
  const args = ["--disable-background-networking", "--disable-component-update", "--no-first-run"];
  const chromiumSandbox = process.getuid() !== 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox, args });
  try {
    await states(browser);
    await keyboard(browser);
    await withoutScript(browser);
    await languages(browser);
    console.log(
      `preferences in Chromium ${browser.version()}: ${checked} checks, ${failed} failed`,
    );
  } finally {
    await browser.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error) => {
  console.log(
    `FAILED the preference page in a browser: expected a test, got ${String(error).slice(0, 600)}`,
  );
  process.exitCode = 1;
});
