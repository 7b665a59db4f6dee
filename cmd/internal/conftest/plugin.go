package conftest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/fetch"
	"github.com/writ-policy/writ/cmd/internal/conftest/input"
)

// plugin is a program that is called as a command: plugin.yaml of its folder.
type plugin struct {
	name, usage, description, command string

	folder string
}

func newPlugin() *cobra.Command {
	c := &cobra.Command{
		Use:   "plugin",
		Short: "Manage conftest plugins",
		Long: `A plugin is a folder with a plugin.yaml: name, version, usage, description and the
command that "conftest NAME" runs. It is run only when the command line names it.`,
	}
	c.AddCommand(&cobra.Command{
		Use:     "install <path>",
		Short:   "Install a plugin from a folder",
		Long:    "Copies the folder to the plugins of this user, and takes the place of one of its name.",
		Example: "  conftest plugin install contrib/plugins/kubectl",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misused(c, "missing required arguments")
			}
			if err := install(c.Context(), c.Root(), args[0]); err != nil {
				return fmt.Errorf("install: %w", err)
			}
			return nil
		},
	})
	return c
}

// pluginName is a name that is one part of a path and no flag.
func pluginName(name string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`).MatchString(name)
}

func install(ctx context.Context, root *cobra.Command, from string) error {
	if info, err := os.Stat(from); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is no folder: a plugin from elsewhere has to be cloned or unpacked first", from)
	}
	p, err := readPlugin(from)
	if err != nil {
		return err
	}
	if taken, _, err := root.Find([]string{p.name}); err == nil && taken != root {
		return fmt.Errorf("%q is the name of a command", p.name)
	}
	folders, err := pluginFolders()
	if err != nil {
		return err
	}
	place := filepath.Join(folders[0], p.name)
	if err := os.MkdirAll(folders[0], 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(folders[0], ".install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := fetch.Folder(ctx, from, filepath.Join(temp, "new")); err != nil {
		return err
	}
	// What was copied is what counts, were it another by now.
	if copied, err := readPlugin(filepath.Join(temp, "new")); err != nil || copied.name != p.name {
		return errors.Join(fmt.Errorf("%s has changed while it was copied", from), err)
	}
	old := filepath.Join(temp, "old")
	if err := os.Rename(place, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(filepath.Join(temp, "new"), place); err != nil {
		os.Rename(old, place)
		return err
	}
	return nil
}

// pluginFolders are where conftest looks for plugins; the first is where this program
// installs them.
func pluginFolders() ([]string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, err
	}
	data := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(data) {
		data = filepath.Join(home, ".local", "share")
	}
	shared := os.Getenv("XDG_DATA_DIRS")
	if shared == "" {
		shared = "/usr/local/share:/usr/share"
	}
	var folders []string
	for _, folder := range append([]string{data}, append(filepath.SplitList(shared), home)...) {
		if filepath.IsAbs(folder) {
			folders = append(folders, filepath.Join(folder, ".conftest", "plugins"))
		}
	}
	return folders, nil
}

// findPlugin finds an installed plugin, nil if there is none of the name. It looks for
// this one alone and changes nothing.
func findPlugin(name string) (*plugin, error) {
	if !pluginName(name) {
		return nil, nil
	}
	folders, err := pluginFolders()
	if err != nil {
		return nil, nil
	}
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		p, err := readPlugin(path)
		if err == nil && p.name != name {
			err = fmt.Errorf("it calls itself %q", p.name)
		}
		if err != nil {
			return nil, fmt.Errorf("plugin %s: %w", path, err)
		}
		return p, nil
	}
	return nil, nil
}

func readPlugin(folder string) (*plugin, error) {
	path := filepath.Join(folder, "plugin.yaml")
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	defer file.Close()
	const most = 64 << 10
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil || len(text) > most {
		return nil, fmt.Errorf("read config: %s is larger than %d KiB: %w", path, most>>10, err)
	}
	t, err := input.NewReader(input.JSON).Read("yaml", path, text)
	if err != nil {
		return nil, fmt.Errorf("unmarshal plugin: %w", err)
	}
	member := func(name string) string {
		if o, ok := t.Value.(ast.Object); ok {
			if v := o.Get(ast.StringTerm(name)); v != nil {
				s, _ := v.Value.(ast.String)
				return string(s)
			}
		}
		return ""
	}
	p := &plugin{name: member("name"), usage: member("usage"), description: member("description"), command: member("command")}
	if !pluginName(p.name) {
		return nil, fmt.Errorf("%s: %q is no name of a plugin", path, p.name)
	}
	if strings.TrimSpace(p.command) == "" {
		return nil, fmt.Errorf("%s: no command found", path)
	}
	if p.folder, err = filepath.Abs(folder); err != nil {
		return nil, err
	}
	return p, nil
}

// argv is the command's words, each with its variables, and the arguments after them.
// A program is named by a full path, as beneath $CONFTEST_PLUGIN_DIR, or found in PATH:
// never beside what is checked.
func (p *plugin) argv(args []string) ([]string, error) {
	words := strings.Fields(p.command)
	for i, word := range words {
		words[i] = os.Expand(word, func(name string) string {
			if name == "CONFTEST_PLUGIN_DIR" {
				return p.folder
			}
			return os.Getenv(name)
		})
	}
	program := words[0]
	if !filepath.IsAbs(program) {
		if strings.ContainsAny(program, `/\`) {
			return nil, fmt.Errorf("the command %q depends on the working folder: $CONFTEST_PLUGIN_DIR is the plugin's", program)
		}
		found, err := exec.LookPath(program)
		if err != nil {
			return nil, err
		}
		words[0] = found
	}
	return append(words, args...), nil
}

// newPluginCommand runs a plugin and ends with its status.
func newPluginCommand(p *plugin) *cobra.Command {
	return &cobra.Command{
		Use:                p.name,
		Short:              p.usage,
		Long:               p.description,
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			words, err := p.argv(args)
			if err != nil {
				return fmt.Errorf("execute plugin: %w", err)
			}
			run := exec.CommandContext(c.Context(), words[0], words[1:]...)
			run.Stdin, run.Stdout, run.Stderr = c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr()
			run.Env = append(os.Environ(), "CONFTEST_PLUGIN_DIR="+p.folder)
			var ended *exec.ExitError
			switch err := run.Run(); {
			case errors.As(err, &ended) && ended.ExitCode() > 0:
				return exitCode(ended.ExitCode())
			case err != nil:
				return fmt.Errorf("execute plugin: %w", err)
			}
			return nil
		},
	}
}

// addPlugin adds the plugin that the arguments name, if it is no command.
func addPlugin(root *cobra.Command, args []string) error {
	name := ""
	for i := 0; i < len(args) && name == ""; i++ {
		switch arg := args[i]; {
		case arg == "-c" || arg == "--config-file":
			i++
		case !strings.HasPrefix(arg, "-"):
			name = arg
		}
	}
	if name == "" || strings.HasPrefix(name, "__complete") {
		return nil
	}
	for _, c := range root.Commands() {
		if c.Name() == name {
			return nil
		}
	}
	if name == "help" || name == "completion" {
		return nil
	}
	p, err := findPlugin(name)
	if p != nil {
		root.AddCommand(newPluginCommand(p))
	}
	return err
}
