// The waiting worker: a small program that takes one load, and becomes the program that the load brings.
//
// A Go function cannot be put into a running process, so what the toolchain makes of it is a whole program. Everything
// after the load is that program's (internal/worker).
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"openpoly/internal/frame"
	"openpoly/internal/handover"
)

func main() {
	settings, err := handover.Take()
	if err != nil {
		end(2, err)
	}
	host := os.NewFile(uintptr(settings.Socket), "host")
	say(host, frame.Hello, map[string]any{"protocol": 1, "language": "go", "runtime": runtime.Version(), "pid": os.Getpid()})
	for {
		received, err := frame.Read(host, settings.FrameBytesMax)
		if err == io.EOF {
			os.Exit(0)
		}
		if err != nil {
			end(1, err)
		}
		switch received.Kind {
		case frame.Load:
			refuse(host, load(settings, received))
		case frame.Drain:
			os.Exit(0)
		case frame.Call:
			var header struct{}
			if err := received.DecodeHeader(&header); err != nil {
				end(1, err)
			}
			end(1, fmt.Errorf("%w: a call before a function is loaded", frame.ErrProtocol))
		}
	}
}

type refusal struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// load returns only when it cannot be done.
func load(settings handover.Settings, received frame.Frame) refusal {
	var header struct {
		Language string `json:"language"`
	}
	if err := received.DecodeHeader(&header); err != nil {
		end(1, err)
	}
	if header.Language != "go" {
		return refusal{"WrongLanguage", fmt.Sprintf("this worker runs functions in go, not in %s", header.Language)}
	}
	program, err := unpack(received.Body)
	if err == nil {
		err = handover.Become(settings, program, received.Header)
	}
	return refusal{"BadProgram", err.Error()}
}

// unpack reads what the toolchain packed: a program, compressed by gzip, in Base64.
func unpack(code []byte) (io.Reader, error) {
	program, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(code)))
	if err != nil {
		return nil, fmt.Errorf("the code is no compressed program: %w", err)
	}
	return program, nil
}

func refuse(host io.Writer, why refusal) {
	say(host, frame.Error, why)
}

func say(host io.Writer, kind frame.Kind, header any) {
	encoded, err := json.Marshal(header)
	if err != nil {
		end(1, err)
	}
	if _, err := host.Write(frame.Append(nil, kind, 0, encoded, nil)); err != nil && !errors.Is(err, io.EOF) {
		end(1, err)
	}
}

func end(status int, why error) {
	fmt.Fprintln(os.Stderr, "worker:", why)
	os.Exit(status)
}
