package scan

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Spec is what is to be scanned, and how.
type Spec struct {
	Hosts    []string // as given: names, addresses, blocks and ranges
	TCP, UDP []Range
	// Rate is the most attempts a second, 0 for the default: no bound for addresses of
	// this machine, DefaultRate for others.
	Rate int
	// Concurrency is the most attempts at once.
	Concurrency int
	// Timeout is that of the first attempt, 0 for the default; each repetition has
	// twice the time of the one before. Retries is how many there are.
	Timeout time.Duration
	Retries int
	// Family is 4 or 6, or 0 for both.
	Family int
	// State names the file that an interrupted scan goes on from, empty for none.
	State string
	// Vantage is the network that the user says the scan looks from, empty if it is to
	// be told from the addresses.
	Vantage string
	// Large allows more than MaxPairs.
	Large bool
}

// Bounds of a scan. A pair is an address and a port of it.
const (
	DefaultRate        = 2000
	DefaultConcurrency = 1024
	MaxPairs           = 1 << 20
	HardPairs          = 1 << 26
)

// Parse reads what follows "scan://": HOSTS[:PORTS][?NAME=VALUE&…].
//
// HOSTS are host names, addresses, blocks (10.0.0.0/24) and ranges (10.0.0.1-20,
// 10.0.0.1-10.0.1.9), with commas between; what has colons stands in brackets
// ([2001:db8::/120]). PORTS are as in "22,80-90,53/udp,all"; the word udp stands for
// the known ports, which is those in known. Without PORTS every TCP port is asked,
// and those. NAME is one of rate, concurrency, timeout (2s), retries, family (4, 6),
// state (a file), vantage (loopback, host, internal, partner, internet) and large.
func Parse(text string, known []uint16) (*Spec, error) {
	s := &Spec{Concurrency: DefaultConcurrency, Retries: 2}
	text, query, _ := strings.Cut(text, "?")
	hosts, ports := cutPorts(text)
	if ports == "" {
		ports = "all,udp"
	}
	var err error
	if s.TCP, s.UDP, err = parsePorts(ports, known); err != nil {
		return nil, err
	}
	for _, h := range strings.Split(hosts, ",") {
		h = strings.TrimSpace(h)
		if inner, ok := strings.CutPrefix(h, "["); ok {
			if h, ok = strings.CutSuffix(inner, "]"); !ok {
				return nil, fmt.Errorf("%q: the bracket is not closed", inner)
			}
		} else if strings.Contains(h, ":") {
			return nil, fmt.Errorf("%q: an IPv6 address stands in brackets, as in [2001:db8::1]:443", h)
		}
		if h == "" {
			return nil, errors.New("no host is named: scan://HOST:PORTS")
		}
		s.Hosts = append(s.Hosts, h)
	}
	return s, s.options(query)
}

// cutPorts splits at the last colon outside of brackets.
func cutPorts(text string) (hosts, ports string) {
	at := strings.LastIndexByte(text, ':')
	if at < strings.LastIndexByte(text, ']') || at < 0 {
		return text, ""
	}
	return text[:at], text[at+1:]
}

func (s *Spec) options(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fmt.Errorf("parameters %q: %w", query, err)
	}
	for name, given := range values {
		v := given[len(given)-1]
		number := func(least, most int) int {
			n, bad := strconv.Atoi(v)
			if bad != nil || n < least || n > most {
				err = fmt.Errorf("%s=%s: a number from %d to %d is wanted", name, v, least, most)
			}
			return n
		}
		switch name {
		case "rate":
			s.Rate = number(1, 1_000_000)
		case "concurrency":
			s.Concurrency = number(1, 16384)
		case "retries":
			s.Retries = number(0, maxAttempts-1)
		case "family":
			if s.Family = number(4, 6); s.Family == 5 && err == nil {
				err = fmt.Errorf("family=%s: it is 4 or 6", v)
			}
		case "timeout":
			if s.Timeout, err = time.ParseDuration(v); err == nil && (s.Timeout < time.Millisecond || s.Timeout > time.Minute) {
				err = fmt.Errorf("timeout=%s: from 1ms to 1m", v)
			}
		case "state":
			s.State = v
		case "large":
			s.Large = v == "" || v == "yes" || v == "true"
		case "vantage":
			switch v {
			case "loopback", "host", "internal", "partner", "internet":
				s.Vantage = v
			default:
				err = fmt.Errorf("vantage=%s is none of loopback, host, internal, partner, internet", v)
			}
		default:
			err = fmt.Errorf("%s is no parameter of a scan: rate, concurrency, timeout, retries, family, state, vantage, large", name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// canonical spells what is asked, so that a state file belongs to one scan.
func (s *Spec) canonical() string {
	return fmt.Sprintf("%s tcp %s udp %s family %d", strings.Join(s.Hosts, ","), spell(s.TCP), spell(s.UDP), s.Family)
}
