// The waiting worker: a small program that takes one load, and becomes the program that came with it.
//
// A Go function cannot be put into a running process, so what the toolchain makes of it is a whole program. Everything
// after the load is that program's (internal/worker).
package main

import (
	"encoding/json"
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
	host := &host{socket: settings.Socket}
	host.say(frame.Hello, map[string]any{"protocol": 1, "language": "go", "runtime": runtime.Version(), "pid": os.Getpid()})
	for {
		received, err := frame.Read(host, settings.FrameBytesMax)
		if err == io.EOF {
			os.Exit(0)
		}
		if err != nil {
			end(1, err)
		}
		switch received.Kind {
		case frame.Program:
			if host.file == nil {
				end(1, fmt.Errorf("%w: a program without a file", frame.ErrProtocol))
			}
		case frame.Load:
			host.say(frame.Error, load(settings, host.file, received))
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
func load(settings handover.Settings, program *os.File, received frame.Frame) refusal {
	var header struct {
		Language string `json:"language"`
	}
	if err := received.DecodeHeader(&header); err != nil {
		end(1, err)
	}
	if header.Language != "go" {
		return refusal{"WrongLanguage", fmt.Sprintf("this worker runs functions in go, not in %s", header.Language)}
	}
	if program == nil {
		return refusal{"BadProgram", "no program came before the load"}
	}
	return refusal{"BadProgram", handover.Become(settings, program, received.Header).Error()}
}

func (h *host) say(kind frame.Kind, header any) {
	encoded, err := json.Marshal(header)
	if err != nil {
		end(1, err)
	}
	if _, err := h.Write(frame.Append(nil, kind, 0, encoded, nil)); err != nil {
		end(1, err)
	}
}

func end(status int, why error) {
	fmt.Fprintln(os.Stderr, "worker:", why)
	os.Exit(status)
}
