'use strict';
// The program `polyd` starts to run JavaScript functions: it says hello, then answers frames until
// the socket ends (docs/worker-protocol.md). The greeting goes out before the other files are
// loaded, so that a cold start overlaps with the host's own work.

const fs = require('node:fs');
const { Kind, ProtocolError, encode } = require('./frames.cjs');

const PROTOCOL_ERROR_EXIT = 76;
const BROKEN_EXIT = 70;
const KEPT_VARIABLES = new Set(['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR']);

const exit = process.exit.bind(process);
const settings = takeSettings(process.env);

const hello = JSON.stringify({
  protocol: 1,
  language: 'javascript',
  runtime: `node ${process.versions.node}`,
  pid: process.pid,
});
fs.writeSync(settings.descriptor, encode(Kind.hello, 0, hello, ''));

const { Channel } = require('./channel.cjs');
const { rehearse } = require('./rehearsal.cjs');
const { Worker } = require('./worker.cjs');

const channel = new Channel(settings);
const worker = new Worker(channel, exit);
worker.takeProcess();
channel.open({
  onFrame: (frame) => worker.handle(frame),
  onEnd: () => exit(0),
  onProtocolError: (error) => {
    const isTheirs = error instanceof ProtocolError;
    fs.writeSync(2, isTheirs ? `worker: protocol error: ${error.message}\n` : `worker: broken: ${error.stack}\n`);
    exit(isTheirs ? PROTOCOL_ERROR_EXIT : BROKEN_EXIT);
  },
});

// Whoever is expected at once does not wait for a rehearsal: what is readable by now was handled.
setImmediate(() => {
  if (worker.isLoaded) return;
  rehearse((silent) => new Worker(silent, () => {}));
  channel.rehearse();
});

// Reads what the harness needs and leaves only harmless variables for user code to see.
function takeSettings(environment) {
  const descriptor = Number(environment.OPENPOLY_WORKER_FD);
  if (!Number.isInteger(descriptor) || descriptor < 0 || environment.OPENPOLY_WORKER_FD === '') {
    fs.writeSync(2, 'worker: OPENPOLY_WORKER_FD must hold the number of an open socket\n');
    exit(2);
  }
  const frameBytesMax = environment.OPENPOLY_FRAME_BYTES_MAX;
  for (const name of Object.keys(environment)) {
    if (!KEPT_VARIABLES.has(name)) delete environment[name];
  }
  return { descriptor, frameBytesMax: frameBytesMax === undefined ? undefined : Number(frameBytesMax) };
}
