package main

import (
	"bytes"
	"os"
	"testing"
)

const fixture = "../../packages/quota-calc/fixtures/quantity-corpus.jsonl"

func TestTheFixtureIsWhatThisProgramWrites(t *testing.T) {
	version, err := versionOf(apimachinery)
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := write(&written, version); err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile(fixture)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written.Bytes(), committed) {
		t.Errorf("%s is stale: from the root of the repository, run\n\tgo -C tools/quantity-corpus run . > packages/quota-calc/fixtures/quantity-corpus.jsonl", fixture)
	}
}
