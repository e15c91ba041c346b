// Uses the generated TypeScript in a real browser, over Connect and over gRPC-Web, against a real
// server; and runs the page of docs/senders.md as it stands there. Usage: browser.js COURTESY, with
// CHROMIUM and NODE_PATH (for playwright-core) as tests/clients/run sets them.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");
const { chromium } = require("playwright-core");

const { CHROMIUM } = process.env;
const [, , COURTESY] = process.argv;
const CLIENT = path.join(__dirname, "typescript");
const PACKAGES = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"];
let checked = 0;
let failed = 0;

function check(name, expected, got) {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
  checked += 1;
  if (wanted === found) return;
  failed += 1;
  console.log(
    `FAILED in the browser, ${name}: expected ${wanted}, got ${String(found).slice(0, 600)}`,
  );
}

// Where a browser finds what bundlers find in package.json.
function importMap() {
  const imports = {};
  for (const name of PACKAGES) {
    const { exports } = JSON.parse(
      fs.readFileSync(path.join(CLIENT, "node_modules", name, "package.json"), "utf8"),
    );
    for (const [key, { import: file }] of Object.entries(exports)) {
      imports[path.posix.join(name, key)] = path.posix.join("/node_modules", name, file);
    }
  }
  const { exports } = JSON.parse(fs.readFileSync(path.join(CLIENT, "package.json"), "utf8"));
  const { default: details } = exports["./gen/error_details_pb"];
  imports["courtesy-client/gen/error_details_pb"] = path.posix.join("/", details);
  const { default: pattern } = exports["./gen/*"];
  for (const file of fs.readdirSync(path.join(CLIENT, path.dirname(pattern)))) {
    const name = path.basename(file, ".js");
    if (file.endsWith(".js"))
      imports[`courtesy-client/gen/${name}`] = path.posix.join("/", pattern.replace("*", name));
  }
  return { imports };
}

// A site whose page has no code of its own until a test gives it some.
async function serveSite() {
  const map = JSON.stringify(importMap());
  const head = "<!doctype html><title>site</title><link rel=icon href=data:,>";
  const page = `${head}<script type=importmap>${map}</script>`;
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    if (pathname === "/") return response.setHeader("content-type", "text/html").end(page);
    fs.readFile(path.join(CLIENT, path.normalize(pathname)), (error, code) => {
      if (error) return response.writeHead(404).end();
      response.setHeader("content-type", "text/javascript").end(code);
    });
  });
  await new Promise((listening) => server.listen(0, listening));
  return server;
}

async function serveCourtesy(store, origin) {
  const any = "127.0.0.1:0";
  const given = [
    "serve",
    "--listen",
    any,
    "--operations",
    any,
    "--console",
    "off",
    "--pages",
    any,
    "--store",
    store,
  ];
  const server = spawn(COURTESY, [...given, "--cors-origins", origin], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of readline.createInterface({ input: server.stdout })) {
    const [word, address] = line.trim().split(/\s+/);
    if (word === "API") return { server, address };
  }
  throw new Error("courtesy did not say where it listens");
}

// What a page does with the generated code. It runs in the browser.
async function use({ kind, address }) {
  const { createClient, ConnectError, Code } = await import("@connectrpc/connect");
  const { createConnectTransport, createGrpcWebTransport } =
    await import("@connectrpc/connect-web");
  const { ContactService } = await import("courtesy-client/gen/contact_service_pb");
  const { CustomerService } = await import("courtesy-client/gen/customer_service_pb");
  const { ContactState } = await import("courtesy-client/gen/contact_pb");
  const { Effect, ReasonCode } = await import("courtesy-client/gen/decision_pb");
  const { ErrorInfoSchema } = await import("courtesy-client/gen/error_details_pb");
  const create = kind === "Connect" ? createConnectTransport : createGrpcWebTransport;
  const transport = create({ baseUrl: address, defaultTimeoutMs: 60_000 });
  const contacts = createClient(ContactService, transport);
  const customers = createClient(CustomerService, transport);
  const customerId = `browser ${kind}`;
  const contact = { customerId, channel: "email", purpose: "marketing" };
  const said = {};

  const headers = { authorization: "Bearer key" };
  const reserved = await contacts.reserveContact({ contact, requestId: "r1" }, { headers });
  said.reserved = [Effect[reserved.decision.effect], reserved.replayed];
  await contacts.confirmContact({ customerId, requestId: "r1" });
  const { contacts: listed } = await customers.listContacts({ customerId });
  said.record = listed.map((it) => ContactState[it.state]);
  await customers.optOut({ customerId, scope: { channel: "email" }, source: "page" });
  const { decision } = await contacts.checkContact({ contact });
  said.refused = [Effect[decision.effect], ReasonCode[decision.reasons[0].code]];
  try {
    await contacts.checkContact({ contact: { ...contact, channel: "fax" } });
  } catch (error) {
    const told = ConnectError.from(error);
    said.error = [Code[told.code], told.findDetails(ErrorInfoSchema).map((it) => it.reason)];
  }
  try {
    const exported = [];
    for await (const page of customers.exportCustomers({}))
      exported.push(...page.customers.map((it) => it.customerId));
    said.exported = exported.filter((it) => it === customerId);
  } catch (error) {
    said.exported = Code[ConnectError.from(error).code];
  }
  return said;
}

async function main() {
  const store = fs.mkdtempSync(path.join(os.tmpdir(), "courtesy-"));
  const site = await serveSite();
  const { port } = site.address();
  const origin = `http://127.0.0.1:${port}`;
  const { server, address } = await serveCourtesy(store, origin);
  // Root has no sandbox.
  const args = ["--disable-background-networking", "--disable-component-update", "--no-first-run"];
  const chromiumSandbox = process.getuid() !== 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox, args });
  try {
    const tab = await browser.newPage();
    const complaints = [];
    tab.on("console", (it) => complaints.push(it.text()));
    tab.on("pageerror", (it) => complaints.push(String(it)));
    await tab.goto(origin);
    for (const kind of ["Connect", "gRPC-Web"]) {
      const said = await tab.evaluate(use, { kind, address });
      check(`${kind}: reserved`, ["ALLOW", false], said.reserved);
      check(`${kind}: on record`, ["SENT"], said.record);
      check(`${kind}: refused`, ["DENY", "OPTED_OUT"], said.refused);
      check(
        `${kind}: an error and its reason`,
        ["InvalidArgument", ["UNDECLARED_NAME"]],
        said.error,
      );
      // courtesy has no streams for Connect.
      check(
        `${kind}: a stream`,
        kind === "Connect" ? "Unimplemented" : [`browser ${kind}`],
        said.exported,
      );
    }
    await runDocs(tab, address);
    // Connect answers what is refused with a status of HTTP, which the console tells.
    check("the console", [], complaints.filter((it) => !it.includes("status of 400")));

    // The same site under a name that cors_origins does not have.
    await tab.goto(`http://localhost:${port}`);
    const stranger = tab
      .evaluate(use, { kind: "Connect", address })
      .then(String, (error) => error.message);
    check("another origin is refused", true, /Failed to fetch/.test(await stranger));
    console.log(
      `the generated code in Chromium ${browser.version()}: ${checked} checks, ${failed} failed`,
    );
  } finally {
    await browser.close();
    server.kill();
    site.close();
    site.closeAllConnections();
    await new Promise((ended) => (server.exitCode === null ? server.once("exit", ended) : ended()));
    fs.rmSync(store, { recursive: true });
  }
  process.exitCode = failed > 0 || checked === 0 ? 1 : 0;
}

// The page that docs/senders.md shows, as it stands there.
async function runDocs(tab, address) {
  const docs = fs.readFileSync(path.join(__dirname, "..", "docs", "senders.md"), "utf8");
  const [, block] = /```js\n([^]*?)```/.exec(docs) ?? [];
  if (!block) throw new Error("docs/senders.md has no page");
  const content = block.replace("https://courtesy.example:50051", address);
  await tab.evaluate(() => (document.title = ""));
  await tab.addScriptTag({ type: "module", content });
  await tab.waitForFunction(() => document.title !== "");
  check("the page of docs/senders.md", "allowed", await tab.title());
}

main().catch((error) => {
  console.log(`FAILED in the browser: expected a test, got ${String(error).slice(0, 600)}`);
  process.exitCode = 1;
});
