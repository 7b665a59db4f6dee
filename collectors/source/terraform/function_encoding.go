package terraform

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func encodingFunctions() map[string]function.Function {
	return map[string]function.Function{
		"base64decode": textFunction([]string{"str"}, func(a []string) (string, error) {
			b, err := base64.StdEncoding.DecodeString(a[0])
			if err != nil {
				return "", errors.New("failed to decode base64 data")
			}
			if !utf8.Valid(b) {
				return "", errors.New("the result of decoding the provided string is not valid UTF-8")
			}
			return string(b), nil
		}),
		"base64encode": textFunction([]string{"str"}, func(a []string) (string, error) {
			return base64.StdEncoding.EncodeToString([]byte(a[0])), nil
		}),
		"base64gzip": textFunction([]string{"str"}, func(a []string) (string, error) {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			if _, err := w.Write([]byte(a[0])); err != nil {
				return "", err
			}
			// Terraform flushes before it closes, which shows in the bytes.
			if err := w.Flush(); err != nil {
				return "", err
			}
			if err := w.Close(); err != nil {
				return "", err
			}
			return base64.StdEncoding.EncodeToString(b.Bytes()), nil
		}),
		"textdecodebase64": charsetFunction("source", decodeCharset),
		"textencodebase64": charsetFunction("string", encodeCharset),
		"urlencode": textFunction([]string{"str"}, func(a []string) (string, error) {
			return url.QueryEscape(a[0]), nil
		}),
		"yamldecode": yamlDecodeFunction(),
		"yamlencode": yamlEncodeFunction(),
	}
}

// errCharset says that an encoding has no decoder here; the call is unknown.
var errCharset = errors.New("character encoding")

// charsetFunction converts between a string and the base64 of its bytes in
// another encoding. Only the encodings in actual use are modelled.
func charsetFunction(param string, f func(text, charset string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{parameter(param, cty.String), parameter("encoding", cty.String)},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString(), strings.ToUpper(args[1].AsString()))
			if errors.Is(err, errCharset) {
				return unknownBecause(cty.String, fmt.Sprintf("character encoding %q is not decoded", args[1].AsString())), nil
			}
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(s), nil
		},
	})
}

func encodeCharset(text, charset string) (string, error) {
	var b []byte
	switch charset {
	case "UTF-8":
		b = []byte(text)
	case "UTF-16LE", "UTF-16BE":
		for _, u := range utf16.Encode([]rune(text)) {
			if charset == "UTF-16LE" {
				b = append(b, byte(u), byte(u>>8))
			} else {
				b = append(b, byte(u>>8), byte(u))
			}
		}
	case "ISO-8859-1", "US-ASCII":
		for _, r := range text {
			if r > 0xff || charset == "US-ASCII" && r > 0x7f {
				return "", fmt.Errorf("the given string contains characters that cannot be represented in %s", charset)
			}
			b = append(b, byte(r))
		}
	default:
		return "", errCharset
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

func decodeCharset(source, charset string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(source)
	if err != nil {
		return "", errors.New("the given value is not valid base64")
	}
	switch charset {
	case "UTF-8":
		if utf8.Valid(b) {
			return string(b), nil
		}
	case "UTF-16LE", "UTF-16BE":
		if len(b)%2 != 0 {
			return "", errCharset
		}
		units := make([]uint16, len(b)/2)
		for i := range units {
			lo, hi := b[2*i], b[2*i+1]
			if charset == "UTF-16BE" {
				lo, hi = hi, lo
			}
			units[i] = uint16(hi)<<8 | uint16(lo)
		}
		return string(utf16.Decode(units)), nil
	case "ISO-8859-1":
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return string(runes), nil
	}
	return "", errCharset
}
