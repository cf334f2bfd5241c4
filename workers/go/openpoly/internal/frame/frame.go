// Package frame turns the frames of docs/worker-protocol.md into bytes and back.
package frame

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

type Kind byte

const (
	Load    Kind = 0x01
	Call    Kind = 0x02
	Cancel  Kind = 0x03
	Drain   Kind = 0x04
	Reply   Kind = 0x05
	More    Kind = 0x06
	Program Kind = 0x07

	Hello  Kind = 0x41
	Loaded Kind = 0x42
	Result Kind = 0x43
	Error  Kind = 0x44
	Log    Kind = 0x45
	Nested Kind = 0x46
	Chunk  Kind = 0x47
)

const (
	// BytesMax is the largest length of a frame, unless the host chose another.
	BytesMax = 64 << 20

	lengthBytes       = 4
	idAndKindBytes    = 5
	headerLengthBytes = 4
	// A body is given room for as it comes: what a length promises may never arrive.
	trustedBytes = 1 << 20
)

// ErrProtocol is what a host sent that is no frame, or not now.
var ErrProtocol = errors.New("protocol error")

// Frame is one of the host's. Header is a JSON object, or empty.
type Frame struct {
	Kind   Kind
	ID     uint32
	Header []byte
	Body   []byte
}

// Read takes exactly one frame from source. io.EOF means that none began.
func Read(source io.Reader, bytesMax int) (Frame, error) {
	var head [lengthBytes + idAndKindBytes]byte
	if _, err := io.ReadFull(source, head[:lengthBytes]); err != nil {
		return Frame{}, ended(err, io.EOF)
	}
	length := int64(binary.LittleEndian.Uint32(head[:]))
	if length < idAndKindBytes || length > int64(bytesMax) {
		return Frame{}, fmt.Errorf("%w: a frame of %d bytes", ErrProtocol, length)
	}
	if _, err := io.ReadFull(source, head[lengthBytes:]); err != nil {
		return Frame{}, ended(err, nil)
	}
	kind := Kind(head[lengthBytes])
	if kind < Load || kind > Program {
		return Frame{}, fmt.Errorf("%w: a frame of kind 0x%02x", ErrProtocol, byte(kind))
	}
	payload, err := take(source, int(length-idAndKindBytes))
	if err != nil {
		return Frame{}, ended(err, nil)
	}
	header, body, err := split(payload)
	if err != nil {
		return Frame{}, err
	}
	return Frame{kind, binary.LittleEndian.Uint32(head[lengthBytes+1:]), header, body}, nil
}

// DecodeHeader reads the header into target, a struct.
func (f Frame) DecodeHeader(target any) error {
	if len(f.Header) == 0 {
		return nil
	}
	if err := json.Unmarshal(f.Header, target); err != nil {
		return fmt.Errorf("%w: the header of a frame of kind 0x%02x: %v", ErrProtocol, byte(f.Kind), err)
	}
	return nil
}

// Size is the length that a frame of this header and body has.
func Size(header, body []byte) int {
	return idAndKindBytes + headerLengthBytes + len(header) + len(body)
}

// Append puts a frame at the end of to.
func Append(to []byte, kind Kind, id uint32, header, body []byte) []byte {
	to = binary.LittleEndian.AppendUint32(to, uint32(Size(header, body)))
	to = append(to, byte(kind))
	to = binary.LittleEndian.AppendUint32(to, id)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(header)))
	to = append(to, header...)
	return append(to, body...)
}

func take(source io.Reader, count int) ([]byte, error) {
	if count <= trustedBytes {
		payload := make([]byte, count)
		_, err := io.ReadFull(source, payload)
		return payload, err
	}
	var payload bytes.Buffer
	payload.Grow(trustedBytes)
	_, err := io.CopyN(&payload, source, int64(count))
	return payload.Bytes(), err
}

func split(payload []byte) (header, body []byte, err error) {
	if len(payload) == 0 {
		return nil, nil, nil
	}
	if len(payload) < headerLengthBytes {
		return nil, nil, fmt.Errorf("%w: a payload of %d bytes", ErrProtocol, len(payload))
	}
	length, rest := binary.LittleEndian.Uint32(payload), payload[headerLengthBytes:]
	if uint64(length) > uint64(len(rest)) {
		return nil, nil, fmt.Errorf("%w: a header passes the end of its frame", ErrProtocol)
	}
	return rest[:length:length], rest[length:], nil
}

func ended(err, atBoundary error) error {
	if err == io.EOF && atBoundary != nil {
		return atBoundary
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: the socket ended inside a frame", ErrProtocol)
	}
	return err
}
