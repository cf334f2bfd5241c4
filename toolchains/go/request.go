package main

import (
	"encoding/json"
	"fmt"
	"go/token"

	"openpoly/internal/worker"
)

// A request is what polyd asks.
type request struct {
	Op       string
	IsClient bool
	Name     string
	Source   string
}

func readRequest(body []byte) (request, error) {
	var fields map[string]any
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return request{}, badRequest("the request must be a JSON object")
	}
	op, _ := fields["op"].(string)
	switch op {
	case "ping":
		return request{Op: op}, nil
	case "describe":
	default:
		return request{}, badRequest("op: must be one of 'describe', 'ping'")
	}
	kind, _ := fields["kind"].(string)
	name, _ := fields["name"].(string)
	source, isText := fields["source"].(string)
	switch {
	case kind != "server" && kind != "client":
		return request{}, badRequest("kind: must be 'server' or 'client'")
	case !token.IsIdentifier(name):
		return request{}, badRequest("name: must be the name of a function")
	case fields["language"] != "go":
		return request{}, badRequest("language: must be 'go'")
	case !isText:
		return request{}, badRequest("source: must be text")
	case !areSchemas(fields["typeSchemas"]):
		return request{}, badRequest("typeSchemas: must be an object of JSON Schemas")
	}
	return request{Op: op, IsClient: kind == "client", Name: name, Source: source}, nil
}

func areSchemas(value any) bool {
	if value == nil {
		return true
	}
	schemas, isObject := value.(map[string]any)
	for _, schema := range schemas {
		if _, ok := schema.(map[string]any); !ok {
			return false
		}
	}
	return isObject
}

func badRequest(format string, values ...any) error {
	return &worker.Error{Name: "BadRequest", Message: fmt.Sprintf(format, values...)}
}
