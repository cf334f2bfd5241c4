package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"openpoly/internal/worker"
)

// build compiles and links a program. Compiler and linker are called as `go build`
// would, with packages that are compiled already: it takes them a fraction of a second, writes nothing that stays, and
// needs no cache that one deploy could leave to the next.
func (p packages) build(ctx context.Context, program string) ([]byte, []fault, error) {
	folder, err := os.MkdirTemp("", "function-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(folder)
	source := filepath.Join(folder, sourceName)
	object := filepath.Join(folder, "function.o")
	executable := filepath.Join(folder, "function")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		return nil, nil, err
	}
	faults, err := p.run(ctx, "compile", "-p", "main", "-complete", "-pack", "-importcfg", p.linkable,
		"-trimpath", folder+"=>"+strings.TrimSuffix(worker.SourceFolder, "/"), "-o", object, source)
	if err != nil || len(faults) > 0 {
		return nil, faults, err
	}
	faults, err = p.run(ctx, "link", "-s", "-w", "-buildmode", "exe", "-importcfg", p.linkable, "-o", executable, object)
	if err != nil || len(faults) > 0 {
		return nil, faults, err
	}
	code, err := os.ReadFile(executable)
	return code, nil, err
}

var place = regexp.MustCompile(`^\S*\Q` + sourceName + `\E:(\d+):(?:(\d+):)? (.*)$`)

// run gives what the tool has against the source; an error is one of the machine.
func (p packages) run(ctx context.Context, tool string, arguments ...string) ([]fault, error) {
	command := exec.CommandContext(ctx, filepath.Join(p.tools, tool), arguments...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "GOROOT=" + os.Getenv("GOROOT")}
	output, err := command.CombinedOutput()
	if err == nil {
		return nil, nil
	}
	var faults []fault
	for _, line := range strings.Split(string(output), "\n") {
		if found := place.FindStringSubmatch(line); found != nil && len(faults) < faultsMax {
			faults = append(faults, fault{found[3], numberOr1(found[1]), numberOr1(found[2])})
		}
	}
	if len(faults) > 0 {
		return faults, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) { // at a limit of memory, or of the size of a file
		why, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
		return []fault{{fmt.Sprintf("%s could not make a program of the source: %v %s", tool, ended, why), 1, 1}}, nil
	}
	return nil, fmt.Errorf("%s: %w", tool, err)
}

func numberOr1(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 1
	}
	return number
}
