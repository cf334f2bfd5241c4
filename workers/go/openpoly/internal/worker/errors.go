package worker

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

const (
	// SourceFolder is where the toolchain says that the source of the function lies: its frames are the user's own.
	SourceFolder = "openpoly.function/"

	framesMax        = 64
	messageBytesMax  = 16 << 10
	ownPackagePrefix = "main."
)

// Error is an error that callers see in full: by name, message and status. An operation of the catalog fails with one
// named PolyError.
type Error struct {
	Name       string
	Message    string
	StatusCode int    // 400 to 599, or 0
	Code       string // of the operation that failed
}

func (e *Error) Error() string { return e.Message }

// failure is the header of an error frame.
type failure struct {
	Name       string `json:"name"`
	Message    string `json:"message"`
	Stack      string `json:"stack,omitempty"`
	Line       int    `json:"line,omitempty"`
	StatusCode int    `json:"statusCode,omitempty"`
}

// describe tells of an error that the function returned.
func describe(err error) failure {
	told := failure{Name: nameOf(err), Message: cutMessage(err.Error())}
	var known *Error
	var withStatus interface{ StatusCode() int }
	switch {
	case errors.As(err, &known):
		told.StatusCode = known.StatusCode
	case errors.As(err, &withStatus):
		told.StatusCode = withStatus.StatusCode()
	}
	if !isErrorStatus(told.StatusCode) {
		told.StatusCode = 0
	}
	return told
}

// describePanic tells of a panic, while its frames are still on the stack.
func describePanic(thrown any, path string) failure {
	told := failure{Name: "Panic"}
	if err, isError := thrown.(error); isError {
		told = describe(err)
	} else {
		told.Message = cutMessage(fmt.Sprint(thrown))
	}
	var counters [framesMax]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	var stack strings.Builder
	for {
		frame, hasMore := frames.Next()
		if strings.HasPrefix(frame.File, SourceFolder) {
			if told.Line == 0 {
				told.Line = frame.Line
			}
			fmt.Fprintf(&stack, "\n    at %s (%s:%d)", strings.TrimPrefix(frame.Function, ownPackagePrefix), path, frame.Line)
		}
		if !hasMore {
			break
		}
	}
	if stack.Len() > 0 {
		told.Stack = told.Name + ": " + told.Message + stack.String()
	}
	return told
}

// nameOf is the name of a type that the function's author made; types of libraries have names nobody knows.
func nameOf(err error) string {
	if known, ok := err.(*Error); ok && known.Name != "" {
		return known.Name
	}
	if _, ok := err.(runtime.Error); ok {
		return "RuntimeError"
	}
	kind := reflect.TypeOf(err)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	if kind.PkgPath() == "main" && kind.Name() != "" {
		return kind.Name()
	}
	return "Error"
}

func cutMessage(message string) string {
	if len(message) <= messageBytesMax {
		return message
	}
	return strings.ToValidUTF8(message[:messageBytesMax], "") + "…"
}
