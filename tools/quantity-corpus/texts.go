package main

import (
	"math/big"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

var suffixes = []string{
	"", "n", "u", "m", "k", "M", "G", "T", "P", "E",
	"Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
	"e0", "e1", "e2", "e3", "E3", "e+6", "e-1", "e-3", "E-9", "e-10", "e18", "e21",
}

var numbers = []string{
	"0", "1", "5", "7", "10", "99", "100", "512", "1000", "1001", "1023", "1024", "1025", "1536", "4096", "8000",
	"16000", "1048576", "1000000", "123456789",
	"0.0", "0.1", "0.5", "1.5", ".5", "5.", "0.001", "1.001", "1.0005", "1.500", "2.25", "001", "000.500", "0.999999999",
	"0.0000000001", "1.0000000001", "1023.9999999999", "3.141592653589793238462643383279",
	"999999999999999", "1000000000000000", "9007199254740991", "9007199254740992", "9007199254740993",
	"999999999999999999", "1000000000000000000", "9223372036854775807", "9223372036854775808", "18446744073709551616",
	"1000000000000000000000", "123456789012345678901234567890",
}

// odd holds texts at the edges of the grammar, right and wrong ones.
var odd = []string{
	"", ".", "-", "+", "-.", "+.5", "-.5", "..", "1..", "1.2.3", "+-1", "--1", "1-", "1+", "-0", "+0", "-0.0", "+1",
	" ", " 1", "1 ", "\t1", "1\n", "1 Ki", "1 m", "m", "Ki", "Pi", "e3", "e-9", "e-10", "-m", ".m", "E", ".E", "-Ei",
	"1e", "1E", "1e+", "1e-", "1E+", "1e+3", "12e+3", "1E3", "1e03", "1e+03", "1e-0", "1e-10", "1e.5", "1e1.5", "1ee3",
	"1EE", "1E3m", "1em", "1e3Ki", "0.1n", "0.5n", "1.5n", "-0.1n", "-1.5n", "1n", "10E", "-10E", "100E", "1000E",
	"10000E", "8Ei", "7Ei", "-8Ei", "-9Ei", "9Ei", "1.5Ki", "1.5Ei", "-1.5", "-1.5Ki", "-0.5Ki", "-1025m", "1i", "1mi",
	"1ki", "1K", "1KI", "1kI", "1KiB", "1MB", "1Mb", "1g", "1p", "1t", "1U", "1N", "1Ui", "0x10", "0b1", "0o7", "1_000",
	"1,000", "1,5", "NaN", "Inf", "-Inf", "infinity", "true", "null", "1e1e1", "１", "٣", "1２", "½", "1µ", "1μ", "−1", "∞",
	"1\x00", "\ufeff1", "1\u00a0", "9223372036854775807Ki", "0Ei", "00Ei", "0.0Ki", "0e5", "0e-20", "1e21", "1e22",
	"1e23", "1e36", "1e100", "1e300", "1e-100", "1e-300", "123456789e300", "0.1e300", "1000e-300",
	// Exponents that do not fit an int32 are cut to it. Others of their kind are missing: the original takes seconds
	// for 1e-10000000, and far more for 1e-999999999 and 1e2147483648.
	"1e4294967296", "1e4294967299", "1e9223372036854775807", "1e-9223372036854775808", "1e9223372036854775808",
	"1e-9223372036854775809", "1e-99999999999999999999", "0e9223372036854775808", "1e00000000000000000000000000000003",
}

// texts lists what to ask, each text once. Spellings of neighbouring amounts stand next to each other, where
// comparing them says most.
func texts(random *rand.Rand) []string {
	all := slices.Concat(odd, long(), grid(), aroundCaps(), randomQuantities(random, 1800))
	all = append(all, mutations(random, all, 1500)...)
	seen := make(map[string]bool, len(all))
	unique := make([]string, 0, len(all))
	for _, text := range all {
		if !seen[text] {
			seen[text] = true
			unique = append(unique, text)
		}
	}
	return unique
}

func grid() []string {
	var texts []string
	for _, number := range numbers {
		for _, suffix := range suffixes {
			texts = append(texts, number+suffix, "-"+number+suffix)
		}
		texts = append(texts, "+"+number, "+"+number+"Ki")
	}
	return texts
}

// long holds numbers of hundreds of digits, among them some that are small after all.
func long() []string {
	zeros, nines := strings.Repeat("0", 400), strings.Repeat("9", 400)
	return []string{
		nines, "-" + nines, nines + "Ki", nines + "e-390", nines + "n", nines + "." + nines, zeros, zeros + "1",
		"1" + zeros, "1." + zeros, "1." + zeros + "1", "0." + zeros + "1", "0." + zeros + "1Ei", "-0." + zeros + "1",
		"0." + zeros + "1e401", zeros + "." + zeros + "Ki", "1." + nines + "Ei", nines[:64], nines[:65], nines[:64] + ".5",
		"1" + zeros[:63], "1" + zeros[:64], nines[:64] + ".0000000001",
	}
}

// aroundCaps holds the amounts around 2^53 and 2^63-1, in every unit that divides them.
func aroundCaps() []string {
	var texts []string
	for _, bits := range []uint{53, 63} {
		for index, suffix := range []string{"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"} {
			if uint(10*index) > bits {
				continue
			}
			limit := new(big.Int).Lsh(big.NewInt(1), bits-uint(10*index))
			for offset := int64(-2); offset <= 2; offset++ {
				number := new(big.Int).Add(limit, big.NewInt(offset)).String()
				texts = append(texts, number+suffix, "-"+number+suffix, number+".5"+suffix, number+".0000000001"+suffix)
			}
		}
	}
	return texts
}

func randomQuantities(random *rand.Rand, count int) []string {
	texts := make([]string, count)
	for at := range texts {
		var text strings.Builder
		text.WriteString([]string{"", "", "", "-", "+"}[random.IntN(5)])
		text.WriteString(randomDigits(random, random.IntN(1+random.IntN(24))))
		if random.IntN(2) == 0 {
			text.WriteString(".")
			text.WriteString(randomDigits(random, random.IntN(1+random.IntN(40))))
		}
		text.WriteString(suffixes[random.IntN(len(suffixes))])
		texts[at] = text.String()
	}
	return texts
}

func randomDigits(random *rand.Rand, count int) string {
	digits := make([]byte, count)
	for at := range digits {
		// Zeros and fives more often than chance has it: they decide about trailing zeros and rounding.
		digits[at] = "00000123455556789"[random.IntN(17)]
	}
	return string(digits)
}

// hugeExponent spares the original the exponents that would keep it busy for hours.
var hugeExponent = regexp.MustCompile(`[eE][+-]?[0-9]{4}`)

// mutations changes one character of texts of ordinary length.
func mutations(random *rand.Rand, texts []string, count int) []string {
	alphabet := []rune("0123456789+-.eEinumkKMGTPBx_, ٣")
	mutated := make([]string, 0, count)
	for len(mutated) < count {
		text := []rune(texts[random.IntN(len(texts))])
		if len(text) == 0 || len(text) > 40 {
			continue
		}
		at, letter := random.IntN(len(text)), alphabet[random.IntN(len(alphabet))]
		var changed string
		switch random.IntN(3) {
		case 0:
			changed = string(text[:at]) + string(letter) + string(text[at:])
		case 1:
			changed = string(text[:at]) + string(letter) + string(text[at+1:])
		default:
			changed = string(text[:at]) + string(text[at+1:])
		}
		if !hugeExponent.MatchString(changed) {
			mutated = append(mutated, changed)
		}
	}
	return mutated
}
