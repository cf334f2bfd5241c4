// The Go toolchain: sources in, programs and their interfaces out. README.md says what is asked and answered.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"openpoly/internal/worker"
)

func main() {
	program, err := os.Executable()
	if err != nil {
		fail(err)
	}
	packages, err := installedPackages(filepath.Dir(program))
	if err != nil {
		fail(err)
	}
	describer := newDescriber(packages)
	worker.Serve("go", func(ctx context.Context, body []byte) (any, error) {
		asked, err := readRequest(body)
		if err != nil {
			return nil, err
		}
		if asked.Op == "ping" {
			return map[string]bool{"ok": true}, nil
		}
		return describer.describe(ctx, asked)
	})
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "toolchain:", err)
	os.Exit(1)
}
