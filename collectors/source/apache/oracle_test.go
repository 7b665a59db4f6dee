package apache

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// randomConfig is a configuration of defines, whose arguments may be any words, in
// sections.
func randomConfig(r *rand.Rand) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var b strings.Builder
	open := []string{}
	for range 1 + r.IntN(8) {
		switch r.IntN(9) {
		case 0:
			open = append(open, pick("Directory /x", "VirtualHost *:80", "Location \"/a b\"", "IfDefine !none"))
			fmt.Fprintf(&b, "%s<%s>%s\n", pick("", " ", "\t"), open[len(open)-1], pick("", " "))
		case 1:
			if len(open) > 0 {
				name := strings.Fields(open[len(open)-1])[0]
				fmt.Fprintf(&b, "</%s>\n", pick(name, strings.ToLower(name), name, name, "Files"))
				open = open[:len(open)-1]
			}
		case 2:
			b.WriteString(pick("# a <comment>\n", "\n", "  \n", "#x \\\n y\n"))
		default:
			fmt.Fprintf(&b, "%s%s%s%s%s\n", pick("SetEnv", "setenv", "  SetEnv"), pick(" ", "\t", " \\\n "), pick("A", `"A b"`, `'x"y'`, `a\\b`, `"q\"r"`, `"open`, ""), pick(" ", "  "), pick("v", `"v w"`, `'v'`, "v # x", `v\`, "", `"a" "b"`))
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		if r.IntN(12) > 0 {
			fmt.Fprintf(&b, "</%s>\n", strings.Fields(open[i])[0])
		}
	}
	return b.String()
}

// What is read of the form of a file is what apache2 -t takes.
func TestOracle(t *testing.T) {
	program := "/usr/sbin/apache2"
	if _, err := os.Stat(program); err != nil {
		t.Skip("apache2 is not installed (make oracles): nothing was compared")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "apache2.conf")
	taken := 0
	const cases = 150
	for seed := range uint64(cases) {
		text := randomConfig(rand.New(rand.NewPCG(seed, 11)))
		head := "LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so\nLoadModule env_module /usr/lib/apache2/modules/mod_env.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n" +
			"ServerName x\nListen 127.0.0.1:1\nDefaultRuntimeDir " + dir + "\nPidFile " + dir + "/pid\nErrorLog " + dir + "/error\n"
		if err := os.WriteFile(name, []byte(head+text), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		said, err := exec.CommandContext(ctx, program, "-t", "-d", dir, "-f", name).CombinedOutput()
		cancel()
		c := Load(os.DirFS("/"), strings.TrimPrefix(name, "/"), strings.TrimPrefix(dir, "/"), nil)
		switch {
		case err == nil && c.Refused != "":
			t.Errorf("seed %d: apache2 takes, we refuse (%s)\n%s", seed, c.Refused, text)
		case err != nil && c.Refused == "" && !known(c.Directives, string(said)):
			t.Errorf("seed %d: apache2 refuses, we take\n%s%s", seed, said, text)
		case err == nil:
			taken++
		}
	}
	t.Logf("%d compared, apache2 took %d", cases, taken)
	if taken < 20 || taken > cases-20 {
		t.Errorf("apache2 took %d: the cases say little", taken)
	}
}

// known tells of faults that are not of the form of a file but of a directive.
func known(_ []*Directive, said string) bool {
	for _, of := range []string{"SetEnv takes", "not allowed", "nested", "cannot occur within", "must be absolute", "Invalid command", "SetEnv not"} {
		if strings.Contains(said, of) {
			return true
		}
	}
	return false
}
