package main

import "go/types"

// reader is io.Reader.
var reader = types.NewInterfaceType([]*types.Func{types.NewFunc(0, nil, "Read", types.NewSignatureType(nil, nil, nil,
	types.NewTuple(types.NewParam(0, nil, "into", types.NewSlice(types.Typ[types.Byte]))),
	types.NewTuple(types.NewParam(0, nil, "count", types.Typ[types.Int]), types.NewParam(0, nil, "err", types.Universe.Lookup("error").Type())),
	false))}, nil).Complete()

// streams tells whether a result comes piece by piece, as internal/worker/result_stream.go of the harness sees it: a channel
// that can be read, an iterator, or an io.Reader. What its readers get depends on who reads.
func streams(result types.Type) bool {
	switch kind := result.Underlying().(type) {
	case *types.Chan:
		return kind.Dir() != types.SendOnly
	case *types.Signature:
		return isIterator(kind)
	}
	return types.Implements(result, reader) && types.NewMethodSet(result).Lookup(nil, "MarshalJSON") == nil
}

// isIterator is for func(yield func(T) bool) and func(yield func(T, error) bool), which may also return an error.
func isIterator(kind *types.Signature) bool {
	results := kind.Results()
	if kind.Variadic() || kind.Params().Len() != 1 || results.Len() > 1 || results.Len() == 1 && !isError(results.At(0).Type()) {
		return false
	}
	yield, isFunction := kind.Params().At(0).Type().Underlying().(*types.Signature)
	if !isFunction || yield.Variadic() || yield.Results().Len() != 1 || primitiveOf(yield.Results().At(0).Type().Underlying()) != "boolean" {
		return false
	}
	given := yield.Params()
	return given.Len() == 1 || given.Len() == 2 && isError(given.At(1).Type())
}
