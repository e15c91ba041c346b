// Uses the console in a real browser, on a store that `courtesy demo` made, as people with and
// without eyes, a mouse or JavaScript do. Run by `run`, which sets CONSOLE, API_OF_DEMO, CHROMIUM
// and NODE_PATH. With SCREENSHOTS=DIRECTORY it leaves pictures there.
"use strict";

const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const { CONSOLE, API_OF_DEMO: API, CHROMIUM, SCREENSHOTS } = process.env;
let checked = 0;
let failed = 0;

function check(name, expected, got) {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
  checked += 1;
  if (wanted === found) return;
  failed += 1;
  console.log(`FAILED console, ${name}: expected ${wanted}, got ${String(found).slice(0, 900)}`);
}

async function may(customer, channel, purpose) {
  const headers = { "content-type": "application/json", "connect-timeout-ms": "60000" };
  const body = JSON.stringify({ contact: { customer_id: customer, channel, purpose } });
  const url = `${API}/courtesy.v1.ContactService/CheckContact`;
  const answer = await fetch(url, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).decision.effect === "EFFECT_ALLOW";
}

// A tab that counts what is done in it, and notes what it complains of and which other hosts it
// asks.
async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const tab = await context.newPage();
  tab.setDefaultTimeout(60000);
  const noted = { complaints: [], elsewhere: [], done: 0 };
  tab.on("console", (it) => noted.complaints.push(it.text()));
  tab.on("pageerror", (it) => noted.complaints.push(String(it)));
  tab.on("request", (it) => {
    if (!it.url().startsWith(CONSOLE)) noted.elsewhere.push(it.url());
  });
  const act = {
    click: async (role, name) => {
      noted.done += 1;
      await tab.getByRole(role, { name, exact: true }).first().click();
    },
    write: async (label, text) => {
      noted.done += 1;
      await tab
        .getByLabel(label)
        .and(tab.locator("input:visible, textarea:visible"))
        .first()
        .fill(text);
    },
    press: async (key) => {
      noted.done += 1;
      await tab.keyboard.press(key);
    },
  };
  return { context, tab, act, noted };
}

function checkNoted(name, noted) {
  check(`${name}: no message in the browser's console`, [], noted.complaints);
  check(`${name}: no request elsewhere`, [], noted.elsewhere);
}

async function picture(tab, name) {
  if (!SCREENSHOTS) return;
  const file = `${name.replace(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
  await tab.screenshot({ path: path.join(SCREENSHOTS, file), fullPage: true });
}

// What axe-core finds against WCAG 2.2 AA and good practice, and whether the page fits the screen.
async function inspect(tab, name) {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate(() => window.axe.run());
  check(
    `${name}: accessible`,
    [],
    violations.map(
      (it) => `${it.id}: ${it.nodes[0].html.slice(0, 200)} ${it.nodes[0].failureSummary}`,
    ),
  );
  const tooWide = () => document.documentElement.scrollWidth - window.innerWidth;
  check(`${name}: fits the screen`, true, (await tab.evaluate(tooWide)) <= 0);
  await picture(tab, name);
}

async function lookUp(tab, customer) {
  await tab.goto(`${CONSOLE}/customers`);
  await tab.getByLabel("Customer’s id").fill(customer);
  await tab.keyboard.press("Enter");
  await tab.getByRole("heading", { level: 1, name: customer }).waitFor();
}

// Support asks: why did this customer get no mail, when may they, and who can change that?
async function why(browser) {
  const { context, tab, act, noted } = await open(browser);
  await tab.goto(CONSOLE);
  await act.click("link", "Customers");
  await act.write("Customer’s id", "ada");
  await act.press("Enter");
  const answer = tab.locator("#answer");
  await answer.waitFor();
  check("why: the answer in at most 4 interactions", true, noted.done <= 4);
  check(
    "why: until when",
    true,
    /No, refused, until \w{3} \d+ \w{3} \d\d:\d\d/.test(await answer.innerText()),
  );
  const table = await tab.getByRole("region", { name: "What refuses it" }).innerText();
  check("why: the reason", true, table.includes("PERSONAL_CADENCE"));
  check("why: who can change it", true, table.includes("the customer asked for fewer"));
  await lookUp(tab, "margaret");
  check("why: the address does not tell the id", false, tab.url().includes("margaret"));
  check("why: the title does not either", "Customer – courtesy", await tab.title());
  checkNoted("why", noted);
  await context.close();
  if (!SCREENSHOTS) return;
  // The picture of the README.
  const shown = await open(browser, { viewport: { width: 1200, height: 1010 } });
  await lookUp(shown.tab, "ada");
  await shown.tab.screenshot({ path: path.join(SCREENSHOTS, "readme.png") });
  await shown.context.close();
}

// An operator: all texts stop. Two clicks and a reason, once the screen is there.
async function stop(browser) {
  const { context, tab, act, noted } = await open(browser);
  await tab.goto(CONSOLE);
  await act.click("link", "Pauses");
  await tab.locator("details.stop > summary", { hasText: /^sms$/ }).click();
  await tab.locator("details.stop[open]").getByLabel("Why").fill("the gateway drops texts");
  await act.click("button", "Stop sms");
  await tab.getByText("Paused: sms").waitFor();
  check("stop: texts are refused at once", false, await may("linus", "sms", "transactional"));
  await picture(tab, "pauses while texts are stopped");
  const row = tab.getByRole("row", { name: /the gateway drops texts/ });
  await row.getByRole("button", { name: "Resume" }).click();
  await row.waitFor({ state: "detached" });
  checkNoted("stop", noted);
  await context.close();
}

// A marketer: what would another policy have refused? And a mistake is shown with its line.
async function another(browser) {
  const { context, tab, noted } = await open(browser);
  await tab.goto(`${CONSOLE}/policy`);
  await tab.getByRole("link", { name: "Edit" }).first().click();
  const text = tab.locator("textarea").first();
  const before = await text.inputValue();
  await text.fill(before.replace("\n", "\nthis is: no policy\n"));
  await tab.getByRole("button", { name: "Check", exact: true }).click();
  await tab.getByText("this is: no policy").last().waitFor();
  check(
    "policy: the text with the mistake is kept",
    true,
    (await text.inputValue()).includes("this is: no policy"),
  );
  await text.fill(before);
  await tab.getByRole("button", { name: "Simulate", exact: true }).click();
  await tab.getByRole("heading", { name: /refused|Simulation|would/i }).first().waitFor();
  await picture(tab, "policy simulated");
  checkNoted("policy", noted);
  await context.close();
}

// The board on the wall, and the screens with only a keyboard.
async function wallAndKeyboard(browser) {
  const { context, tab, noted } = await open(browser);
  await tab.goto(`${CONSOLE}/?wall=1`);
  check(
    "wall: it tells who waits",
    true,
    (await tab.locator("main").innerText()).includes("overdue"),
  );
  await picture(tab, "wall");

  await tab.goto(`${CONSOLE}/customers`);
  const focused = () =>
    tab.evaluate(() => document.activeElement.name || document.activeElement.textContent);
  check("keyboard: the field has the focus", "customer_id", await focused());
  await tab.keyboard.type("ada");
  await tab.keyboard.press("Enter");
  await tab.locator("#answer").waitFor();
  await tab.keyboard.press("Tab");
  check("keyboard: the first stop skips the menu", "Skip to the content", await focused());
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("Tab");
  check(
    "keyboard: the next stop is in the content",
    true,
    await tab.evaluate(() => document.activeElement.closest("main") !== null),
  );
  const reached = new Set();
  for (let presses = 0; presses < 400; presses += 1) {
    await tab.keyboard.press("Tab");
    reached.add(await focused());
    if (reached.has("Erase…") && reached.has("May we?")) break;
  }
  check("keyboard: the forms are reached", true, reached.has("Erase…") && reached.has("May we?"));
  checkNoted("keyboard", noted);
  await context.close();
}

// Decisions come by themselves, and without a script the newest are there when the screen is
// loaded.
async function live(browser) {
  const { context, tab, noted } = await open(browser);
  await tab.goto(`${CONSOLE}/decisions?channel=push&purpose=legal_notice`);
  const rows = tab.locator("tbody tr");
  const before = await rows.count();
  const watched = tab.waitForFunction(
    (n) => document.querySelectorAll("tbody tr").length > n,
    before,
  );
  const asking = (async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      await may("linus", "push", "legal_notice");
      if (
        await Promise.race([
          watched.then(() => true),
          new Promise((done) => setTimeout(() => done(false), 250)),
        ])
      )
        return;
    }
  })();
  await Promise.all([watched, asking]);
  checkNoted("live", noted);
  await context.close();
  const quiet = await open(browser, { javaScriptEnabled: false });
  await quiet.tab.goto(`${CONSOLE}/decisions?channel=push&purpose=legal_notice`);
  check(
    "without script: the decisions are there",
    true,
    (await quiet.tab.locator("tbody tr").count()) > 0,
  );
  await quiet.context.close();
}

const WAYS = [
  ["1200 light", { viewport: { width: 1200, height: 900 } }],
  ["1200 dark", { viewport: { width: 1200, height: 900 }, colorScheme: "dark" }],
  ["320 light", { viewport: { width: 320, height: 640 } }],
  ["320 dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
];
const SCREENS = [
  "",
  "customers",
  "policy",
  "policy/edit",
  "calendar",
  "pauses",
  "decisions",
  "replies",
  "pressure?days=56",
  "audit",
  "?wall=1",
  "nowhere",
];

async function everyScreen(browser) {
  for (const [name, options] of WAYS) {
    const { context, tab, noted } = await open(browser, { ...options, bypassCSP: true });
    for (const screen of SCREENS) {
      await tab.goto(`${CONSOLE}/${screen}`);
      await inspect(tab, `${name}: /${screen}`);
    }
    await lookUp(tab, "ada");
    await inspect(tab, `${name}: ada`);
    await lookUp(
      tab,
      "a-customer-without-a-record-in-the-store-and-whose-id-is-as-long-as-any-that-" +
        "a-crm-system-makes-up",
    );
    await inspect(tab, `${name}: an unknown customer`);
    check(`${name}: no request elsewhere`, [], noted.elsewhere);
    await context.close();
  }
}

async function main() {
  if (SCREENSHOTS) fs.mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    for (const part of [why, stop, another, wallAndKeyboard, live, everyScreen])
      await part(browser);
  } finally {
    await browser.close();
  }
  console.log(
    `${failed === 0 ? "ok" : "FAILED"}  ` +
      `the console in a browser: ${checked} checks, ${failed} failed`,
  );
  process.exit(failed === 0 ? 0 : 1);
}

main().catch((error) => {
  console.log(`FAILED console: ${error.stack}`);
  process.exit(1);
});
