package openpoly

import (
	"context"

	"openpoly/internal/worker"
)

// Error is what an operation of the catalog fails with, or what a function returns to choose what its caller sees.
type Error = worker.Error

// Fail makes an error with the HTTP status that the caller of the function gets, 400 to 599.
func Fail(statusCode int, message string) error {
	return &Error{Name: "Error", Message: message, StatusCode: statusCode}
}

// Call calls a function of the catalog by its path, such as "crm.contacts.get", with positional arguments. An API
// function gives an object with status, data and headers; a server function what it returns. The error is an *Error when
// the function failed.
func Call(ctx context.Context, path string, arguments ...any) (any, error) {
	return CallAs[any](ctx, path, arguments...)
}

// CallAs is Call for a value of a known type.
func CallAs[T any](ctx context.Context, path string, arguments ...any) (T, error) {
	return ask[T](ctx, "call", path, arguments)
}

func ask[T any](ctx context.Context, op, path string, arguments []any) (T, error) {
	var value T
	encoded, err := worker.Ask(ctx, op, path, arguments)
	if err != nil {
		return value, err
	}
	err = worker.Decode(path, encoded, &value)
	return value, err
}
