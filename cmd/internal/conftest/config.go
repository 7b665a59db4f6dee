package conftest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// Settings that a checked tree does not make: what permits something, what says whom to
// trust and what bounds a run come from the command line, the latter also from the
// environment.
const (
	onlyFlags = " allow-net allow-env allow-update absolute-paths verification-key verification-key-id signing-alg scope exclude-files-verify "
	notInFile = " tls timeout deadline memory "
)

// configure gives every flag that was not given the value of the variable CONFTEST_…,
// else of the configuration file.
func configure(c *cobra.Command) error {
	values, path, err := settings(c)
	if err != nil {
		return err
	}
	var failed error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || f.Name == "config-file" || f.Name == "help" {
			return
		}
		variable := "CONFTEST_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		text := os.Getenv(variable)
		v, inFile := values[f.Name]
		switch {
		case text == "" && !inFile:
		case text == "" && strings.Contains(onlyFlags+notInFile, " "+f.Name+" "):
			failed = fmt.Errorf("%s: %s is not taken from a file: say --%s", path, f.Name, f.Name)
		case text != "" && strings.Contains(onlyFlags, " "+f.Name+" "):
			failed = fmt.Errorf("%s: %s is taken from the command line only: say --%s", variable, f.Name, f.Name)
		case f.Name == "update" && !(flags{c}).is("allow-update"):
			failed = fmt.Errorf("%s: update is taken from the command line only: name the source with --update, or allow what the settings name with --allow-update",
				cmp.Or(path, variable))
		case f.Name == "policy" && c.Name() == "pull" && text == "" && !filepath.IsLocal(fmt.Sprint(v)):
			failed = fmt.Errorf("%s: policy leads out of the working folder: say --policy", path)
		case text != "":
			failed = set(f, text, true)
		default:
			failed = set(f, v, false)
		}
		if failed != nil {
			failed = fmt.Errorf("unmarshal parameters: %s: %w", f.Name, failed)
		}
	})
	return failed
}

// settings reads the configuration file that the command line or CONFTEST_CONFIG_FILE
// names, or the one of the working folder.
func settings(c *cobra.Command) (values map[string]any, path string, err error) {
	file, err := c.Flags().GetString("config-file")
	if err != nil {
		return nil, "", err
	}
	values, path, err = readConfig(cmp.Or(file, os.Getenv("CONFTEST_CONFIG_FILE")))
	if err != nil {
		return nil, "", fmt.Errorf("read in config: error reading config: %w", err)
	}
	return values, path, nil
}

// set gives a flag a value. A list in a variable is cut at commas, as in a file that
// gives it as one string.
func set(f *pflag.Flag, v any, variable bool) error {
	list, ok := f.Value.(pflag.SliceValue)
	if !ok {
		if all, ok := v.([]any); ok {
			if len(all) != 1 {
				return fmt.Errorf("expected one value, got %v", all)
			}
			v = all[0]
		}
		text := fmt.Sprint(v)
		if variable && f.Value.Type() == "bool" {
			b, err := strconv.ParseBool(text)
			if err != nil {
				return fmt.Errorf("cannot parse %q as bool", text)
			}
			text = strconv.FormatBool(b)
		}
		return f.Value.Set(text)
	}
	switch v := v.(type) {
	case string:
		return list.Replace(strings.Split(v, ","))
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, fmt.Sprint(e))
		}
		return list.Replace(all)
	}
	return fmt.Errorf("expected a list, got %v", v)
}

// readConfig reads the configuration file that is named, else conftest.* of the
// working folder, if there is one.
func readConfig(file string) (map[string]any, string, error) {
	formats := map[string]string{"json": "json", "toml": "toml", "yaml": "yaml", "yml": "yaml", "env": "dotenv", "dotenv": "dotenv"}
	if file == "" {
		for _, ext := range []string{"json", "toml", "yaml", "yml", "dotenv", "env"} {
			if info, err := os.Stat("conftest." + ext); err == nil && info.Mode().IsRegular() {
				file = "conftest." + ext
				break
			}
		}
		if file == "" {
			return nil, "", nil
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, file, err
	}
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	format := formats[ext]
	if format == "" {
		return nil, file, fmt.Errorf("unsupported configuration type %q", ext)
	}
	t, err := input.NewReader(input.JSON).Read(format, file, data)
	if err != nil {
		return nil, file, fmt.Errorf("%s: %w", file, err)
	}
	plain, err := ast.JSON(t.Value)
	if err != nil {
		return nil, file, err
	}
	members, ok := plain.(map[string]any)
	if !ok {
		if len(bytes.TrimSpace(data)) == 0 {
			return nil, file, nil
		}
		return nil, file, fmt.Errorf("%s: not a table of settings", file)
	}
	values := map[string]any{}
	for name, v := range members {
		if n, ok := v.(json.Number); ok {
			v = n.String()
		}
		values[strings.ToLower(name)] = v
	}
	return values, file, nil
}
