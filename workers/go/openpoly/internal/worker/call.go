package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"openpoly/internal/frame"
)

// Call is one call in flight. What the function says, asks and answers goes through it, so that nothing of a call comes
// after its answer.
type Call struct {
	worker  *Worker
	id      uint32
	header  callHeader
	context context.Context
	cancel  context.CancelFunc

	mutex      sync.Mutex
	isAnswered bool
	sequence   int // of the next nested call
	custom     map[string]any
	book       *logBook
	stream     *resultStream // once the result streams
}

type callHeader struct {
	ExecutionID string         `json:"executionId"`
	Logs        bool           `json:"logs"`
	PolyCustom  map[string]any `json:"polyCustom"`
}

type callKey struct{}

func newCall(w *Worker, id uint32) *Call {
	call := &Call{worker: w, id: id}
	background, cancel := context.WithCancel(context.Background())
	call.cancel = cancel
	call.context = context.WithValue(background, callKey{}, call)
	call.book = newLogBook(callLogBytesMax, func(level level, line []byte) bool { return w.output.sendLog(id, level, line) })
	return call
}

// Of finds the call that ctx was given to or, when ctx knows none, the one whose goroutine this is.
func Of(ctx context.Context) *Call {
	if ctx != nil {
		if call, ok := ctx.Value(callKey{}).(*Call); ok {
			return call
		}
	}
	return running()
}

func (c *Call) run(body []byte) {
	end := label(c)
	isOver := false
	defer func() {
		// A goroutine that ends before its function does has a panic, or was told to end.
		thrown := recover()
		switch {
		case thrown != nil:
			c.fail(describePanic(thrown, c.worker.load.Path))
		case !isOver:
			c.fail(failure{Name: "Exit", Message: "the function ended its goroutine"})
		}
		end()
		c.cancel()
	}()
	value, err := c.worker.answer(c.context, body)
	if err != nil {
		c.fail(describe(err))
	} else {
		c.succeed(value)
	}
	isOver = true
}

func (c *Call) succeed(value any) {
	if from, isStream := sourceOf(value); isStream && !isNothing(value) {
		c.succeedByPieces(from)
		return
	}
	header, body, problem := encodeResult(value, c.customSet())
	if problem != nil {
		c.fail(failure{Name: problem.Name, Message: problem.Message})
		return
	}
	if size := frame.Size(header, body); size > c.worker.bytesMax {
		c.fail(failure{Name: "ResultTooLarge", Message: fmt.Sprintf(
			"the result makes a frame of %d bytes, and %d are the most", size, c.worker.bytesMax)})
		return
	}
	if c.context.Err() != nil {
		c.fail(cancelled)
		return
	}
	c.close(frame.Result, header, body)
}

func (c *Call) succeedByPieces(from source) {
	streamed := newResultStream(c)
	c.mutex.Lock()
	c.stream = streamed
	c.mutex.Unlock()
	err := streamed.sendAll(from)
	switch {
	case c.context.Err() != nil:
		c.fail(cancelled)
	case err != nil:
		c.fail(describe(err))
	default:
		c.close(frame.Result, []byte(`{"void":true}`), nil)
	}
}

// more is for what the host has taken of a result that streams.
func (c *Call) more(count int) {
	c.mutex.Lock()
	streamed := c.stream
	c.mutex.Unlock()
	if streamed != nil {
		streamed.more(count)
	}
}

var cancelled = failure{Name: "Cancelled", Message: "the call was cancelled"}

func (c *Call) fail(why failure) {
	if c.context.Err() != nil {
		why = cancelled
	}
	if status, ok := asStatus(c.Custom("responseStatusCode")); ok && why.StatusCode == 0 && isErrorStatus(status) {
		why.StatusCode = status
	}
	header, err := json.Marshal(why)
	if err != nil {
		end(1, err)
	}
	if frame.Size(header, nil) > c.worker.bytesMax {
		header = []byte(`{"name":"ResultTooLarge","message":"the error does not fit a frame"}`)
	}
	c.close(frame.Error, header, nil)
}

func (c *Call) close(kind frame.Kind, header, body []byte) {
	c.worker.capture.drain()
	c.mutex.Lock()
	if c.isAnswered {
		c.mutex.Unlock()
		return
	}
	c.book.close()
	c.isAnswered = true
	c.worker.free(c.id)
	c.worker.output.send(kind, c.id, header, body)
	c.mutex.Unlock()
	c.worker.finish()
}

// ask sends a question in the order of the call's questions.
func (c *Call) ask(question uint32, op, path string, arguments []byte) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.isAnswered {
		return errors.New("the call was answered already: " + path + " is not called")
	}
	header, err := json.Marshal(nestedHeader{c.id, c.sequence, op, path})
	if err != nil {
		return err
	}
	if size := frame.Size(header, arguments); size > c.worker.bytesMax {
		return fmt.Errorf("the arguments of %s make a frame of %d bytes, and %d are the most", path, size, c.worker.bytesMax)
	}
	c.sequence++
	c.worker.output.send(frame.Nested, question, header, arguments)
	return nil
}

type nestedHeader struct {
	Call     uint32 `json:"call"`
	Sequence int    `json:"sequence"`
	Op       string `json:"op"`
	Path     string `json:"path"`
}

// log passes text to the call's log, and says false when the call was answered.
func (c *Call) log(write func(*logBook)) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.isAnswered {
		return false
	}
	if c.header.Logs {
		write(c.book)
	}
	return true
}

// ExecutionID is under which the host knows the call.
func (c *Call) ExecutionID() string {
	return c.header.ExecutionID
}

// Custom is a field of polyCustom: what the function set, else what the call brought.
func (c *Call) Custom(name string) any {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if value, isSet := c.custom[name]; isSet {
		return value
	}
	if name == "executionId" {
		return c.header.ExecutionID
	}
	return c.header.PolyCustom[name]
}

// customSet is what the function set; its goroutines may still set more.
func (c *Call) customSet() map[string]any {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	set := make(map[string]any, len(c.custom))
	for name, value := range c.custom {
		set[name] = value
	}
	return set
}

func (c *Call) SetCustom(name string, value any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.custom == nil {
		c.custom = map[string]any{}
	}
	c.custom[name] = value
}
