package tls

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// certificates writes what is asked for of the certificates that a configuration
// names, by key type; when they begin and end, and who trusts them, only the
// endpoint can tell. Without TLS there are none.
func (r reader) certificates(item *fact.ItemBuilder, tls any) {
	if tls == "off" {
		item.Set("certificates", []any{}, fact.Position{})
		return
	}
	list, known := r.item["certificates"].([]any)
	if !known {
		item.Gap("certificates", r.reason("certificates"), fact.Position{})
		return
	}
	var all []reader
	for i, one := range list {
		if c, ok := one.(map[string]any); ok {
			all = append(all, reader{r.d, r.pointer + "/certificates/" + strconv.Itoa(i), c})
		}
	}
	slices.SortStableFunc(all, func(a, b reader) int { return strings.Compare(a.text("key_type"), b.text("key_type")) })
	if len(all) == 0 {
		item.Set("certificates", []any{}, fact.Position{})
	}
	for _, c := range all {
		c.certificate(item.Append("certificates", c.place("")))
	}
}

func (r reader) certificate(o *fact.ItemBuilder) {
	const issued = "the certificate is issued later: ask the endpoint"
	o.Gap("not_before", issued, fact.Position{}).Gap("not_after", issued, fact.Position{})
	if seconds, err := strconv.ParseFloat(fmt.Sprint(r.item["validity_seconds"]), 64); err == nil {
		o.Set("validity_days", int(seconds/86400), r.place("/validity_seconds"))
	} else {
		o.Gap("validity_days", r.reason("validity_seconds"), r.place("/validity_seconds"))
	}
	for _, name := range []string{"key_type", "key_bits", "signature", "name_ok"} {
		r.copy(o, name, name)
	}
	o.Gap("chain_ok", "whom clients trust is not part of the configuration", fact.Position{})
	o.Gap("revoked", issued, fact.Position{})
}

// ofServer reports whether a lone certificate may be one that a server shows: it is
// no authority's and not for clients alone.
func (r reader) ofServer() bool {
	list, _ := r.item["certificates"].([]any)
	for _, one := range list {
		c, _ := one.(map[string]any)
		usages, known := c["usages"].([]any)
		client := known && slices.Contains(usages, any("client auth")) && !slices.Contains(usages, any("server auth"))
		if c["authority"] != true && !client {
			return true
		}
	}
	return len(list) == 0
}

// text is a member that is a string, "" if it is not known.
func (r reader) text(name string) string {
	s, _ := r.item[name].(string)
	return s
}
