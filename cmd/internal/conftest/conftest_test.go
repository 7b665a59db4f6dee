package conftest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLikeConftest compares with what conftest said to the same commands, byte for
// byte, as testdata/conftest/record.sh has recorded it. Of what stands on standard
// error only that something does is compared: the versions of OPA word it differently.
func TestLikeConftest(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "conftest"))
	if err != nil {
		t.Fatal(err)
	}
	recordings, err := filepath.Glob(filepath.Join(root, "*", "want.txt"))
	if err != nil || len(recordings) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	for _, file := range recordings {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			recorded, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			commands, err := os.ReadFile(filepath.Join(filepath.Dir(file), "commands"))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(filepath.Dir(file))
			want := answers(t, string(recorded))
			var lines []string
			for line := range strings.Lines(string(commands)) {
				lines = append(lines, strings.TrimSpace(line))
			}
			if len(want) != len(lines) {
				t.Fatalf("%d answers to %d commands: record them again", len(want), len(lines))
			}
			for i, line := range lines {
				if want[i].command != line {
					t.Fatalf("the answer to %q stands where that to %q should", want[i].command, line)
				}
				if diff := cmp.Diff(want[i], ask(t, line)); diff != "" {
					t.Errorf("conftest %s (-conftest +writ):\n%s", line, diff)
				}
			}
		})
	}
}

// answer is what came of a command.
type answer struct {
	command string
	out     string
	told    bool // something on standard error
	status  string
}

func (a answer) Equal(b answer) bool { return a == b }

func (a answer) String() string {
	return fmt.Sprintf("%sstderr %v, status %s\n", a.out, a.told, a.status)
}

// answers reads a recording: "$ " and the command, its output, "! " and a line of
// standard error, an empty line, "= " and the status.
func answers(t *testing.T, recorded string) []answer {
	t.Helper()
	var all []answer
	for line := range strings.Lines(recorded) {
		switch {
		case strings.HasPrefix(line, "$ "):
			all = append(all, answer{command: strings.TrimSpace(line[2:])})
		case len(all) == 0:
			t.Fatalf("no command before %q", line)
		case strings.HasPrefix(line, "! "):
			all[len(all)-1].told = true
		case strings.HasPrefix(line, "= "):
			a := &all[len(all)-1]
			a.status = strings.TrimSpace(line[2:])
			a.out = strings.TrimSuffix(a.out, "\n")
		default:
			all[len(all)-1].out += line
		}
	}
	return all
}

func ask(t *testing.T, line string) answer {
	t.Helper()
	command, sorted := strings.CutPrefix(line, "sorted ")
	command, file, _ := strings.Cut(command, " < ")
	var in io.Reader = strings.NewReader("")
	if file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	var out, errs bytes.Buffer
	status := Main(context.Background(), strings.Fields(command), in, &out, &errs)
	text := strings.ReplaceAll(out.String(), `"version":"`+like+`"`, `"version":"VERSION"`)
	text = regexp.MustCompile(`name="go.version" value="[^"]*"`).ReplaceAllString(text, `name="go.version" value="GO"`)
	if sorted {
		lines := slices.Sorted(strings.Lines(text))
		text = strings.Join(lines, "")
	}
	return answer{line, text, errs.Len() > 0, fmt.Sprint(status)}
}
