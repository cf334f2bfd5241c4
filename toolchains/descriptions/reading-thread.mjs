// The thread on which descriptions are read, one after the other: reader.mjs says why it is one of its own.
import { parentPort } from 'node:worker_threads';
import { read } from './read.mjs';

parentPort.on('message', async (body) => {
  try {
    parentPort.postMessage({ answer: JSON.stringify(await read(JSON.parse(body))) });
  } catch ({ name, message, stack }) {
    parentPort.postMessage({ error: { name, message, stack } });
  }
});
