package worker

import (
	"encoding/json"
	"os"
	"strconv"
	"sync"
	"time"

	"openpoly/internal/frame"
)

// Logs may wait for a host that does not read, so many bytes of them; answers and questions always may.
const waitingBytesMax = 8 << 20

// What a buffer may have grown to and is still kept for the next frames.
const keptBytesMax = 1 << 20

// output is the way to the host. Frames are gathered while one write is under way, and go with the next.
type output struct {
	socket *os.File

	mutex     sync.Mutex
	changed   *sync.Cond
	waiting   []byte
	isWriting bool
}

func newOutput(socket *os.File) *output {
	o := &output{socket: socket}
	o.changed = sync.NewCond(&o.mutex)
	go o.write()
	return o
}

func (o *output) send(kind frame.Kind, id uint32, header, body []byte) {
	o.mutex.Lock()
	o.waiting = frame.Append(o.waiting, kind, id, header, body)
	o.mutex.Unlock()
	o.changed.Broadcast()
}

func (o *output) sendHeader(kind frame.Kind, id uint32, header any) {
	encoded, err := json.Marshal(header)
	if err != nil {
		end(1, err)
	}
	o.send(kind, id, encoded, nil)
}

// sendLog says whether the line is on its way.
func (o *output) sendLog(id uint32, level level, line []byte) bool {
	header := make([]byte, 0, 64)
	header = append(header, `{"level":"`...)
	header = append(header, level...)
	header = append(header, `","at":`...)
	header = strconv.AppendInt(header, time.Now().UnixMilli(), 10)
	header = append(header, '}')
	o.mutex.Lock()
	isAccepted := len(o.waiting)+len(line) <= waitingBytesMax
	if isAccepted {
		o.waiting = frame.Append(o.waiting, frame.Log, id, header, line)
	}
	o.mutex.Unlock()
	o.changed.Broadcast()
	return isAccepted
}

// flush waits until all is with the host, or can no longer get there.
func (o *output) flush() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	for len(o.waiting) > 0 || o.isWriting {
		o.changed.Wait()
	}
}

func (o *output) write() {
	var buffer []byte
	o.mutex.Lock()
	for {
		for len(o.waiting) == 0 {
			o.changed.Wait()
		}
		buffer, o.waiting = o.waiting, buffer[:0]
		o.isWriting = true
		o.mutex.Unlock()
		_, err := o.socket.Write(buffer)
		if err != nil {
			os.Exit(0) // the host is gone
		}
		if cap(buffer) > keptBytesMax {
			buffer = nil
		}
		o.mutex.Lock()
		o.isWriting = false
		o.changed.Broadcast()
	}
}
