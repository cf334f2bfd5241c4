package openpoly

import (
	"context"

	"openpoly/internal/worker"
)

// PolyCustom is what belongs to one call: what its caller gave it, and the shape of its answer.
type PolyCustom struct{ call *worker.Call }

// Custom is the PolyCustom of the running call. Outside of calls it has no values and keeps none.
func Custom(ctx context.Context) PolyCustom { return PolyCustom{worker.Of(ctx)} }

// ExecutionID is under which logs and executions list the call.
func (c PolyCustom) ExecutionID() string {
	if c.call == nil {
		return ""
	}
	return c.call.ExecutionID()
}

// Get is a field by name, nil when it is not there.
func (c PolyCustom) Get(name string) any {
	if c.call == nil {
		return nil
	}
	return c.call.Custom(name)
}

// Set gives a field a value.
func (c PolyCustom) Set(name string, value any) {
	if c.call != nil {
		c.call.SetCustom(name, value)
	}
}

// SetStatus chooses the HTTP status of the answer: 200 to 599, or 400 to 599 for a call that fails.
func (c PolyCustom) SetStatus(code int) { c.Set("responseStatusCode", code) }

// SetContentType chooses what the answer is declared to be. A string that the function returns is sent as it is.
func (c PolyCustom) SetContentType(contentType string) { c.Set("responseContentType", contentType) }

// SetHeaders gives the answer further HTTP headers.
func (c PolyCustom) SetHeaders(headers map[string]string) { c.Set("responseHeaders", headers) }
