package io.openpoly.worker;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that run functions: started when work waits and nobody is idle, up to a bound; what comes beyond it waits. */
final class Pool {
    static final int THREADS_MAX = 64;
    private static final long IDLE_SECONDS = 30;

    /** Takes an item only when a thread waits for it, so that the pool starts one otherwise. */
    private static final class Handover extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable item) {
            return tryTransfer(item);
        }
    }

    private final Handover waiting = new Handover();
    private final ThreadPoolExecutor threads;

    Pool() {
        threads = new ThreadPoolExecutor(0, THREADS_MAX, IDLE_SECONDS, TimeUnit.SECONDS, waiting);
        threads.setRejectedExecutionHandler((item, pool) -> waiting.put(item));
    }

    void run(Runnable item) {
        threads.execute(item);
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }
}
