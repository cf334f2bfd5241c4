'use strict';
// The engine compiles what runs for the first time, which is most of what a load and a first call cost.
// A worker that waits has nothing else to do: a stand-in loads a function of the harness itself and
// answers a call of it, to nobody, and is thrown away.

const { FrameReader, FrameWriter, Kind, encode } = require('./frames.cjs');

const LOAD = {
  language: 'javascript', path: 'rehearsal', name: 'f', parameters: ['value'], clientFunctions: [], layers: [], environment: {},
};
const CODE = '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.f = (value) => value;';
const CALL = { executionId: '00000000-0000-4000-8000-000000000000', logs: true };

// `makeWorker(channel)` makes one that has no hold on the process.
function rehearse(makeWorker) {
  const writer = new FrameWriter();
  const standIn = makeWorker({
    send: (kind, id, header, body) => writer.add(kind, id, header, body),
    finish: () => {},
  });
  const frames = [
    encode(Kind.load, 0, JSON.stringify(LOAD), CODE),
    encode(Kind.call, 1, JSON.stringify(CALL), '{"value":{"text":"a","list":[1]}}'),
    encode(Kind.call, 2, JSON.stringify(CALL), '{"value":"text"}'),
    encode(Kind.drain, 0, '', ''),
  ];
  const reader = new FrameReader();
  for (const frame of frames) reader.push(frame, (each) => standIn.handle(each));
  writer.take();
}

module.exports = { rehearse };
