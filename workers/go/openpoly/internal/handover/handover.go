// Package handover is how a waiting worker becomes the worker of a function: the process takes the function's program
// in place of its own, and the program finds what it needs of the load in descriptors and environment variables. It
// works without a disk, and what came after the load waits in the socket.
package handover

import (
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

// Become runs program in this process from now on, and returns only if it cannot. It runs a copy, since what the process
// may execute was settled before anybody knew the program.
func Become(settings Settings, program *os.File, header []byte) error {
	code, err := memoryFile("function")
	if err != nil {
		return err
	}
	defer code.Close()
	if err := copyFile(code, program); err != nil {
		return err
	}
	load, err := memoryFile("load")
	if err != nil {
		return err
	}
	defer load.Close()
	if _, err := load.WriteAt(header, 0); err != nil {
		return err
	}
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
func memoryFile(name string) (*os.File, error) {
	const closeOnExec = 1
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	descriptor, _, problem := syscall.Syscall(systemCallMemfdCreate, uintptr(unsafe.Pointer(text)), closeOnExec, 0)
	if problem != 0 {
		return nil, fmt.Errorf("no file in memory: %w", problem)
	}
	return os.NewFile(descriptor, name), nil
}

// copyFile copies all of from, wherever others that have it open have read to.
func copyFile(to, from *os.File) error {
	const atOnce = 1 << 30
	offset := int64(0)
	for {
		count, err := syscall.Sendfile(int(to.Fd()), int(from.Fd()), &offset, atOnce)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count == 0 {
			return os.NewSyscallError("sendfile", err)
		}
	}
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
