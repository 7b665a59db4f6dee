package netfilter

import (
	"slices"
	"strings"
)

// Decoders lists the names that [Options.Disabled] knows, sorted.
func Decoders() []string {
	var names []string
	for _, n := range []string{"protocol", "source", "destination", "in", "out", "fragment"} {
		names = append(names, "iptables/"+n)
	}
	for key := range optionTable() {
		_, name, _ := strings.Cut(key, " ")
		names = append(names, "iptables/"+name)
	}
	for _, n := range []string{
		"payload", "meta", "ct", "fib", // what a match looks at
		"match", "vmap", "counter", "limit", "quota", "ct count", "meter", "log", "dnat", "snat", "redirect", "masquerade",
		"mangle", "notrack", "set", "map", "synproxy", "fwd", "tproxy", "dup", "flow", "reject", "queue",
	} {
		names = append(names, "nft/"+n)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
