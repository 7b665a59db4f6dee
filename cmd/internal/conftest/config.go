package conftest

import (
	"bytes"
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

// onlyFlags are settings that come from the command line alone: a file or a variable
// of what is checked gives no permissions and names no place to load policies from.
const onlyFlags = " allow-net allow-env config-file help update "

// configure gives every flag that was not given the value of the variable CONFTEST_…,
// else of the configuration file.
func configure(c *cobra.Command) error {
	file, err := c.Flags().GetString("config-file")
	if err != nil {
		return err
	}
	values, path, err := readConfig(file)
	if err != nil {
		return fmt.Errorf("read in config: error reading config: %w", err)
	}
	if _, ok := values["update"]; ok && !c.Flags().Changed("update") && c.Flags().Lookup("update") != nil {
		return fmt.Errorf("%s: update is taken from the command line only: name the source with --update", path)
	}
	var failed error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || strings.Contains(onlyFlags, " "+f.Name+" ") {
			return
		}
		if text := os.Getenv("CONFTEST_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))); text != "" {
			failed = set(f, text, true)
		} else if v, ok := values[f.Name]; ok {
			failed = set(f, v, false)
		}
		if failed != nil {
			failed = fmt.Errorf("unmarshal parameters: %s: %w", f.Name, failed)
		}
	})
	return failed
}

// set gives a flag a value. A list in a variable is cut at commas, as in a file that
// gives it as one string.
func set(f *pflag.Flag, v any, variable bool) error {
	list, ok := f.Value.(pflag.SliceValue)
	if !ok {
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
