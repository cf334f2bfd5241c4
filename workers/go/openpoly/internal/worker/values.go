package worker

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
)

const (
	statusMin      = 200
	errorStatusMin = 400
	statusMax      = 599
	badRequest     = 400
)

var (
	contextType = reflect.TypeOf((*context.Context)(nil)).Elem()
	errorType   = reflect.TypeOf((*error)(nil)).Elem()
)

// bind makes an Answer of a function: JSON in, one value or an error out.
func bind(function any, parameters []string) (Answer, error) {
	value := reflect.ValueOf(function)
	if value.Kind() != reflect.Func {
		return nil, errors.New("what the program was made of is no function")
	}
	kind := value.Type()
	first := 0
	if kind.NumIn() > 0 && kind.In(0) == contextType {
		first = 1
	}
	if kind.NumIn() != first+len(parameters) {
		return nil, fmt.Errorf("the function takes %d parameters, not %d", kind.NumIn()-first, len(parameters))
	}
	call := value.Call
	if kind.IsVariadic() {
		call = value.CallSlice
	}
	return func(ctx context.Context, body []byte) (any, error) {
		given, err := positional(body, parameters)
		if err != nil {
			return nil, err
		}
		arguments := make([]reflect.Value, 0, kind.NumIn())
		if first == 1 {
			arguments = append(arguments, reflect.ValueOf(ctx))
		}
		for i, name := range parameters {
			target := reflect.New(kind.In(first + i))
			if given[i] != nil {
				if err := json.Unmarshal(given[i], target.Interface()); err != nil {
					return nil, badArguments("the argument %s does not fit %s: %v", name, kind.In(first+i), err)
				}
			}
			arguments = append(arguments, target.Elem())
		}
		return outcome(call(arguments))
	}, nil
}

// positional gives the JSON of each argument, nil for one that is missing.
func positional(body []byte, parameters []string) ([]json.RawMessage, error) {
	given := make([]json.RawMessage, len(parameters))
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 {
		return given, nil
	}
	switch trimmed[0] {
	case '{':
		var named map[string]json.RawMessage
		if err := json.Unmarshal(body, &named); err != nil {
			return nil, badArguments("the arguments are not JSON: %v", err)
		}
		for i, name := range parameters {
			given[i] = named[name]
		}
	case '[':
		var listed []json.RawMessage
		if err := json.Unmarshal(body, &listed); err != nil {
			return nil, badArguments("the arguments are not JSON: %v", err)
		}
		copy(given, listed)
	default:
		return nil, badArguments("the arguments must be a JSON object or array")
	}
	return given, nil
}

func badArguments(format string, values ...any) error {
	return &Error{Name: "BadArguments", Message: fmt.Sprintf(format, values...), StatusCode: badRequest}
}

func outcome(results []reflect.Value) (any, error) {
	if count := len(results); count > 0 && results[count-1].Type() == errorType {
		if err, isFailed := results[count-1].Interface().(error); isFailed {
			return nil, err
		}
		results = results[:count-1]
	}
	if len(results) == 0 {
		return nil, nil
	}
	return results[0].Interface(), nil
}

// encodeResult gives header and body of a result frame.
func encodeResult(value any, custom map[string]any) (header, body []byte, problem *Error) {
	shape, problem := responseShape(custom)
	if problem != nil {
		return nil, nil, problem
	}
	text, isText := asText(value)
	switch {
	case isNothing(value):
		shape["void"] = true
	case isText:
		shape["text"] = true
		body = []byte(text)
	default:
		encoded, err := encodeJSON(value)
		if err != nil {
			return nil, nil, badResult("the function returned a value that JSON cannot carry: %v", err)
		}
		body = encoded
	}
	if len(shape) == 0 {
		return nil, body, nil
	}
	header, err := json.Marshal(shape)
	if err != nil {
		return nil, nil, badResult("polyCustom.responseHeaders has a value that JSON cannot carry: %v", err)
	}
	return header, body, nil
}

func isNothing(value any) bool {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid, reflect.Pointer:
		return true
	case reflect.Chan, reflect.Func:
		return v.IsNil()
	}
	return false
}

// asText is for what Go holds as a string and JSON as nothing else.
func asText(value any) (string, bool) {
	switch value.(type) {
	case string:
		return value.(string), true
	case json.Marshaler, encoding.TextMarshaler, json.Number:
		return "", false
	}
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		return asText(v.Elem().Interface())
	}
	if v.Kind() == reflect.String {
		return v.String(), true
	}
	return "", false
}

func encodeJSON(value any) ([]byte, error) {
	if v := reflect.ValueOf(value); v.Kind() == reflect.Slice && v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
		return []byte("[]"), nil
	}
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

func responseShape(custom map[string]any) (map[string]any, *Error) {
	shape := map[string]any{}
	if value := custom["responseStatusCode"]; value != nil {
		status, ok := asStatus(value)
		if !ok {
			return nil, badResult("polyCustom.responseStatusCode must be a whole number from %d to %d", statusMin, statusMax)
		}
		shape["status"] = status
	}
	if value := custom["responseContentType"]; value != nil {
		if _, ok := value.(string); !ok {
			return nil, badResult("polyCustom.responseContentType must be a string")
		}
		shape["contentType"] = value
	}
	if value := custom["responseHeaders"]; value != nil {
		if reflect.ValueOf(value).Kind() != reflect.Map {
			return nil, badResult("polyCustom.responseHeaders must be a map")
		}
		shape["headers"] = value
	}
	return shape, nil
}

func asStatus(value any) (int, bool) {
	v := reflect.ValueOf(value)
	var status float64
	switch {
	case !v.IsValid():
		return 0, false
	case v.CanInt():
		status = float64(v.Int())
	case v.CanUint():
		status = float64(v.Uint())
	case v.CanFloat():
		status = v.Float()
	}
	return int(status), status == math.Trunc(status) && status >= statusMin && status <= statusMax
}

func isErrorStatus(status int) bool {
	return status >= errorStatusMin && status <= statusMax
}

func badResult(format string, values ...any) *Error {
	return &Error{Name: "BadResult", Message: fmt.Sprintf(format, values...)}
}
