// Opens unsubscribe links in a real browser, presses the button, and looks as people with and
// without eyes, a mouse or JavaScript do. Run by `run`, which sets API, CHROMIUM and NODE_PATH.
"use strict";

const { chromium } = require("playwright-core");
const axe = require("axe-core");

const { API, CHROMIUM } = process.env;
let checked = 0;
let failed = 0;

function check(name, expected, got) {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
  checked += 1;
  if (wanted === found) return;
  failed += 1;
  console.log(`FAILED ${name}: expected ${wanted}, got ${String(found).slice(0, 600)}`);
}

async function call(method, request) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(request);
  const answer = await fetch(`${API}/courtesy.v1.${method}`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
  return answer.json();
}

async function issue(customer, more = {}) {
  const scope = { channel: "email" };
  const request = { customer_id: customer, scope, ...more };
  return (await call("CustomerService/IssueUnsubscribeLink", request)).url;
}

async function optOuts(customer) {
  const { customer: known } = await call("CustomerService/GetCustomer", { customer_id: customer });
  return (known.optOuts || []).map((it) => [it.scope, it.source]);
}

async function mayMail(customer) {
  const contact = { customer_id: customer, channel: "email", purpose: "marketing" };
  return (await call("ContactService/CheckContact", { contact })).decision.effect;
}

// A page of a browser of its own, and what it asks for and complains about.
async function open(browser, options) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  const seen = { requests: [], complaints: [] };
  page.on("request", (it) => seen.requests.push(`${it.method()} ${it.url()}`));
  page.on("console", (it) => seen.complaints.push(it.text()));
  page.on("pageerror", (it) => seen.complaints.push(String(it)));
  return { context, page, seen };
}

// What a screen reader says of the page.
async function heard(page) {
  const buttons = await page.getByRole("button").all();
  return {
    title: await page.title(),
    language: await page.locator("html").getAttribute("lang"),
    headings: await page.getByRole("heading", { level: 1 }).allTextContents(),
    status: await page.getByRole("status").count(),
    main: await page.getByRole("main").count(),
    buttons: await Promise.all(buttons.map((it) => it.textContent())),
  };
}

// A page that asks has nothing to report yet.
function asking(language, title, buttons) {
  return { ...page(language, title, buttons), status: 0 };
}

function page(language, title, buttons = []) {
  return { title, language, headings: [title], status: 1, main: 1, buttons };
}

// The whole way: look, press, be told.
async function unsubscribe(browser, name, press, options) {
  const customer = `browser ${name}`;
  const url = await issue(customer);
  const { context, page: tab, seen } = await open(browser, options);
  const answer = await tab.goto(url);
  check(`${name}: status`, 200, answer.status());
  check(`${name}: the page`, asking("en", "Unsubscribe?", ["Unsubscribe"]), await heard(tab));
  check(`${name}: scripts`, 0, await tab.locator("script").count());
  await tab.reload();
  check(
    `${name}: looking changes nothing`,
    [[], "EFFECT_ALLOW"],
    [await optOuts(customer), await mayMail(customer)],
  );

  const button = tab.getByRole("button", { name: "Unsubscribe", exact: true });
  const [sent] = await Promise.all([tab.waitForResponse(url), press(tab, button)]);
  await tab.getByRole("heading", { name: "You are unsubscribed" }).waitFor();
  check(`${name}: status when pressed`, 200, sent.status());
  check(
    `${name}: the confirmation`,
    page("en", "You are unsubscribed", ["Undo"]),
    await heard(tab),
  );
  check(`${name}: the address stays`, url, tab.url());
  const wish = [[{ channel: "email", marketing: true }, "one-click"]];
  check(
    `${name}: it is recorded`,
    [wish, "EFFECT_DENY"],
    [await optOuts(customer), await mayMail(customer)],
  );
  await tab.reload();
  check(`${name}: sent again, it is recorded once`, wish, await optOuts(customer));

  const style = new URL("../style.css", url).href;
  const asked = ["GET", "GET", "POST", "POST"].map((method) => `${method} ${url}`);
  const pages = seen.requests.filter((it) => it !== `GET ${style}`);
  check(`${name}: nothing else is loaded but the style sheet`, asked, pages);
  check(`${name}: no cookies`, [], await context.cookies());
  check(`${name}: the browser complains of nothing`, [], seen.complaints);
  await context.close();
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
}

const LANGUAGES = [
  [
    "en-US",
    "en",
    "Unsubscribe?",
    "Unsubscribe",
    "You are unsubscribed",
    "This link does not work",
    "This link has expired",
    "Undo",
  ],
  [
    "es-MX",
    "es",
    "¿Darse de baja?",
    "Darme de baja",
    "Se ha dado de baja",
    "Este enlace no funciona",
    "Este enlace ha caducado",
    "Deshacer",
  ],
  [
    "fr-FR",
    "fr",
    "Vous désabonner ?",
    "Me désabonner",
    "Vous êtes désabonné",
    "Ce lien ne fonctionne pas",
    "Ce lien a expiré",
    "Annuler",
  ],
  [
    "de-AT",
    "de",
    "Abmelden?",
    "Abmelden",
    "Sie sind abgemeldet",
    "Dieser Link funktioniert nicht",
    "Dieser Link ist abgelaufen",
    "Rückgängig machen",
  ],
  [
    "pt-PT",
    "pt",
    "Cancelar a inscrição?",
    "Cancelar inscrição",
    "Inscrição cancelada",
    "Esta ligação não funciona",
    "Esta ligação expirou",
    "Anular",
  ],
  [
    "it-IT",
    "it",
    "Annullare l’iscrizione?",
    "Annulla l’iscrizione",
    "Iscrizione annullata",
    "Questo link non funziona",
    "Questo link è scaduto",
    "Annulla",
  ],
  // A language without a translation.
  [
    "ja-JP",
    "en",
    "Unsubscribe?",
    "Unsubscribe",
    "You are unsubscribed",
    "This link does not work",
    "This link has expired",
    "Undo",
  ],
];

async function languages(browser) {
  const old = await issue("browser old", { valid_for: "1s" });
  for (const [
    index,
    [locale, lang, ask, button, done, unknown, expired, undo],
  ] of LANGUAGES.entries()) {
    const customer = `browser ${locale}`;
    const url = await issue(customer);
    // By turns in the light and in the dark; always on the smallest screen, which is like 400 %
    // zoom.
    const colorScheme = index % 2 ? "dark" : "light";
    const viewport = { width: 320, height: 480 };
    const { context, page: tab } = await open(browser, {
      locale,
      colorScheme,
      viewport,
      bypassCSP: true,
    });
    await tab.goto(url);
    check(`${locale}: the page`, asking(lang, ask, [button]), await heard(tab));
    await inspect(tab, `${locale}: the page`);
    await tab.getByRole("button", { name: button, exact: true }).click();
    await tab.getByRole("heading", { name: done, exact: true }).waitFor();
    check(`${locale}: the confirmation`, page(lang, done, [undo]), await heard(tab));
    await inspect(tab, `${locale}: the confirmation`);
    check(`${locale}: it is recorded`, 1, (await optOuts(customer)).length);

    const cut = await tab.goto(url.slice(0, -9));
    check(
      `${locale}: a link cut short`,
      [404, page(lang, unknown)],
      [cut.status(), await heard(tab)],
    );
    await inspect(tab, `${locale}: a link cut short`);
    // A second has passed by now, or will have soon.
    let late = await tab.goto(old);
    for (const end = Date.now() + 10_000; late.status() === 200 && Date.now() < end;)
      late = await tab.goto(old);
    check(
      `${locale}: a link that has expired`,
      [410, page(lang, expired)],
      [late.status(), await heard(tab)],
    );
    await inspect(tab, `${locale}: a link that has expired`);
    await context.close();
  }
  check("links that are none change nothing", [], await optOuts("browser old"));
}

async function main() {
  // Root has no sandbox, and the browser must not ask for updates.
  const args = ["--disable-background-networking", "--disable-component-update", "--no-first-run"];
  const chromiumSandbox = process.getuid() !== 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox, args });
  try {
    const click = (_tab, button) => button.click();
    const keyboard = async (tab) => {
      await tab.keyboard.press("Tab");
      await tab.keyboard.press("Enter");
    };
    await unsubscribe(browser, "by mouse", click, {});
    await unsubscribe(browser, "by keyboard", keyboard, {});
    await unsubscribe(browser, "without JavaScript", click, { javaScriptEnabled: false });
    await languages(browser);
    console.log(`Chromium ${browser.version()}: ${checked} checks, ${failed} failed`);
  } finally {
    await browser.close();
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error) => {
  console.log(`FAILED the browser: expected a test, got ${String(error).slice(0, 600)}`);
  process.exitCode = 1;
});
