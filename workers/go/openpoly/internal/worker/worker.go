// Package worker is the harness that is linked into the program of a function: it speaks docs/worker-protocol.md with
// the host, runs each call in a goroutine of its own, and knows which call the running code belongs to.
//
// The process has one host, one standard output and one function, so there is one Worker, and it is ready before any
// package of user code starts: their variables and init functions may log, panic and exit.
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"syscall"

	"openpoly/internal/frame"
	"openpoly/internal/handover"
)

const readBytes = 64 << 10

// An Answer is what a worker does with a call: the body of its frame in, a value out.
type Answer func(ctx context.Context, body []byte) (any, error)

type Worker struct {
	socket   *os.File
	bytesMax int
	output   *output
	capture  *capture
	load     loadHeader
	answer   Answer

	mutex      sync.Mutex
	calls      map[uint32]*Call // those whose id is taken
	open       int              // those whose answer is not on its way yet
	isDraining bool
	questions  questions
}

// What of a load frame's header a program needs; its toolchain has seen to the rest.
type loadHeader struct {
	Path            string            `json:"path"`
	Name            string            `json:"name"`
	Environment     map[string]string `json:"environment"`
	ClientFunctions []clientFunction  `json:"clientFunctions"`
}

type clientFunction struct {
	Path     string `json:"path"`
	Language string `json:"language"`
}

var here *Worker

func init() {
	if !handover.Present() {
		return // a program that nobody may call, such as a test of the function's author
	}
	settings, err := handover.Take()
	if err != nil {
		end(2, err)
	}
	here = &Worker{bytesMax: settings.FrameBytesMax, calls: map[uint32]*Call{}, questions: newQuestions()}
	if settings.Header != nil {
		if err := json.Unmarshal(settings.Header, &here.load); err != nil {
			end(1, fmt.Errorf("%w: the header of a load: %v", frame.ErrProtocol, err))
		}
		reportCrashesOfLoading(settings.Socket)
	}
	if err := syscall.SetNonblock(settings.Socket, true); err != nil {
		end(2, err)
	}
	here.socket = os.NewFile(uintptr(settings.Socket), "host")
	here.output = newOutput(here.socket)
	if here.capture, err = captureStreams(here); err != nil {
		end(2, err)
	}
	for name, value := range here.load.Environment {
		if err := os.Setenv(name, value); err != nil {
			here.failLoad(&Error{Name: "BadEnvironment", Message: fmt.Sprintf("the environment variable %q: %v", name, err)})
		}
	}
}

// Main is the main function of a function's program: it serves calls for the rest of the process's life. The toolchain
// writes the line that calls it. A context that the function takes is none of its parameters.
func Main(name string, function any, parameters ...string) {
	if here == nil {
		end(2, errors.New("this program is a function of a catalog, and is started by its host"))
	}
	bound, err := bind(function, parameters)
	if err != nil {
		here.failLoad(&Error{Name: "BadProgram", Message: err.Error()})
	}
	if here.load.Name != name {
		message := fmt.Sprintf("the program has no function %q; its function is: %s", here.load.Name, name)
		here.failLoad(&Error{Name: "FunctionNotFound", Message: message})
	}
	here.serve(bound)
}

// Serve is the main function of a worker whose function is built in, such as a toolchain.
func Serve(language string, answer Answer) {
	if here == nil {
		end(2, errors.New("this program is started by its host"))
	}
	here.output.sendHeader(frame.Hello, 0, map[string]any{
		"protocol": 1, "language": language, "runtime": runtime.Version(), "pid": os.Getpid()})
	here.serve(answer)
}

func (w *Worker) serve(answer Answer) {
	w.answer = answer
	loadingIsOver()
	w.capture.drain()
	w.output.send(frame.Loaded, 0, nil, nil)
	source := bufio.NewReaderSize(w.socket, readBytes)
	for {
		received, err := frame.Read(source, w.bytesMax)
		if err == io.EOF || errors.Is(err, syscall.ECONNRESET) {
			os.Exit(0)
		}
		if err == nil {
			err = w.handle(received)
		}
		if err != nil {
			end(1, err)
		}
	}
}

func (w *Worker) handle(received frame.Frame) error {
	switch received.Kind {
	case frame.Load:
		w.output.sendHeader(frame.Error, 0, failure{Name: "AlreadyLoaded", Message: "this worker has its function already"})
	case frame.Call:
		return w.start(received)
	case frame.Cancel:
		if call := w.find(received.ID); call != nil {
			call.cancel()
		}
	case frame.More:
		var header struct {
			Bytes int `json:"bytes"`
		}
		if err := received.DecodeHeader(&header); err != nil {
			return err
		}
		if call := w.find(received.ID); call != nil {
			call.more(header.Bytes)
		}
	case frame.Reply:
		return w.questions.answer(received)
	case frame.Drain:
		w.mutex.Lock()
		w.isDraining = true
		isIdle := w.open == 0
		w.mutex.Unlock()
		if isIdle {
			w.leave()
		}
	}
	return nil
}

func (w *Worker) start(received frame.Frame) error {
	call := newCall(w, received.ID)
	if err := received.DecodeHeader(&call.header); err != nil {
		return err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.isDraining {
		return fmt.Errorf("%w: a call after drain", frame.ErrProtocol)
	}
	if w.calls[call.id] != nil {
		return fmt.Errorf("%w: the call %d is in flight already", frame.ErrProtocol, call.id)
	}
	w.calls[call.id] = call
	w.open++
	go call.run(received.Body)
	return nil
}

// find gives nil for a call that was answered.
func (w *Worker) find(id uint32) *Call {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.calls[id]
}

// free lets the host use the id again, which it may as soon as it has the answer.
func (w *Worker) free(id uint32) {
	w.mutex.Lock()
	delete(w.calls, id)
	w.mutex.Unlock()
}

// finish is for a call whose answer is on its way.
func (w *Worker) finish() {
	w.mutex.Lock()
	w.open--
	isDone := w.isDraining && w.open == 0
	w.mutex.Unlock()
	if isDone {
		w.leave()
	}
}

func (w *Worker) only() *Call {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if len(w.calls) != 1 {
		return nil
	}
	for _, call := range w.calls {
		return call
	}
	return nil
}

func (w *Worker) leave() {
	w.output.flush()
	os.Exit(0)
}

// failLoad tells the host why there is no function here, and waits for the host to end the process.
func (w *Worker) failLoad(why *Error) {
	loadingIsOver()
	w.capture.drain()
	w.output.sendHeader(frame.Error, 0, failure{Name: why.Name, Message: why.Message})
	_, err := io.Copy(io.Discard, w.socket)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		end(1, err)
	}
	os.Exit(0)
}

func end(status int, why error) {
	line := fmt.Sprintln("worker:", why)
	syscall.Write(syscall.Stderr, []byte(line)) // and not os.Stderr, which is the function's
	os.Exit(status)
}
