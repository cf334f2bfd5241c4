package worker

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"sync"
	"syscall"
)

// capture makes log lines of what the function says. What goes through this package is known by its goroutine; what
// goes to os.Stdout and os.Stderr as bytes belongs to the only call in flight, or to none when there are several.
type capture struct {
	worker  *Worker
	streams []*stream

	mutex        sync.Mutex
	unattributed *logBook
}

type stream struct {
	level    level
	raw      syscall.RawConn
	pipe     *os.File
	replaced *os.File // kept, since Go closes files that nobody has: the runtime still writes there when it dies

	mutex  sync.Mutex
	buffer [16 << 10]byte
}

func captureStreams(w *Worker) (*capture, error) {
	c := &capture{worker: w}
	c.unattributed = newLogBook(endless, func(level level, line []byte) bool { return w.output.sendLog(0, level, line) })
	for _, each := range []struct {
		level level
		to    **os.File
	}{{Info, &os.Stdout}, {Fault, &os.Stderr}} {
		read, write, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		raw, err := read.SyscallConn()
		if err != nil {
			return nil, err
		}
		captured := &stream{level: each.level, raw: raw, pipe: read, replaced: *each.to}
		*each.to = write
		c.streams = append(c.streams, captured)
		go c.follow(captured)
	}
	log.SetFlags(0) // the host knows the time
	log.SetOutput(records{c})
	return c, nil
}

func (c *capture) follow(s *stream) {
	for s.raw.Read(func(descriptor uintptr) bool { return c.take(s, int(descriptor)) }) == nil {
	}
}

// drain returns when all that was written before is in the log.
func (c *capture) drain() {
	for _, s := range c.streams {
		if err := s.raw.Control(func(descriptor uintptr) { c.take(s, int(descriptor)) }); err != nil {
			end(1, err)
		}
	}
}

// take reads what is there, and says whether something was.
func (c *capture) take(s *stream, descriptor int) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	isSome := false
	for {
		count, err := syscall.Read(descriptor, s.buffer[:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || count <= 0 {
			return isSome
		}
		isSome = true
		c.put(c.worker.only(), func(book *logBook) { book.write(s.level, s.buffer[:count]) })
	}
}

func (c *capture) put(call *Call, write func(*logBook)) {
	if call != nil && call.log(write) {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.unattributed.tellLeftOut()
	write(c.unattributed)
}

// records is the output of package log, which writes one record at a time.
type records struct{ capture *capture }

func (r records) Write(record []byte) (int, error) {
	r.capture.put(running(), func(book *logBook) { book.line(Info, bytes.TrimSuffix(record, []byte("\n")), 0) })
	return len(record), nil
}

// Line logs one line, whatever newlines it has.
func Line(ctx context.Context, level level, values ...any) {
	text := []byte(fmt.Sprintln(values...))
	text = text[:len(text)-1]
	if here == nil {
		log.Printf("%s: %s", level, text)
		return
	}
	here.capture.put(Of(ctx), func(book *logBook) { book.line(level, text, 0) })
}

// Print, Printf and Println stand in for those of package fmt in the source of a function, where they can tell whose
// output it is.
func Print(values ...any) (int, error) { return say(fmt.Sprint(values...)) }

func Printf(format string, values ...any) (int, error) { return say(fmt.Sprintf(format, values...)) }

func Println(values ...any) (int, error) { return say(fmt.Sprintln(values...)) }

func say(text string) (int, error) {
	here.capture.put(running(), func(book *logBook) { book.write(Info, []byte(text)) })
	return len(text), nil
}
