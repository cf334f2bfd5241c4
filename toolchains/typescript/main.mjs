// The TypeScript and JavaScript toolchain: a program that polyd starts when something is deployed.
// It speaks docs/worker-protocol.md with its one function built in, so it is loaded from the start,
// and a call's body is a request such as `{"op":"describe",...}`. It reads source and never runs it.
import net from 'node:net';
import { describe } from './describe.mjs';
import { bodyOf, FrameReader, kinds, messageFrame } from './frames.mjs';

const operations = { ping: () => ({ ok: true }), describe };

function answer(id, payload) {
  try {
    const request = JSON.parse(bodyOf(payload).toString());
    const operation = Object.hasOwn(operations, request?.op) ? operations[request.op] : undefined;
    if (!operation) throw new TypeError(`op: must be one of ${Object.keys(operations).join(', ')}`);
    return messageFrame(kinds.result, id, {}, JSON.stringify(operation(request)));
  } catch (error) {
    return messageFrame(kinds.error, id, { name: error.name, message: error.message, stack: error.stack });
  }
}

const descriptor = Number(process.env.OPENPOLY_WORKER_FD);
if (!Number.isInteger(descriptor) || descriptor <= 0) {
  process.stderr.write('OPENPOLY_WORKER_FD must name the socket to polyd\n');
  process.exit(2);
}

const socket = new net.Socket({ fd: descriptor });
const reader = new FrameReader();
socket.on('data', (chunk) => {
  for (const { kind, id, payload } of reader.push(chunk)) {
    if (kind === kinds.call) socket.write(answer(id, payload));
    else if (kind === kinds.drain) socket.end();
  }
});
socket.on('close', () => process.exit(0));
socket.write(messageFrame(kinds.hello, 0, { protocol: 1, language: 'typescript', runtime: `node ${process.version}`, pid: process.pid }));
socket.write(messageFrame(kinds.loaded, 0));
