// Quantity-corpus writes what k8s.io/apimachinery makes of some thousand texts, so that another implementation of
// Kubernetes' quantities can be held against the original without Go. It writes to standard output, the same bytes
// every time as long as the version of apimachinery in go.mod is the same.
//
// The first line of the output is an object that names the version and the columns, every other line a row; a row
// of the text alone stands for a text that Kubernetes refuses.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
)

const (
	apimachinery = "k8s.io/apimachinery"
	seed         = 20260
)

type header struct {
	Apimachinery string   `json:"apimachinery"`
	Seed         uint64   `json:"seed"`
	Columns      []string `json:"columns"`
}

func main() {
	log.SetFlags(0)
	version, err := versionOf(apimachinery)
	if err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	if err := write(out, version); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func write(out io.Writer, version string) error {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(header{version, seed, columns}); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, seed))
	for _, row := range observe(texts(random), random) {
		if err := lines.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

// versionOf reads the version that was linked, so that the corpus cannot name another.
func versionOf(module string) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", fmt.Errorf("built without module information")
	}
	at := slices.IndexFunc(info.Deps, func(dep *debug.Module) bool { return dep.Path == module })
	if at < 0 {
		return "", fmt.Errorf("%s is not linked", module)
	}
	return info.Deps[at].Version, nil
}
