// Keeps the thread that reads. It has a stack for documents whose parts refer to each other in long chains, and a heap of
// its own, as large as that of the process: a description that fills it ends the thread and not the process.
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';

const STACK_MEGABYTES = 256;
const HEAP_MEGABYTES = Math.floor(getHeapStatistics().heap_size_limit / 1024 ** 2);

export class Reader {
  #thread = null;
  #last = Promise.resolve();
  #finish = null; // of the request that is being read

  // `body` is the text of a request; they are read in order. Gives {answer}, a text, or {error}.
  read(body) {
    const outcome = this.#last.then(() => this.#ask(body));
    this.#last = outcome;
    return outcome;
  }

  #ask(body) {
    this.#thread ??= this.#start();
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#thread.postMessage(body);
    });
  }

  #start() {
    const resourceLimits = { stackSizeMb: STACK_MEGABYTES, maxOldGenerationSizeMb: HEAP_MEGABYTES };
    const thread = new Worker(new URL('./reading-thread.mjs', import.meta.url), { resourceLimits });
    thread.on('message', (outcome) => this.#finish(outcome));
    thread.on('error', (error) => {
      this.#thread = null;
      this.#finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? tooLarge()
          : { error: { name: error.name, message: error.message } },
      );
    });
    return thread;
  }
}

function tooLarge() {
  return {
    answer: JSON.stringify({ errors: [{ message: `it takes more than ${HEAP_MEGABYTES} MiB of memory to read` }] }),
  };
}
