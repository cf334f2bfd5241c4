package worker

import (
	"sync"
	"unsafe"
)

// Go keeps profiler labels for each goroutine, and a new goroutine has those of the one that started it. That is what
// it takes to know whose output a line is, without a context in every Println: each call has labels of its own, which
// are empty to the profiler and known here by their address.
//
// A function that sets profiler labels itself loses that, and its lines belong to no call.

//go:linkname setLabels runtime/pprof.runtime_setProfLabel
func setLabels(labels unsafe.Pointer)

//go:linkname getLabels runtime/pprof.runtime_getProfLabel
func getLabels() unsafe.Pointer

// Whatever the profiler takes it for, a map or a list, all zeros are an empty one.
type labels struct{ _ [8]uintptr }

var labelled sync.Map // *labels → *Call

// label marks this goroutine, and those that it will start, as the call's.
func label(call *Call) (end func()) {
	own := new(labels)
	labelled.Store(own, call)
	setLabels(unsafe.Pointer(own))
	return func() { labelled.Delete(own) }
}

// running is the call that this goroutine belongs to, or nil.
func running() *Call {
	own := getLabels()
	if own == nil {
		return nil
	}
	call, _ := labelled.Load((*labels)(own))
	if call == nil {
		return nil
	}
	return call.(*Call)
}
