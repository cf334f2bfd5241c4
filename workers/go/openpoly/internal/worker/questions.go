package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"openpoly/internal/frame"
)

// questions are the nested operations that wait for the host.
type questions struct {
	mutex   sync.Mutex
	last    uint32
	waiting map[uint32]chan<- reply
}

type reply struct {
	value []byte
	err   error
}

func newQuestions() questions {
	return questions{waiting: map[uint32]chan<- reply{}}
}

// Ask has the host do an operation for the call of ctx and gives its value as JSON, nil for none.
func Ask(ctx context.Context, op, path string, arguments []any) ([]byte, error) {
	call := Of(ctx)
	if call == nil {
		return nil, fmt.Errorf("%s cannot be called: no call is running here", path)
	}
	if ctx == nil {
		ctx = call.context
	}
	if op == "call" {
		if err := call.worker.refuseClientFunction(path); err != nil {
			return nil, err
		}
	}
	if arguments == nil {
		arguments = []any{}
	}
	encoded, err := encodeJSON(arguments)
	if err != nil {
		return nil, fmt.Errorf("the arguments of %s: %w", path, err)
	}
	answered := make(chan reply, 1)
	id := call.worker.questions.add(answered)
	defer call.worker.questions.forget(id)
	if err := call.ask(id, op, path, encoded); err != nil {
		return nil, err
	}
	select {
	case reply := <-answered:
		return reply.value, reply.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", path, ctx.Err())
	case <-call.context.Done():
		return nil, fmt.Errorf("%s: %w", path, context.Canceled)
	}
}

// Client functions are shipped as source to be run where they are called, which a compiled program cannot.
func (w *Worker) refuseClientFunction(path string) error {
	for _, client := range w.load.ClientFunctions {
		if client.Path == path {
			return &Error{Name: "WrongLanguage", Message: fmt.Sprintf(
				"the client function %s is written in %s, which a function in go cannot run", path, client.Language)}
		}
	}
	return nil
}

func (q *questions) add(answered chan<- reply) uint32 {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	for {
		q.last++
		if _, isTaken := q.waiting[q.last]; !isTaken {
			q.waiting[q.last] = answered
			return q.last
		}
	}
}

func (q *questions) forget(id uint32) {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	delete(q.waiting, id)
}

func (q *questions) answer(received frame.Frame) error {
	var header struct {
		Error *struct {
			Message    string `json:"message"`
			StatusCode int    `json:"statusCode"`
			Code       string `json:"code"`
		} `json:"error"`
	}
	if err := received.DecodeHeader(&header); err != nil {
		return err
	}
	q.mutex.Lock()
	answered := q.waiting[received.ID]
	delete(q.waiting, received.ID)
	q.mutex.Unlock()
	if answered == nil {
		return nil // whoever asked no longer waits
	}
	if problem := header.Error; problem != nil {
		answered <- reply{err: &Error{Name: "PolyError", Message: problem.Message, StatusCode: problem.StatusCode, Code: problem.Code}}
		return nil
	}
	answered <- reply{value: received.Body}
	return nil
}

// Decode reads the value of an operation into target; nil is what JSON calls null.
func Decode(path string, value []byte, target any) error {
	if len(value) == 0 {
		value = []byte("null")
	}
	if err := json.Unmarshal(value, target); err != nil {
		var problem *json.UnmarshalTypeError
		if errors.As(err, &problem) {
			return fmt.Errorf("the value of %s does not fit %T: $.%s: expected %s, not %s", path, target, problem.Field, problem.Type, problem.Value)
		}
		return fmt.Errorf("the value of %s: %w", path, err)
	}
	return nil
}
