// Takes events and checks their signatures with the package of the specification. Usage:
// node receiver.js SECRET FILE; it prints its port, and appends each event that is good to the
// file.
const fs = require('node:fs');
const http = require('node:http');
const { Webhook } = require('standardwebhooks');

const [secret, file] = process.argv.slice(2);
const webhook = new Webhook(secret);
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    try {
      const event = webhook.verify(Buffer.concat(chunks).toString(), request.headers);
      fs.appendFileSync(file, `${JSON.stringify(event)}\n`);
      response.writeHead(204).end();
    } catch (error) {
      fs.appendFileSync(file, `${JSON.stringify({ type: 'refused', why: String(error) })}\n`);
      response.writeHead(401).end();
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
