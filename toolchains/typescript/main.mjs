// The TypeScript and JavaScript toolchain: a program that polyd starts when something is deployed.
// It speaks docs/worker-protocol.md with its one function built in, so it is loaded from the start,
// and a call's body is a request such as `{"op":"describe",...}`. It reads source and never runs it.
import { Channel } from '../../workers/node/channel.cjs';
import { FRAME_BYTES_MAX, Kind } from '../../workers/node/frames.cjs';
import { describe } from './describe.mjs';

const operations = { ping: () => ({ ok: true }), describe };

function answer(id, body) {
  try {
    const request = JSON.parse(body);
    const operation = Object.hasOwn(operations, request?.op) ? operations[request.op] : undefined;
    if (!operation) throw new TypeError(`op: must be one of ${Object.keys(operations).join(', ')}`);
    channel.send(Kind.result, id, '', JSON.stringify(operation(request)));
  } catch (error) {
    const { name, message, stack } = error;
    channel.send(Kind.error, id, JSON.stringify({ name, message, stack }), '');
  }
}

function stop(complaint) {
  process.stderr.write(`${complaint}\n`);
  process.exit(2);
}

const descriptor = Number(process.env.OPENPOLY_WORKER_FD);
if (!Number.isInteger(descriptor) || descriptor <= 0) stop('OPENPOLY_WORKER_FD must name the socket to polyd');

const channel = new Channel({ descriptor, frameBytesMax: FRAME_BYTES_MAX });
channel.open({
  onFrame({ kind, id, body }) {
    if (kind === Kind.call) answer(id, body);
    else if (kind === Kind.drain) channel.finish(() => process.exit(0));
    else if (kind !== Kind.cancel) stop(`a toolchain takes no frame of kind ${kind}`);
  },
  onEnd: () => process.exit(0),
  onProtocolError: (error) => stop(error.message),
});
const hello = { protocol: 1, language: 'typescript', runtime: `node ${process.version}`, pid: process.pid };
channel.send(Kind.hello, 0, JSON.stringify(hello), '');
channel.send(Kind.loaded, 0, '', '');
