package worker

import (
	"sync/atomic"
	"syscall"
	"unsafe"

	"openpoly/internal/frame"
)

// A panic of a package's variables or init functions ends the program before anything can recover it. The runtime only
// writes it to standard error, and lets a program watch what it writes: that is where the host's error frame comes from.
//
// It is the runtime's own stack that these functions run on, in a program that is dying: they allocate nothing.

//go:linkname watchWrites runtime.overrideWrite
var watchWrites func(descriptor uintptr, text unsafe.Pointer, count int32) int32

var (
	loading     atomic.Bool
	crashSocket uintptr
	crashText   [8 << 10]byte
	crashBytes  int
	crashFrame  [3 * len(crashText)]byte
	isTold      bool
)

const (
	crashStart = "panic: "
	crashName  = "Panic"
)

func reportCrashesOfLoading(socket int) {
	crashSocket = uintptr(socket)
	loading.Store(true)
	watchWrites = crashWrite
}

func loadingIsOver() {
	loading.Store(false)
}

func isLoading() bool {
	return loading.Load()
}

//go:nosplit
func crashWrite(descriptor uintptr, text unsafe.Pointer, count int32) int32 {
	if descriptor == 2 && loading.Load() && !isTold {
		gatherCrash(text, int(count))
	}
	written, _, _ := syscall.RawSyscall(syscall.SYS_WRITE, descriptor, uintptr(text), uintptr(count))
	return int32(written)
}

// gatherCrash keeps the text, which comes in pieces, until it has the place in the function's source.
func gatherCrash(text unsafe.Pointer, count int) {
	for i := 0; i < count && crashBytes < len(crashText); i++ {
		crashText[crashBytes] = *(*byte)(unsafe.Add(text, i))
		crashBytes++
	}
	gathered := crashText[:crashBytes]
	if line := lineInSource(gathered); line > 0 && startsWith(gathered, crashStart) {
		isTold = true
		tellCrash(messageOf(gathered), line)
	}
}

// messageOf is what stands between "panic: " and the stacks of the goroutines.
func messageOf(text []byte) []byte {
	text = text[len(crashStart):]
	for i := range text {
		if startsWith(text[i:], "\n\ngoroutine ") || startsWith(text[i:], "\n[signal ") {
			return text[:i]
		}
	}
	return text
}

// lineInSource reads the number that follows the name of the function's source, once its end is there.
func lineInSource(text []byte) int {
	for i := range text {
		if !startsWith(text[i:], SourceFolder) {
			continue
		}
		for rest := text[i:]; len(rest) > 0 && rest[0] != '\n'; rest = rest[1:] {
			if rest[0] != ':' {
				continue
			}
			number := 0
			for rest = rest[1:]; len(rest) > 0 && '0' <= rest[0] && rest[0] <= '9'; rest = rest[1:] {
				number = 10*number + int(rest[0]-'0')
			}
			if len(rest) > 0 {
				return number
			}
			return 0
		}
	}
	return 0
}

func startsWith(text []byte, start string) bool {
	return len(text) >= len(start) && string(text[:len(start)]) == start
}

func tellCrash(message []byte, line int) {
	const headerStart = 4 + 1 + 4 + 4
	header := append(crashFrame[headerStart:headerStart], `{"name":"`+crashName+`","message":"`...)
	for _, letter := range message {
		switch {
		case letter == '"' || letter == '\\':
			header = append(header, '\\', letter)
		case letter < ' ':
			header = append(header, ' ')
		default:
			header = append(header, letter)
		}
	}
	header = append(header, `","line":`...)
	header = appendNumber(header, line)
	header = append(header, '}')
	whole := frame.Append(crashFrame[:0], frame.Error, 0, nil, nil)
	putLength(whole[0:], headerStart-4+len(header))
	putLength(whole[headerStart-4:], len(header))
	syscall.RawSyscall(syscall.SYS_WRITE, crashSocket, uintptr(unsafe.Pointer(&crashFrame[0])), uintptr(headerStart+len(header)))
}

func appendNumber(to []byte, number int) []byte {
	if number >= 10 {
		to = appendNumber(to, number/10)
	}
	return append(to, byte('0'+number%10))
}

func putLength(to []byte, length int) {
	for i := 0; i < 4; i++ {
		to[i] = byte(length >> (8 * i))
	}
}
