// A bare Node.js proxy, the peer of API functions: hands request and answer on as they come, over kept connections to
// the upstream, and looks at nothing. Arguments: its port, the port of the upstream, processes.
'use strict';

const cluster = require('node:cluster');
const { Agent, createServer, request } = require('node:http');

const HOST = '127.0.0.1';
const [port, upstreamPort, processes] = process.argv.slice(2).map(Number);

function serve() {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    // Whoever waits for an answer that breaks sees a broken connection, and nobody is asked for one that nobody awaits.
    const giveUp = () => outgoing.destroy();
    const asked = request({ agent, host: HOST, port: upstreamPort, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.on('error', giveUp).pipe(outgoing);
    });
    asked.on('error', giveUp);
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) asked.destroy();
    });
    incoming.pipe(asked);
  });
  server.listen(port, HOST);
}

if (processes === 1 || cluster.isWorker) {
  serve();
} else {
  for (let started = 0; started < processes; started += 1) cluster.fork();
}
