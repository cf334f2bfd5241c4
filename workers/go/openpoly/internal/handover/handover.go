// Package handover is how a waiting worker becomes the worker of a function: the process takes the function's program
// in place of its own, and the program finds what it needs of the load in descriptors and environment variables. It
// works without a disk, and what came after the load waits in the socket.
package handover

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"openpoly/internal/frame"
)

const (
	socketVariable   = "OPENPOLY_WORKER_FD"
	bytesMaxVariable = "OPENPOLY_FRAME_BYTES_MAX"
	headerVariable   = "OPENPOLY_LOAD_FD" // says that the load is done, and where its header lies
	memoryVariable   = "GOMEMLIMIT"       // Go's own, which each program reads as it starts
)

// Settings is what the environment tells a worker.
type Settings struct {
	Socket        int
	FrameBytesMax int
	Header        []byte // of the load frame; nil for a program that was not handed over
	memoryLimit   string
}

// What user code may see of the environment that the worker was started with.
var kept = map[string]bool{"PATH": true, "HOME": true, "LANG": true, "LC_ALL": true, "TZ": true, "TMPDIR": true}

// Present tells whether a host started this program.
func Present() bool {
	return os.Getenv(socketVariable) != ""
}

// Take reads the settings out of the environment, and leaves in it what user code may see.
func Take() (Settings, error) {
	settings := Settings{FrameBytesMax: frame.BytesMax, memoryLimit: os.Getenv(memoryVariable)}
	var err error
	if settings.Socket, err = number(socketVariable, -1); err != nil || settings.Socket < 0 {
		return settings, fmt.Errorf("%s must hold the number of an open socket", socketVariable)
	}
	if settings.FrameBytesMax, err = number(bytesMaxVariable, frame.BytesMax); err != nil {
		return settings, err
	}
	header, err := number(headerVariable, -1)
	if err != nil {
		return settings, err
	}
	if header >= 0 {
		if settings.Header, err = readAll(header); err != nil {
			return settings, fmt.Errorf("%s: %w", headerVariable, err)
		}
	}
	syscall.CloseOnExec(settings.Socket)
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !kept[name] {
			os.Unsetenv(name)
		}
	}
	return settings, nil
}

// Become runs program in this process from now on, and returns only if it cannot.
func Become(settings Settings, program io.Reader, header []byte) error {
	code, err := memoryFile("function", program)
	if err != nil {
		return err
	}
	defer code.Close()
	load, err := memoryFile("load", bytes.NewReader(header))
	if err != nil {
		return err
	}
	defer load.Close()
	for _, descriptor := range []int{settings.Socket, int(load.Fd())} {
		if err := inherit(descriptor); err != nil {
			return err
		}
	}
	environment := append(os.Environ(),
		variable(socketVariable, settings.Socket),
		variable(bytesMaxVariable, settings.FrameBytesMax),
		variable(headerVariable, int(load.Fd())),
		memoryVariable+"="+settings.memoryLimit)
	err = syscall.Exec("/proc/self/fd/"+strconv.Itoa(int(code.Fd())), []string{"function"}, environment)
	syscall.CloseOnExec(settings.Socket)
	return fmt.Errorf("the program cannot be started: %w", err)
}

// memoryFile makes a file without a name that is gone with its descriptor.
func memoryFile(name string, content io.Reader) (*os.File, error) {
	const closeOnExec = 1
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	descriptor, _, problem := syscall.Syscall(systemCallMemfdCreate, uintptr(unsafe.Pointer(text)), closeOnExec, 0)
	if problem != 0 {
		return nil, fmt.Errorf("no file in memory: %w", problem)
	}
	file := os.NewFile(descriptor, name)
	_, err = io.Copy(file, content)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func inherit(descriptor int) error {
	if _, _, problem := syscall.Syscall(syscall.SYS_FCNTL, uintptr(descriptor), syscall.F_SETFD, 0); problem != 0 {
		return fmt.Errorf("descriptor %d: %w", descriptor, problem)
	}
	return nil
}

func readAll(descriptor int) ([]byte, error) {
	file := os.NewFile(uintptr(descriptor), "load")
	defer file.Close()
	return io.ReadAll(file)
}

func number(name string, otherwise int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return otherwise, nil
	}
	value, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %q is no number", name, text)
	}
	return value, nil
}

func variable(name string, value int) string {
	return name + "=" + strconv.Itoa(value)
}
