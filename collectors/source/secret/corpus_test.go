package secret

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// innocent is text of the sort that fools scanners. All of it is made here.
func innocent() map[string]string {
	var lock, sum, ids, minified, picture, table strings.Builder
	for i := range 400 {
		h := noise(hexes, 100+i)
		fmt.Fprintf(&lock, "\"pkg-%d\": {\"version\": \"1.%d.0\", \"resolved\": \"https://registry.npmjs.org/p/-/p-1.%d.0.tgz\", \"integrity\": \"sha512-%s==\"}\n", i, i, i, noise(lowers+uppers+digits+"+/", 86+i)[i:])
		fmt.Fprintf(&sum, "example.org/mod%d v1.%d.0 h1:%s=\n", i, i, noise(lowers+uppers+digits+"+/", 43+i)[i:])
		fmt.Fprintf(&ids, "id: %s-%s-4%s-8%s-%s commit: %s\n", h[i:i+8], h[i:i+4], h[i:i+3], h[i+1:i+4], h[i:i+12], h[i:i+40])
		fmt.Fprintf(&minified, "function %s(e,t){return e.token===t.password?e[%d]:n(%d,\"%s\")};", noise(lowers, 3), i, 1000000000+i*7919, noise(lowers, 8))
		fmt.Fprintf(&picture, "%s\n", noise(lowers+uppers+digits+"+/", 76+i)[i:])
		fmt.Fprintf(&table, "%d %d %d %d\n", 4000+i, 1111+i*3, 2222+i*5, 3333+i*7)
	}
	return map[string]string{
		"package-lock.json": lock.String(),
		"yarn.lock":         lock.String(),
		"go.sum":            sum.String(),
		"ids.yaml":          ids.String(),
		"app.min.js":        minified.String(),
		"logo.svg":          "<image href=\"data:image/png;base64," + strings.ReplaceAll(picture.String(), "\n", "") + "\"/>",
		"logo.txt":          picture.String(),
		"measures.txt":      table.String(),
		"key.pub":           "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ" + alnum(340) + " app@host\n",
		"cert.pem":          "-----BEGIN CERTIFICATE-----\n" + picture.String() + "-----END CERTIFICATE-----\n",
		"main.tf":           "resource \"aws_db_instance\" \"db\" {\n  password = var.db_password\n  kms_key_id = aws_kms_key.db.arn\n  manage_master_user_password = true\n}\n",
		"deploy.yaml":       "env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: db-credentials-v2\n        key: password\n",
		"ci.yml":            "env:\n  TOKEN: ${{ secrets.GITHUB_TOKEN }}\n  NPM_TOKEN: $NPM_TOKEN\n",
		"doc.md":            "Set `API_TOKEN=<your token>` and `password: \"********\"`, then call `Authorization: Bearer <token>`.\nSee https://user:password@example.com.\n",
		"style.css":         ".password-field-2{color:#4e12ff}\n.token-list-item-3{width:12px}\n",
		"text.json":         `{"password":"Password is required","token.label":"Enter token 2","secretQuestion":"What is your pet's name?"}`,
		"binary.sql":        "INSERT INTO t VALUES (1, 'a', '2026-01-01 00:00:00', 1234567890123456, 10.5);\n",
	}
}

func TestInnocent(t *testing.T) {
	s := NewScanner(Builtin())
	for name, data := range innocent() {
		if got := append(s.Scan(Text{Name: name, Data: data}), Identifiers(name, data)...); len(got) > 0 {
			for _, f := range got[:min(5, len(got))] {
				t.Errorf("%s: %s: %.80q", name, f.Rule, data[max(0, f.Start-20):min(len(data), f.End+20)])
			}
		}
	}
}

// A key stands in a picture's worth of base64, in a line of a megabyte and at the
// very end.
func TestPlaces(t *testing.T) {
	s := NewScanner(Builtin())
	key := "gh" + "p_" + alnum(36)
	for name, text := range map[string]string{
		"long line": strings.Repeat("var a=1;", 1<<17) + key + strings.Repeat(";b()", 1<<10),
		"end":       "x=" + key, "start": key + "\n", "utf-8": "größe → " + key, "latin": "gr\xf6\xdfe " + key, "wrapped": wrap(base64.StdEncoding.EncodeToString([]byte("a long text that is wrapped over some lines before it comes to the point: "+key+" and after it\n")), 60),
	} {
		got := s.Scan(Text{Name: "a.js", Data: text})
		if len(got) != 1 || got[0].Rule != "github_token" || got[0].Value != key {
			t.Errorf("%s: %s", name, told(got))
		}
	}
	two := s.Scan(Text{Name: "a.js", Data: key + " " + key + "\n" + key})
	if len(two) != 3 {
		t.Errorf("three of one value: %s", told(two))
	}
}

func wrap(text string, width int) string {
	var b strings.Builder
	for len(text) > width {
		b.WriteString("  " + text[:width] + "\n")
		text = text[width:]
	}
	return b.String() + "  " + text + "\n"
}

func FuzzScan(f *testing.F) {
	for _, texts := range examples() {
		for _, text := range texts {
			f.Add(text)
		}
	}
	s := NewScanner(Builtin())
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, m := range s.Scan(Text{Name: "a.yaml", Data: text}) {
			if m.Start < last || m.End > len(text) || m.Start >= m.End || m.Value == "" {
				t.Errorf("%s at %d to %d", m.Rule, m.Start, m.End)
			}
			last = m.Start
		}
	})
}

// The bench corpus of Terraform, and a text of every example.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	gen := exec.Command("go", "run", "./testdata/bench/gen", "-kind", "tf", "-n", "50", "-out", dir)
	gen.Dir = filepath.Join("..", "..", "..")
	if out, err := gen.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*", "*.tf"))
	if len(names) == 0 {
		names, _ = filepath.Glob(filepath.Join(dir, "*.tf"))
	}
	var files []string
	size := 0
	for _, n := range names {
		data, err := os.ReadFile(n)
		if err != nil {
			b.Fatal(err)
		}
		files, size = append(files, string(data)), size+len(data)
	}
	s := NewScanner(Builtin())
	b.Run("rules", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, f := range files {
				s.Scan(Text{Name: "main.tf", Data: f})
			}
		}
	})
	b.Run("identifiers", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, f := range files {
				Identifiers("main.tf", f)
			}
		}
	})
	b.Run("automaton", func(b *testing.B) {
		b.SetBytes(int64(size))
		for b.Loop() {
			for _, f := range files {
				s.words.each(f, func(int, int) {})
			}
		}
	})
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			NewScanner(Builtin())
		}
	})
}
