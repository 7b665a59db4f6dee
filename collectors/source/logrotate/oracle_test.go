package logrotate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
)

// this machine, as a host.
func live(t testing.TB) Host {
	t.Helper()
	h, err := collectors.OpenHost("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	asked := func(find func(string) error) func(string) (bool, bool) {
		return func(name string) (bool, bool) { return find(name) == nil, true }
	}
	return Host{
		Files: h.Files, Root: uint32(os.Getuid()), Home: "/root",
		User:  asked(func(n string) error { return either(n, user.Lookup, user.LookupId) }),
		Group: asked(func(n string) error { return either(n, user.LookupGroup, user.LookupGroupId) }),
	}
}

func either[T any](name string, find ...func(string) (T, error)) error {
	for _, f := range find {
		if _, err := f(name); err == nil {
			return nil
		}
	}
	return errors.New("none")
}

// said is what the program says of a configuration, in its order.
func said(output string) (errors, stanzas []string) {
	reading, rest, _ := strings.Cut(output, "\nHandling ")
	codes := []struct {
		code Code
		text string
	}{
		{UnknownWord, "unknown option"}, {NotSeparated, "not properly separated"}, {BadLine, "lines must begin with"},
		{NoArgument, "argument expected after"}, {NoArgument, "no user for"}, {NoArgument, "no group for"},
		{BadArgument, ": bad |:[0-9]+ bad |unknown unit|bad \\S+ path|bad mail address|extra arguments|invalid compression options"},
		{UnknownUser, "unknown user"}, {UnknownGroup, "unknown group"}, {BadNames, "error parsing filename|expected after log file name"},
		{NoBrace, "missing '\\{' after"}, {ExtraBrace, "unexpected }"}, {AfterBrace, "unexpected text after }"}, {NestedName, "unexpected log filename"},
		{TabooInStanza, "may not appear inside"}, {NoEndscript, "without endscript"}, {Duplicate, "duplicate log entry"}, {TooDeep, "nesting too deep"},
		{NotFound, "cannot stat"}, {UnsafeMode, "writable by group or others"}, {NoFolder, "error verifying"}, {IgnoredName, "^Ignoring .* because of .* pattern match"},
	}
	for _, line := range strings.Split(reading, "\n") {
		if !strings.HasPrefix(line, "error: ") && !strings.HasPrefix(line, "Ignoring ") {
			continue
		}
		for _, c := range codes {
			if regexp.MustCompile(c.text).MatchString(line) {
				errors = append(errors, string(c.code))
				break
			}
		}
	}
	block := regexp.MustCompile(`(?s)^(.*?) (hourly|weekly|monthly|yearly|after -?\d+ days|-?\d+ bytes) (?:\((\d+) rotations\)\n|\((no) old logs will be kept\)\n)?(?:olddir is ([^,]*), )?empty log files are (not )?rotated, (?:only log files >= (\d+) bytes are rotated, )?(?:log files >= (\d+) are rotated earlier, )?(?:only log files older than (-?\d+) days are rotated, )?old logs (?:are removed|mailed to [^\n]*)\n`)
	for i, part := range strings.Split(rest, "\nrotating pattern: ") {
		m := block.FindStringSubmatch(part)
		if i == 0 || m == nil {
			if i > 0 {
				stanzas = append(stanzas, "unread: "+part)
			}
			continue
		}
		count := cmp.Or(m[3], m[4], "-1")
		var logs []string
		for _, c := range regexp.MustCompile(`(?m)^considering log (.*)$`).FindAllStringSubmatch(part, -1) {
			logs = append(logs, c[1])
		}
		stanzas = append(stanzas, fmt.Sprintf("%q %s %s old=%s empty=%v min=%s max=%s age=%s %q", m[1], m[2], strings.Replace(count, "no", "0", 1), m[5], m[6] == "", m[7], m[8], m[9], logs))
	}
	return errors, stanzas
}

// read is what we say of it, in the same words.
func read(c *Config) (errors, stanzas []string) {
	for _, p := range c.Problems {
		switch p.Code {
		case MissingBrace, DeprecatedWord, NotRegular:
		default:
			errors = append(errors, string(p.Code))
		}
	}
	positive := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for _, s := range c.Stanzas {
		set := s.Settings
		when := set.Criterion
		switch when {
		case "size":
			when = fmt.Sprintf("%d bytes", set.Threshold)
		case "daily":
			when = fmt.Sprintf("after %d days", set.Threshold)
		}
		var logs []string
		for _, log := range s.Logs {
			logs = append(logs, log.Path)
		}
		count := max(set.Rotate, -1) // a count that is less is not shown
		stanzas = append(stanzas, fmt.Sprintf("%q %s %d old=%s empty=%v min=%s max=%s age=%s %q", s.Pattern, when, count, set.OldDir, set.IfEmpty,
			positive(set.MinSize), positive(set.MaxSize), positive(int64(set.MinAge)), logs))
	}
	return errors, stanzas
}

// What logrotate says of random configurations is what is read here. WRIT_LOGROTATE_CASES
// says how many; make logrotate-oracle asks for all.
func TestOracle(t *testing.T) {
	program, err := exec.LookPath("/usr/sbin/logrotate")
	if err != nil {
		t.Skip("logrotate is not installed (make oracles): nothing was compared")
	}
	cases := 150
	if n, err := strconv.Atoi(os.Getenv("WRIT_LOGROTATE_CASES")); err == nil {
		cases = n
	}
	host := live(t)
	dir := t.TempDir()
	compared, opaque, mistakes, stanzas := 0, 0, 0, 0
	for seed := range uint64(cases) {
		r := rand.New(rand.NewPCG(seed, 3))
		if only := os.Getenv("WRIT_LOGROTATE_SEED"); only != "" && only != strconv.FormatUint(seed, 10) {
			continue
		}
		base := fmt.Sprintf("%s/%d", dir, seed)
		g := grammar{Rand: r, logs: base + "/log", conf: base + "/conf", wild: []int{2, 5, 12, 60}[r.IntN(4)]}
		main := g.tree(t)
		config := Load(host, strings.TrimPrefix(main, "/"), Variant{Version: 21})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		command := exec.CommandContext(ctx, program, "-d", "-s", base+"/state", main)
		command.Dir = "/"
		command.Env = []string{"LC_ALL=C", "HOME=/root", "PATH=/usr/bin:/bin"}
		output, err := command.CombinedOutput()
		cancel()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) || exit != nil && !exit.Exited() {
			t.Logf("seed %d: the program ended with %v", seed, err)
			opaque++
			continue
		}
		if config.Opaque != "" {
			opaque++
			continue
		}
		wantErrors, wantStanzas := said(string(output))
		gotErrors, gotStanzas := read(config)
		if only := os.Getenv("WRIT_LOGROTATE_SEED"); only != "" && only == strconv.FormatUint(seed, 10) {
			text, _ := os.ReadFile(main)
			t.Logf("%s\n=====\n%s", text, output)
		}
		if d := gocmp.Diff(wantErrors, gotErrors); d != "" {
			t.Errorf("seed %d: errors (-logrotate +ours):\n%s", seed, d)
		}
		if d := gocmp.Diff(wantStanzas, gotStanzas); d != "" {
			t.Errorf("seed %d: stanzas (-logrotate +ours):\n%s", seed, d)
		}
		compared++
		mistakes += len(wantErrors)
		stanzas += len(wantStanzas)
		os.RemoveAll(base)
	}
	t.Logf("%d compared, %d left out, with %d stanzas and %d mistakes", compared, opaque, stanzas, mistakes)
	if compared < cases*9/10 {
		t.Errorf("only %d of %d were compared", compared, cases)
	}
}
