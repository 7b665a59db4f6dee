package terraform

import (
	"fmt"
	"math/big"
	"net"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func networkFunctions() map[string]function.Function {
	prefix := parameter("prefix", cty.String)
	text := function.StaticReturnType(cty.String)
	return map[string]function.Function{
		"cidrhost": function.New(&function.Spec{
			Params: []function.Parameter{prefix, parameter("hostnum", cty.Number)},
			Type:   text,
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return addressOf(args[0].AsString(), args[1])
			},
		}),
		"cidrnetmask": textFunction([]string{"prefix"}, func(a []string) (string, error) {
			n, err := parsePrefix(a[0])
			if err != nil {
				return "", fmt.Errorf("invalid CIDR expression: %w", err)
			}
			if len(n.IP) != net.IPv4len {
				return "", fmt.Errorf("IPv6 addresses cannot have a netmask: %s", a[0])
			}
			return net.IP(n.Mask).String(), nil
		}),
		"cidrsubnet": function.New(&function.Spec{
			Params: []function.Parameter{prefix, parameter("newbits", cty.Number), parameter("netnum", cty.Number)},
			Type:   text,
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return subnetOf(args[0].AsString(), args[1], args[2])
			},
		}),
		"cidrsubnets": function.New(&function.Spec{
			Params:   []function.Parameter{prefix},
			VarParam: &function.Parameter{Name: "newbits", Type: cty.Number},
			Type:     function.StaticReturnType(cty.List(cty.String)),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return subnetsOf(args[0].AsString(), args[1:])
			},
		}),
	}
}

// parsePrefix reads a network in CIDR notation. Octets with leading zeros are
// decimal, as in Terraform.
func parsePrefix(s string) (*net.IPNet, error) {
	plain := s
	if address, bits, ok := strings.Cut(s, "/"); ok && !strings.Contains(address, ":") {
		octets := strings.Split(address, ".")
		for i, o := range octets {
			if t := strings.TrimLeft(o, "0"); t != "" {
				octets[i] = t
			} else if o != "" {
				octets[i] = "0"
			}
		}
		plain = strings.Join(octets, ".") + "/" + bits
	}
	_, n, err := net.ParseCIDR(plain)
	if err != nil {
		return nil, fmt.Errorf("invalid CIDR address: %s", s)
	}
	return n, nil
}

// wholeNumber reads an argument as an integer.
func wholeNumber(v cty.Value, arg int) (*big.Int, error) {
	f := v.AsBigFloat()
	if !f.IsInt() || f.MantExp(nil) > 256 {
		return nil, function.NewArgErrorf(arg, "value must be a whole number")
	}
	n, _ := f.Int(nil)
	return n, nil
}

func power(bits int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(bits)) }

// plus returns the address that lies n addresses after the network's first.
func plus(network *net.IPNet, n *big.Int) net.IP {
	sum := new(big.Int).SetBytes(network.IP)
	sum.Add(sum, n)
	ip := make(net.IP, len(network.IP))
	sum.FillBytes(ip)
	return ip
}

func addressOf(prefix string, num cty.Value) (cty.Value, error) {
	n, err := parsePrefix(prefix)
	if err != nil {
		return cty.NilVal, fmt.Errorf("invalid CIDR expression: %w", err)
	}
	host, err := wholeNumber(num, 1)
	if err != nil {
		return cty.NilVal, err
	}
	ones, bits := n.Mask.Size()
	size := power(bits - ones)
	if host.Sign() < 0 {
		host.Add(host, size) // counted from the end
	}
	if host.Sign() < 0 || host.Cmp(size) >= 0 {
		return cty.NilVal, fmt.Errorf("prefix of %d does not accommodate a host numbered %s", ones, decimal(num.AsBigFloat()))
	}
	return cty.StringVal(plus(n, host).String()), nil
}

func subnetOf(prefix string, newbits, netnum cty.Value) (cty.Value, error) {
	n, err := parsePrefix(prefix)
	if err != nil {
		return cty.NilVal, fmt.Errorf("invalid CIDR expression: %w", err)
	}
	more, err := wholeNumber(newbits, 1)
	if err != nil {
		return cty.NilVal, err
	}
	num, err := wholeNumber(netnum, 2)
	if err != nil {
		return cty.NilVal, err
	}
	ones, bits := n.Mask.Size()
	if !more.IsInt64() || more.Int64() > int64(bits-ones) {
		return cty.NilVal, fmt.Errorf("insufficient address space to extend prefix of %d by %s", ones, more)
	}
	if more.Sign() < 0 || num.Sign() < 0 {
		return unknownBecause(cty.String, "cidrsubnet with a negative number"), nil
	}
	length := ones + int(more.Int64())
	if num.Cmp(power(length-ones)) >= 0 {
		return cty.NilVal, fmt.Errorf("prefix extension of %s does not accommodate a subnet numbered %s", more, num)
	}
	ip := plus(n, new(big.Int).Lsh(num, uint(bits-length)))
	return cty.StringVal(ip.String() + "/" + strconv.Itoa(length)), nil
}

// subnetsOf allots networks one after the other, each at the next place that
// is a multiple of its size.
func subnetsOf(prefix string, newbits []cty.Value) (cty.Value, error) {
	n, err := parsePrefix(prefix)
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(0, "invalid CIDR expression: %s", err)
	}
	if len(newbits) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	ones, bits := n.Mask.Size()
	end := power(bits - ones)
	next := new(big.Int)
	subnets := make([]cty.Value, len(newbits))
	for i, v := range newbits {
		more, err := wholeNumber(v, i+1)
		if err != nil {
			return cty.NilVal, err
		}
		switch {
		case more.Sign() <= 0:
			return cty.NilVal, function.NewArgErrorf(i+1, "must extend prefix by at least one bit")
		case !more.IsInt64() || more.Int64() > 32:
			return cty.NilVal, function.NewArgErrorf(i+1, "may not extend prefix by more than 32 bits")
		}
		length := ones + int(more.Int64())
		if length > bits {
			return cty.NilVal, function.NewArgErrorf(i+1, "would extend prefix to %d bits, which is too long", length)
		}
		size := power(bits - length)
		if over := new(big.Int).Mod(next, size); over.Sign() > 0 {
			next.Add(next, over.Sub(size, over))
		}
		start := new(big.Int).Set(next)
		if next.Add(next, size).Cmp(end) > 0 {
			return cty.NilVal, function.NewArgErrorf(i+1, "not enough remaining address space for a subnet with a prefix of %d bits", length)
		}
		subnets[i] = cty.StringVal(plus(n, start).String() + "/" + strconv.Itoa(length))
	}
	return cty.ListVal(subnets), nil
}
