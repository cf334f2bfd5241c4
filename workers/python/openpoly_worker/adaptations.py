"""Standard modules that need a hand so that output and nested calls find their call.

Threads started by a function belong to its call, and records of `logging` keep their level. The
modules are adapted when user code imports them, so that nobody else pays for them.
"""

import sys
from _contextvars import copy_context

from .capture import record_level


class ImportHook:
    """Lets the other finders find, and adapts what was imported."""

    def find_spec(self, name, path=None, target=None):
        adapt = ADAPTATIONS.get(name)
        if adapt is None:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec is not None:
            execute = spec.loader.exec_module

            def execute_and_adapt(module):
                execute(module)
                adapt(module)

            spec.loader.exec_module = execute_and_adapt
        return spec


def install_adaptations():
    for name, adapt in ADAPTATIONS.items():
        if name in sys.modules:
            adapt(sys.modules[name])
    sys.meta_path.insert(0, ImportHook())


def adapt_threading(threading):
    start = threading.Thread.start

    def start_in_context(self):
        context = copy_context()
        run = self.run

        def reported():
            try:
                run()
            except SystemExit:
                raise
            except BaseException:
                threading.excepthook(threading.ExceptHookArgs([*sys.exc_info(), self]))

        self.run = lambda: context.run(reported)
        start(self)

    threading.Thread.start = start_in_context
    threading.excepthook = _report_thread


def _report_thread(arguments):
    """As the standard hook says it, but with lines of code that is in no file."""
    import traceback

    print(f"Exception in thread {arguments.thread.name}:", file=sys.stderr)
    traceback.print_exception(arguments.exc_value)


def adapt_thread_pools(futures_thread):
    submit = futures_thread.ThreadPoolExecutor.submit

    def submit_in_context(self, function, /, *values, **named):
        return submit(self, copy_context().run, function, *values, **named)

    futures_thread.ThreadPoolExecutor.submit = submit_in_context


def adapt_logging(logging):
    emit = logging.StreamHandler.emit

    def emit_at_level(self, record):
        token = record_level.set(_level_of(record.levelno, logging))
        try:
            emit(self, record)
        finally:
            record_level.reset(token)

    logging.StreamHandler.emit = emit_at_level


def _level_of(number, logging):
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"


ADAPTATIONS = {
    "threading": adapt_threading,
    "concurrent.futures.thread": adapt_thread_pools,
    "logging": adapt_logging,
}
