// The toolchain of foreign descriptions: a program that polyd starts when an API is trained from something that it
// does not read itself. It speaks docs/worker-protocol.md with its one function built in, so it is loaded from the
// start, and a call's body is a request such as `{"kind":"har",...}`. It opens no file and no connection.
import { Channel } from '../../workers/node/channel.cjs';
import { FRAME_BYTES_MAX, Kind } from '../../workers/node/frames.cjs';
import { Reader } from './reader.mjs';

async function answer(id, body) {
  const outcome = await reader.read(body);
  try {
    if (outcome.error) channel.send(Kind.error, id, JSON.stringify(outcome.error), '');
    else channel.send(Kind.result, id, '', outcome.answer);
  } catch ({ name, message }) {
    channel.send(Kind.error, id, JSON.stringify({ name, message }), '');
  }
  inFlight -= 1;
  finishWhenDone();
}

function finishWhenDone() {
  if (isDraining && inFlight === 0) channel.finish(() => process.exit(0));
}

function stop(complaint) {
  process.stderr.write(`${complaint}\n`);
  process.exit(2);
}

const descriptor = Number(process.env.OPENPOLY_WORKER_FD);
if (!Number.isInteger(descriptor) || descriptor <= 0) stop('OPENPOLY_WORKER_FD must name the socket to polyd');

const reader = new Reader();
let inFlight = 0;
let isDraining = false;
const channel = new Channel({ descriptor, frameBytesMax: FRAME_BYTES_MAX });
channel.open({
  onFrame({ kind, id, body }) {
    if (kind === Kind.call) {
      inFlight += 1;
      answer(id, body);
    } else if (kind === Kind.drain) {
      isDraining = true;
      finishWhenDone();
    } else if (kind !== Kind.cancel) {
      stop(`a toolchain takes no frame of kind ${kind}`);
    }
  },
  onEnd: () => process.exit(0),
  onProtocolError: (error) => stop(error.message),
});
const hello = { protocol: 1, language: 'descriptions', runtime: `node ${process.version}`, pid: process.pid };
channel.send(Kind.hello, 0, JSON.stringify(hello), '');
channel.send(Kind.loaded, 0, '', '');
