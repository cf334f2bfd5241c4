package main

import (
	"bytes"
	"encoding/json"
)

// An object is a JSON object whose members keep their order, which is the order of the source.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	separator := byte('{')
	for _, member := range o {
		name, err := json.Marshal(member.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(member.value)
		if err != nil {
			return nil, err
		}
		text.WriteByte(separator)
		text.Write(name)
		text.WriteByte(':')
		text.Write(value)
		separator = ','
	}
	if len(o) == 0 {
		text.WriteByte('{')
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}
