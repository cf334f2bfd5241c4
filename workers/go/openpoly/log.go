package openpoly

import (
	"context"

	"openpoly/internal/worker"
)

// A Logger writes lines to the log of a call, each with its level. Values are put together as fmt.Println does.
type Logger struct{ ctx context.Context }

// Log is the log of the running call.
func Log(ctx context.Context) Logger { return Logger{ctx} }

func (l Logger) Debug(values ...any) { worker.Line(l.ctx, worker.Debug, values...) }
func (l Logger) Info(values ...any)  { worker.Line(l.ctx, worker.Info, values...) }
func (l Logger) Warn(values ...any)  { worker.Line(l.ctx, worker.Warn, values...) }
func (l Logger) Error(values ...any) { worker.Line(l.ctx, worker.Fault, values...) }
