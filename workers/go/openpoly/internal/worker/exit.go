package worker

import (
	"context"
	"fmt"
	"runtime"
)

// What ends the process in the source of a function ends its call: the process has others in flight. The toolchain puts
// these functions in the place of those that they are named after.

// Exit stands in for os.Exit.
func Exit(code int) { leave("os.Exit", code) }

// SystemExit stands in for syscall.Exit.
func SystemExit(code int) { leave("syscall.Exit", code) }

func leave(name string, code int) {
	how := fmt.Sprintf("%s(%d)", name, code)
	if isLoading() {
		here.failLoad(&Error{Name: "Exit", Message: "the function called " + how + " while it was loaded"})
	}
	if call := running(); call != nil {
		call.fail(failure{Name: "Exit", Message: "the function called " + how})
	} else {
		Line(context.Background(), Fault, "a goroutine that belongs to no call called "+how)
	}
	runtime.Goexit()
}
