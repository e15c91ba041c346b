"""A small CRM that hears from courtesy how customers stand.

Usage: crm.py PORT SECRET_FILE DATABASE
"""
import base64, hashlib, hmac, http.server, json, sqlite3, sys, time, urllib.parse

port, secret_file, database = sys.argv[1:]
secrets = [
    base64.b64decode(line.removeprefix("whsec_")) for line in open(secret_file).read().split()
]
store = sqlite3.connect(database)
store.execute("create table if not exists customers (id text primary key, stands text)")

def is_signed(headers, body):  # Sent in the last five minutes, by a sender that knows the secret.
    number, sent = headers["webhook-id"], headers["webhook-timestamp"]
    if not number or not (sent or "").isdigit() or abs(time.time() - int(sent)) > 300:
        return False
    text = f"{number}.{sent}.".encode() + body
    good = [
        "v1," + base64.b64encode(hmac.digest(it, text, hashlib.sha256)).decode() for it in secrets
    ]
    return any(
        hmac.compare_digest(a, b)
        for a in good
        for b in (headers["webhook-signature"] or "").split()
    )


class Crm(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if not is_signed(self.headers, body):
            return self.answer(401)
        event, customer = json.loads(body), json.loads(body)["data"]
        # State and not history: it replaces what was there.
        if event["type"] == "courtesy.wishes.v1":
            with store:
                store.execute("delete from customers where id = ?", (customer["customerId"],))
                if not customer.get("erased"):
                    store.execute(
                        "insert into customers values (?, ?)",
                        (customer["customerId"], json.dumps(customer)),
                    )
        self.answer(204)

    def do_GET(self):
        wanted = (urllib.parse.unquote(self.path.removeprefix("/customers/")),)
        found = store.execute("select stands from customers where id = ?", wanted).fetchone()
        self.answer(200 if found else 404, (found or [""])[0])

    def answer(self, status, text=""):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

http.server.HTTPServer(("127.0.0.1", int(port)), Crm).serve_forever()
