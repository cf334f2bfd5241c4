package openpoly

import (
	"context"

	"openpoly/internal/worker"
)

// A Vari is a variable of the catalog, by its path.
type Vari struct{ path string }

// Variable names a variable of the catalog, such as "shop.key".
func Variable(path string) Vari { return Vari{path} }

// Get reads the value, which is refused for a secret.
func (v Vari) Get(ctx context.Context) (any, error) { return GetAs[any](ctx, v) }

// GetAs is Get for a value of a known type.
func GetAs[T any](ctx context.Context, v Vari) (T, error) {
	return ask[T](ctx, "variable.get", v.path, nil)
}

// Update sets the value.
func (v Vari) Update(ctx context.Context, value any) error {
	_, err := worker.Ask(ctx, "variable.update", v.path, []any{value})
	return err
}

// A Reference stands for the value of a variable: whatever is called with it receives the value, and the function that
// passes it on never sees it.
type Reference struct {
	Type           string `json:"type"`
	PathIdentifier string `json:"pathIdentifier"`
	Path           string `json:"path,omitempty"`
}

// Inject makes a reference to the whole value.
func (v Vari) Inject() Reference { return v.InjectPart("") }

// InjectPart makes a reference to a part of the value, such as "credentials.password".
func (v Vari) InjectPart(path string) Reference {
	return Reference{"PolyVariable", v.path, path}
}
