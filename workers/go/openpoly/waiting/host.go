package main

import (
	"io"
	"os"
	"syscall"
)

// A host is the other end of the socket. An open file may come with what is read of it.
type host struct {
	socket int
	file   *os.File // the last one that came
}

func (h *host) Read(into []byte) (int, error) {
	const fileBytes = 4 // of the number of a descriptor
	control := make([]byte, syscall.CmsgSpace(fileBytes))
	for {
		count, controlCount, _, _, err := syscall.Recvmsg(h.socket, into, control, syscall.MSG_CMSG_CLOEXEC)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return 0, os.NewSyscallError("recvmsg", err)
		case count == 0:
			return 0, io.EOF
		}
		return count, h.take(control[:controlCount])
	}
}

func (h *host) take(control []byte) error {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return err
	}
	for _, message := range messages {
		descriptors, err := syscall.ParseUnixRights(&message)
		if err != nil {
			return err
		}
		for _, descriptor := range descriptors {
			h.file = os.NewFile(uintptr(descriptor), "program")
		}
	}
	return nil
}

func (h *host) Write(frame []byte) (int, error) {
	return syscall.Write(h.socket, frame)
}
