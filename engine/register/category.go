package register

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed categories.txt
var categoryTable string

// Category is a key of the data taxonomy.
type Category struct {
	Key   string
	Class string // of the key and all keys below it: none, personal, confidential, special
	// Successor is the key to use instead of a deprecated one, "" if it is current.
	Successor string
}

// Classes of data from least to most sensitive; "unknown" is none of them.
var classes = [...]string{"none", "personal", "confidential", "special"}

func classRank(class string) int { return slices.Index(classes[:], class) }

// highest returns the most sensitive of some classes, "" of none.
func highest(list ...string) string {
	best := ""
	for _, c := range list {
		if classRank(c) > classRank(best) {
			best = c
		}
	}
	return best
}

var categories = sync.OnceValue(func() map[string]Category {
	all := map[string]Category{}
	for line := range strings.Lines(categoryTable) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] == "#" {
			continue
		}
		c := Category{Key: f[0], Class: f[1]}
		if len(f) > 2 {
			c.Successor = f[2]
		}
		all[c.Key] = c
	}
	// A key stands for everything below it, so it has the highest class there.
	for key, c := range all {
		for parent, _ := cutLast(key); parent != ""; parent, _ = cutLast(parent) {
			p := all[parent]
			p.Class = highest(p.Class, c.Class)
			all[parent] = p
		}
	}
	return all
})

// LookupCategory returns the category of a key.
func LookupCategory(key string) (Category, bool) {
	c, ok := categories()[key]
	return c, ok
}

// ClassOf returns the highest class of some category keys: "none" if there are
// no keys. Keys that are no categories are left out: decoding refuses them.
func ClassOf(keys []string) string {
	class := "none"
	for _, key := range keys {
		if c, ok := LookupCategory(key); ok {
			class = highest(class, c.Class)
		}
	}
	return class
}

func categoryKeys() []string {
	var keys []string
	for key := range categories() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// cutLast splits a dotted key before its last part.
func cutLast(key string) (parent, last string) {
	i := strings.LastIndexByte(key, '.')
	if i < 0 {
		return "", key
	}
	return key[:i], key[i+1:]
}
