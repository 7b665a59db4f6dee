package netfilter

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// nftText writes a statement of nft's JSON much as nft would: for people to read.
func nftText(v any) string {
	o, ok := v.(object)
	if !ok || len(o) != 1 {
		return exprText(v)
	}
	for kind, body := range o {
		b, _ := body.(object)
		switch kind {
		case "match":
			op := " " + str(b, "op") + " "
			if op == " == " || op == " in " {
				op = " "
			}
			return exprText(b["left"]) + op + exprText(b["right"])
		case "vmap":
			return exprText(b["key"]) + " vmap " + exprText(b["data"])
		case "counter":
			if s, ok := body.(string); ok {
				return "counter name " + strconv.Quote(s)
			}
			return "counter"
		case "jump", "goto":
			return kind + " " + str(b, "target")
		case "reject":
			return strings.TrimSpace("reject " + strings.TrimSpace(str(b, "type")+" "+str(b, "expr")))
		case "limit":
			if b != nil {
				over := ""
				if inv, _ := b["inv"].(bool); inv {
					over = "over "
				}
				return fmt.Sprintf("limit rate %s%v/%v", over, b["rate"], b["per"])
			}
		case "mangle":
			return exprText(b["key"]) + " set " + exprText(b["value"])
		case "set", "map":
			return strings.TrimSpace(str(b, "op") + " " + str(b, kind) + " { " + exprText(b["elem"]) + " }")
		case "dnat", "snat", "redirect", "masquerade":
			text := kind
			if b["addr"] != nil || b["port"] != nil {
				text += " to "
			}
			if b["addr"] != nil {
				text += exprText(b["addr"])
			}
			if b["port"] != nil {
				text += ":" + exprText(b["port"])
			}
			return text
		case "xt":
			return "xt " + str(b, "type") + " " + strconv.Quote(str(b, "name"))
		}
		if body == nil {
			return kind
		}
		return kind + members(b, body)
	}
	return ""
}

// members writes what belongs to a statement that has no form of its own.
func members(b object, body any) string {
	if b == nil {
		return " " + exprText(body)
	}
	var names []string
	for name := range b {
		names = append(names, name)
	}
	sort.Strings(names)
	var text strings.Builder
	for _, name := range names {
		value := exprText(b[name])
		if s, ok := b[name].(string); ok {
			value = strconv.Quote(s)
		}
		text.WriteString(" " + name + " " + value)
	}
	return text.String()
}

// exprText writes an expression.
func exprText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "exists"
		}
		return "missing"
	case []any:
		if len(v) == 2 {
			if o, ok := v[1].(object); ok && len(o) == 1 {
				return exprText(v[0]) + " : " + nftText(o)
			}
		}
		return joinText(v, ",")
	case object:
		if len(v) != 1 {
			return render(v)
		}
		for kind, body := range v {
			b, _ := body.(object)
			list, _ := body.([]any)
			switch kind {
			case "payload":
				if str(b, "protocol") == "" {
					return fmt.Sprintf("@%v,%v,%v", b["base"], b["offset"], b["len"])
				}
				return str(b, "protocol") + " " + str(b, "field")
			case "meta", "rt", "socket", "osf":
				return kind + " " + str(b, "key")
			case "ct":
				return strings.Join(strings.Fields("ct "+str(b, "dir")+" "+str(b, "key")), " ")
			case "fib":
				return "fib " + strings.Join(texts(b["flags"]), " . ") + " " + str(b, "result")
			case "prefix":
				return fmt.Sprintf("%v/%v", b["addr"], b["len"])
			case "range":
				return joinText(list, "-")
			case "set":
				return "{ " + joinText(list, ", ") + " }"
			case "concat":
				return joinText(list, " . ")
			case "elem":
				return exprText(b["val"])
			case "map":
				return exprText(b["key"]) + " map " + exprText(b["data"])
			case "&", "|", "^", "<<", ">>":
				return joinText(list, " "+kind+" ")
			}
		}
		return render(v)
	}
	return render(v)
}

func joinText(list []any, between string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = exprText(v)
	}
	return strings.Join(parts, between)
}
