package main

import (
	"math/rand/v2"
	"strconv"

	"k8s.io/apimachinery/pkg/api/resource"
)

// columns names what a row of an accepted text holds.
var columns = []string{
	"text",
	"canonical", // as CanonicalizeBytes forms it
	"format",
	"value",    // Value(), an int64, which may have overflowed
	"sign",     // Sign()
	"integer",  // whether AsScale(0) is exact
	"decimal",  // AsDec(), in full
	"previous", // Cmp() with the accepted row before this one; 0 in the first
	"other",    // the index among the accepted rows of one that comes no later
	"order",    // Cmp() with that one
	"string",   // String(), which may repeat the text instead of its canonical form
}

// observe asks the original about each text. Every question gets a quantity of its own: some methods change the
// receiver's inner form, and with it what later ones answer.
func observe(texts []string, random *rand.Rand) [][]any {
	rows := make([][]any, 0, len(texts))
	accepted := make([]string, 0, len(texts))
	for _, text := range texts {
		if _, err := resource.ParseQuantity(text); err != nil {
			rows = append(rows, []any{text})
			continue
		}
		previous, other := text, random.IntN(len(accepted)+1)
		if len(accepted) > 0 {
			previous = accepted[len(accepted)-1]
		}
		accepted = append(accepted, text)
		rows = append(rows, []any{
			text,
			canonical(text),
			parse(text).Format,
			strconv.FormatInt(parse(text).Value(), 10),
			parse(text).Sign(),
			isInteger(text),
			parse(text).AsDec().String(),
			parse(text).Cmp(*parse(previous)),
			other,
			parse(text).Cmp(*parse(accepted[other])),
			parse(text).String(),
		})
	}
	return rows
}

func parse(text string) *resource.Quantity {
	quantity := resource.MustParse(text)
	return &quantity
}

func canonical(text string) string {
	number, suffix := parse(text).CanonicalizeBytes(nil)
	return string(number) + string(suffix)
}

func isInteger(text string) bool {
	_, exact := parse(text).AsScale(0)
	return exact
}
