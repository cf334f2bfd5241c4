package worker

import (
	"bytes"
	"fmt"
	"math"
	"unicode/utf8"
)

type level string

const (
	Debug level = "debug"
	Info  level = "info"
	Warn  level = "warn"
	Fault level = "error"
)

const (
	lineBytesMax    = 16_384
	callLogBytesMax = 1 << 20
	endless         = math.MaxInt
)

// logBook is the log of one execution: text in, lines out, within the limits of the protocol. Whoever owns it locks it.
type logBook struct {
	send       func(level, []byte) bool
	bytesLeft  int
	unfinished map[level]*unfinishedLine
	leftOut    struct{ lines, bytes int }
}

type unfinishedLine struct {
	text     []byte // at most lineBytesMax and one character
	cutBytes int
}

func newLogBook(bytesMax int, send func(level, []byte) bool) *logBook {
	return &logBook{send: send, bytesLeft: bytesMax, unfinished: map[level]*unfinishedLine{}}
}

// write takes text as it comes from a stream: a line ends at a newline.
func (b *logBook) write(level level, text []byte) {
	begun := b.unfinished[level]
	if begun == nil {
		begun = &unfinishedLine{}
		b.unfinished[level] = begun
	}
	for {
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			begun.add(text)
			return
		}
		begun.add(text[:end])
		b.line(level, begun.text, begun.cutBytes)
		*begun = unfinishedLine{text: begun.text[:0]}
		text = text[end+1:]
	}
}

func (l *unfinishedLine) add(text []byte) {
	room := lineBytesMax + utf8.UTFMax - len(l.text)
	if len(text) > room {
		l.cutBytes += len(text) - room
		text = text[:room]
	}
	l.text = append(l.text, text...)
}

// line takes one line; cutBytes of it are gone already.
func (b *logBook) line(level level, text []byte, cutBytes int) {
	kept := bytes.ToValidUTF8(cut(text), []byte("\uFFFD"))
	if len(kept)+1 > b.bytesLeft || !b.send(level, kept) {
		b.leftOut.lines++
		b.leftOut.bytes += len(text) + cutBytes
		return
	}
	if b.bytesLeft != endless {
		b.bytesLeft -= len(kept) + 1
	}
}

func (b *logBook) close() {
	for level, line := range b.unfinished {
		if len(line.text) > 0 {
			b.line(level, line.text, line.cutBytes)
		}
	}
	b.unfinished = map[level]*unfinishedLine{}
	b.tellLeftOut()
}

func (b *logBook) tellLeftOut() {
	if b.leftOut.lines == 0 {
		return
	}
	text := fmt.Sprintf("%d lines of log (%d bytes) were left out", b.leftOut.lines, b.leftOut.bytes)
	if b.send(Warn, []byte(text)) {
		b.leftOut.lines, b.leftOut.bytes = 0, 0
	}
}

// cut ends a line between two characters.
func cut(text []byte) []byte {
	if len(text) <= lineBytesMax {
		return text
	}
	end := lineBytesMax
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
