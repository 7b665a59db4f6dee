package logrotate

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// grammar writes random configurations: most lines are sound, and each kind of mistake
// turns up.
type grammar struct {
	*rand.Rand
	logs string // the folder of logs
	conf string // the folder of configuration
	wild int    // one line in this many is at fault
}

func (g grammar) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g grammar) number() string {
	return g.pick("0", "1", "4", "7", "14", "010", "0x10", "30", "52", "365", "+3")
}

func (g grammar) oddNumber() string {
	return g.pick("-1", "-2", "08", "0x", "5x", "5 # keep", "", " ", "4294967296", "99999999999999999999", "-99999999999999999999", "1e3", "0b1", "\v3", "٣")
}

func (g grammar) bytes() string {
	return g.pick("0", "1", "100", "1k", "10K", "5M", "1G", "0x10", "010k", "100k")
}

func (g grammar) oddBytes() string {
	return g.pick("1m", "1T", "0x1F", "k", "5 k", "-5", "-5k", "99999999999999999999", "99999999999999999999k", "", "1.5M", "10kB", "08")
}

// space stands between a word and its argument.
func (g grammar) space() string {
	return g.pick(" ", " ", " ", " ", "\t", "  ", "=", " = ", "=\t")
}

func (g grammar) either(sound, odd func() string) string {
	if g.IntN(g.wild) == 0 {
		return odd()
	}
	return sound()
}

func (g grammar) directive(inside bool) string {
	switch g.IntN(26) {
	case 0:
		return g.pick("hourly", "daily", "daily", "monthly", "yearly", "weekly", "weekly")
	case 1:
		return "weekly" + g.either(func() string { return g.pick("", " 0", " 3", "\t7", " +2", "  6  ") },
			func() string { return g.pick(" 8", " x", "=3", " 3x", " -1", " 4294967298", " }", " # sunday") })
	case 2, 3, 4:
		return "rotate" + g.space() + g.either(g.number, g.oddNumber)
	case 5:
		return "maxage" + g.space() + g.either(g.number, g.oddNumber)
	case 6:
		return "minage" + g.space() + g.either(g.number, g.oddNumber)
	case 7, 8:
		return g.pick("size", "minsize", "maxsize") + g.space() + g.either(g.bytes, g.oddBytes)
	case 9, 10:
		return g.pick("compress", "nocompress", "delaycompress", "missingok", "nomissingok", "copytruncate", "nocopytruncate",
			"copy", "nocopy", "renamecopy", "dateext", "nodateext", "sharedscripts", "allowhardlink", "dateyesterday", "shred", "noshred", "ignoreduplicates")
	case 11:
		return g.pick("ifempty", "notifempty")
	case 12:
		return g.either(func() string {
			return g.pick("create", "create 0640", "create 0640 root adm", "create root adm", "create 640 root", "nocreate", "create 0644 root")
		}, func() string {
			return g.pick("create 9", "create 0640 root adm x", "create 0640 nobody-here adm", "create # no", "create 0640x root", "create 0640 root no-group")
		})
	case 13:
		return g.either(func() string { return g.pick("su root adm", "su root root", "su  root\tadm ") },
			func() string { return g.pick("su", "su root", "su root adm x", "su nobody-here root", "su=root adm") })
	case 14:
		return g.either(func() string { return g.pick("nomail", "mail a@b.example", "mailfirst") },
			func() string { return g.pick("mail", "mail a b") })
	case 15:
		return g.either(func() string {
			return g.pick("noolddir", "olddir "+g.logs+"/old", "olddir old\ncreateolddir 0755 root root")
		},
			func() string { return g.pick("olddir", "olddir "+g.logs+"/none", "olddir a b") })
	case 16:
		return g.either(func() string {
			return g.pick("dateformat -%Y%m%d", "extension .log", "addextension .txt", "start 1", "compressoptions -9")
		},
			func() string {
				return g.pick("dateformat", "extension", "compressoptions", "compressoptions -9 \\", "start -1", "compresscmd", "shredcycles x")
			})
	case 17, 18:
		return g.either(func() string { return g.pick("# a comment", "#", "", "   ", "\t# } {") },
			func() string {
				return g.pick("minutes 5", "nonsense", "nonsense here }", "rotate5", "daily;", "5", "*", "-x", "daily 5", "monthly 5", "daily weekly", "notifempty # x", "errors x", "minutes=5")
			})
	case 19, 20:
		if !inside {
			return g.pick("daily", "rotate 2", "")
		}
		return g.script()
	case 21:
		if inside {
			return g.either(func() string { return "missingok" }, func() string {
				return g.pick("tabooext .x", "taboopat + *.y", "/another/name", `"/x"`, "}", "{", "include "+g.conf+"/part", "include "+g.conf+"/none", "~/x")
			})
		}
		return g.pick("tabooext + .x", "tabooext .x,.y", "taboopat + *.skip", "tabooext", "taboopat = *.a, *.b,", "tabooext +.q .z")
	case 22:
		if inside {
			return "daily"
		}
		return g.pick("include "+g.conf+"/d", "include "+g.conf+"/part", "include = "+g.conf+"/other", "include "+g.conf+"/none", "include")
	}
	return g.pick("missingok", "notifempty", "compress", "daily", "rotate 7")
}

func (g grammar) script() string {
	name := g.pick("prerotate", "postrotate", "postrotate", "firstaction", "lastaction", "preremove")
	body := g.pick("\t\techo hello", "  kill -HUP 1\n}", "/a/b {", "", "endscripts", "true; endscript", "if x\nthen\nfi")
	end := g.either(func() string { return g.pick("\tendscript", "endscript", "  endscript  ") },
		func() string {
			return g.pick("endscript }", "endscript}", "endscript daily", "", "endscript2", "end script")
		})
	return name + g.pick("", "", " ", " x") + "\n" + body + "\n" + end
}

func (g grammar) name() string {
	n := g.pick("a.log", "b.log", "c.log", "d.log", "*.log", "[ab].log", "none.log", "none*.log", "sub/*.log", "*/*.log", "?.log", "sub", "e[!x].txt", "*", ".hidden", "[[:alpha:]].log", "link.log", "f f.log", "[.log")
	full := g.logs + "/" + n
	switch g.IntN(8) {
	case 0:
		return `"` + full + `"`
	case 1:
		return `'` + full + `'`
	case 2:
		return strings.ReplaceAll(full, " ", `\ `)
	}
	return strings.ReplaceAll(full, " ", "")
}

func (g grammar) stanza() string {
	var b strings.Builder
	b.WriteString(g.either(func() string { return g.pick("", "", " ") }, func() string { return g.pick("x ", "5 ", "\r") }))
	for i := range 1 + g.IntN(3) {
		if i > 0 {
			b.WriteString(g.pick(" ", "\n", " \n\t", "\n# note\n", "  "))
		}
		b.WriteString(g.name())
	}
	b.WriteString(g.either(func() string { return g.pick(" {\n", "{\n", "\n{\n", " { \n", " { daily\n") },
		func() string { return g.pick(" \n", " }\n", "\n", ` \{`, " {", " {\r\n") }))
	for range g.IntN(7) {
		b.WriteString(g.pick("", "\t", "  ", "    ") + g.directive(true) + g.pick("\n", "\n", "\n", "\n", "\n", "\n", " \n", "\t\n") + g.either(func() string { return "" }, func() string { return g.pick("\r\n", "\n\n", "\f\n") }))
	}
	b.WriteString(g.either(func() string { return g.pick("}\n", "}\n", "}\n\n", "} \n", " }\n") },
		func() string { return g.pick("", "} x\n", "}", "}\r\n", "} # end\n", "}}\n", "\n") }))
	return b.String()
}

func (g grammar) config(stanzas int) string {
	var b strings.Builder
	for range g.IntN(3) {
		b.WriteString(g.directive(false) + "\n")
	}
	for range g.IntN(stanzas + 1) {
		b.WriteString(g.stanza())
		if g.IntN(3) == 0 {
			b.WriteString(g.directive(false) + "\n")
		}
	}
	if g.IntN(12) == 0 {
		b.WriteString(g.pick("daily", "rotate 3", "weekly", "rotate 3 ", "nonsense"))
	}
	return b.String()
}

// tree makes logs and configuration, and returns the main file.
func (g grammar) tree(t testing.TB) string {
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []string{"a.log", "b.log", "c.log", "sub/x.log", "sub/y.log", "ez.txt", ".hidden", "f f.log", "old/.keep"} {
		write(g.logs+"/"+n, "", 0o640)
	}
	if err := os.Symlink("a.log", g.logs+"/link.log"); err != nil {
		t.Fatal(err)
	}
	main := g.conf + "/main"
	write(main, g.config(5), 0o644)
	write(g.conf+"/part", g.config(1), 0o644)
	write(g.conf+"/other", g.config(2), 0o644)
	for i, name := range []string{"alpha", "Beta", "gamma.x", "z.bak", "delta.skip"} {
		mode := os.FileMode(0o644)
		if g.IntN(20) == 0 && os.Getuid() == 0 {
			mode = 0o664
		}
		if i < 3 || g.IntN(2) == 0 {
			write(fmt.Sprintf("%s/d/%s", g.conf, name), g.config(2), mode)
		}
	}
	return main
}
