package worker

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"sync"

	"openpoly/internal/frame"
)

// A result that comes piece by piece: what a channel, an iterator or a reader of the function gives is sent as it comes,
// and no faster than the host takes it.

const (
	windowBytes    = 1 << 20 // that may be sent before the host has taken some of it
	chunkBytesMax  = 256 << 10
	readBytesMax   = 64 << 10 // of a reader at once
	bytesType      = "application/octet-stream"
	textType       = "text/plain; charset=utf-8"
	linesType      = "application/x-ndjson"
	contentTypeKey = "contentType"
)

// A source gives values to yield, one after the other, until there are no more or yield says false.
type source func(c *Call, yield func(value any) bool) error

// sourceOf tells whether a result streams: a channel that can be read, a function that takes a yield function, as the
// iterators of later Go do, or an io.Reader.
func sourceOf(value any) (source, bool) {
	v := reflect.ValueOf(value)
	switch {
	case !v.IsValid():
		return nil, false
	case v.Kind() == reflect.Chan && v.Type().ChanDir()&reflect.RecvDir != 0:
		return func(c *Call, yield func(any) bool) error { return receiveAll(c, v, yield) }, true
	case v.Kind() == reflect.Func && isIterator(v.Type()):
		return func(_ *Call, yield func(any) bool) error { return iterate(v, yield) }, true
	}
	if _, isJSON := value.(json.Marshaler); isJSON {
		return nil, false
	}
	reader, isReader := value.(io.Reader)
	return func(_ *Call, yield func(any) bool) error { return readAll(reader, yield) }, isReader
}

// isIterator is for func(yield func(T) bool) and func(yield func(T, error) bool), which may also return an error.
func isIterator(kind reflect.Type) bool {
	if kind.NumIn() != 1 || kind.NumOut() > 1 || kind.NumOut() == 1 && kind.Out(0) != errorType {
		return false
	}
	yield := kind.In(0)
	if yield.Kind() != reflect.Func || yield.NumOut() != 1 || yield.Out(0).Kind() != reflect.Bool {
		return false
	}
	return yield.NumIn() == 1 || yield.NumIn() == 2 && yield.In(1) == errorType
}

func receiveAll(c *Call, channel reflect.Value, yield func(any) bool) error {
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: channel},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c.context.Done())},
	}
	for {
		chosen, value, isOpen := reflect.Select(cases)
		if chosen != 0 || !isOpen || !yield(value.Interface()) {
			return nil
		}
	}
}

func iterate(iterator reflect.Value, yield func(any) bool) error {
	var told error // by the second value of yield
	give := func(values []reflect.Value) []reflect.Value {
		if len(values) == 2 && !values[1].IsNil() {
			told = values[1].Interface().(error)
		}
		goesOn := told == nil && yield(values[0].Interface())
		return []reflect.Value{reflect.ValueOf(goesOn).Convert(iterator.Type().In(0).Out(0))}
	}
	results := iterator.Call([]reflect.Value{reflect.MakeFunc(iterator.Type().In(0), give)})
	if len(results) == 1 && !results[0].IsNil() {
		return results[0].Interface().(error)
	}
	return told
}

func readAll(reader io.Reader, yield func(any) bool) error {
	if closer, isCloser := reader.(io.Closer); isCloser {
		defer closer.Close() // what it was read for is sent
	}
	buffer := make([]byte, readBytesMax)
	for {
		count, err := reader.Read(buffer)
		if count > 0 && !yield(buffer[:count]) || err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// A resultStream is the result of one call on its way.
type resultStream struct {
	call *Call

	sending sync.Mutex // one value after the other
	isBegun bool

	mutex  sync.Mutex
	window int
	room   chan struct{} // has something when the window grew
}

func newResultStream(c *Call) *resultStream {
	return &resultStream{call: c, window: windowBytes, room: make(chan struct{}, 1)}
}

var errAbandoned = errors.New("the result is not read any more")

// sendAll sends what from gives, and the first thing that goes wrong is why it ends.
func (s *resultStream) sendAll(from source) error {
	var problem error
	err := from(s.call, func(value any) bool {
		if problem == nil {
			problem = s.sendValue(value)
		}
		return problem == nil
	})
	switch {
	case problem != nil:
		return problem
	case err != nil:
		return err
	case s.isBegun:
		return nil
	}
	return s.send(nil, linesType)
}

func (s *resultStream) sendValue(value any) error {
	if bytes, isBytes := value.([]byte); isBytes {
		return s.send(bytes, bytesType)
	}
	if text, isText := asText(value); isText {
		return s.send([]byte(text), textType)
	}
	line, err := encodeJSON(value)
	if err != nil {
		return badResult("the function gave a value that JSON cannot carry: %v", err)
	}
	return s.send(append(line, '\n'), linesType)
}

func (s *resultStream) send(bytes []byte, contentType string) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	for {
		room, err := s.waitForRoom()
		if err != nil {
			return err
		}
		count := smallest(len(bytes), room, chunkBytesMax)
		header, err := s.header(contentType)
		if err != nil {
			return err
		}
		if !s.call.sendChunk(header, bytes[:count]) {
			return errAbandoned
		}
		s.isBegun = true
		s.more(-count)
		if bytes = bytes[count:]; len(bytes) == 0 {
			return nil
		}
	}
}

// header is what the first piece says of the whole, by what the function set until now.
func (s *resultStream) header(contentType string) ([]byte, error) {
	if s.isBegun {
		return nil, nil
	}
	shape, problem := responseShape(s.call.customSet())
	if problem != nil {
		return nil, problem
	}
	if shape[contentTypeKey] == nil {
		shape[contentTypeKey] = contentType
	}
	header, err := json.Marshal(shape)
	if err != nil {
		return nil, badResult("polyCustom.responseHeaders has a value that JSON cannot carry: %v", err)
	}
	return header, nil
}

// waitForRoom returns how much may be sent, which is something.
func (s *resultStream) waitForRoom() (int, error) {
	for {
		if s.call.context.Err() != nil {
			return 0, errAbandoned
		}
		s.mutex.Lock()
		window := s.window
		s.mutex.Unlock()
		if window > 0 {
			return window, nil
		}
		select {
		case <-s.room:
		case <-s.call.context.Done():
		}
	}
}

// more is for what the host has taken, and less than nothing for what was sent.
func (s *resultStream) more(count int) {
	s.mutex.Lock()
	s.window += count
	s.mutex.Unlock()
	select {
	case s.room <- struct{}{}:
	default: // somebody is told already
	}
}

// sendChunk says false when the call was answered.
func (c *Call) sendChunk(header, body []byte) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.isAnswered {
		return false
	}
	c.worker.output.send(frame.Chunk, c.id, header, body)
	return true
}

func smallest(first int, others ...int) int {
	for _, other := range others {
		if other < first {
			first = other
		}
	}
	return first
}
