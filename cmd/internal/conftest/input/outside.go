package input

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/google/go-jsonnet"
	"github.com/subosito/gotenv"
)

// parseApart reads .env as if no variable of the environment were set. The library takes
// them before those of the file: names that the environment has are read under others,
// and given back in all that comes of them.
func parseApart(data []byte) (map[string]string, error) {
	data = plainText(data)
	mark := "_OF_THIS_FILE"
	for bytes.Contains(data, []byte(mark)) || environmentHas(mark) {
		mark += "_"
	}
	marked := regexp.MustCompile(`[A-Z0-9_]+`).ReplaceAllFunc(data, func(name []byte) []byte {
		if _, ok := os.LookupEnv(string(name)); ok {
			return append(bytes.Clone(name), mark...)
		}
		return name
	})
	env, err := gotenv.StrictParse(bytes.NewReader(marked))
	if err != nil {
		return nil, fmt.Errorf("%s", strings.ReplaceAll(err.Error(), mark, ""))
	}
	own := make(map[string]string, len(env))
	for name, value := range env {
		own[strings.ReplaceAll(name, mark, "")] = strings.ReplaceAll(value, mark, "")
	}
	return own, nil
}

func environmentHas(part string) bool {
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// plainText is a text in UTF-16, if it begins by saying so, as UTF-8.
func plainText(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return data
	}
	var units []uint16
	for data = data[2:]; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	return []byte(string(utf16.Decode(units)))
}

// importer reads what Jsonnet imports, of files alone: the kernel's tell of the process
// and its environment, and a pipe may never end.
type importer struct {
	jsonnet.FileImporter
	beside string // folder of the program
}

func (i *importer) Import(from, path string) (jsonnet.Contents, string, error) {
	for _, folder := range []string{filepath.Dir(from), i.beside} {
		candidate := path
		if !filepath.IsAbs(path) {
			candidate = filepath.Join(folder, path)
		}
		if err := ordinary(candidate); err != nil {
			return jsonnet.Contents{}, "", err
		}
	}
	return i.FileImporter.Import(from, path)
}

// ordinary refuses what is there and is no ordinary file.
func ordinary(path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil // the reader says that it is not there
	}
	if real, err = filepath.Abs(real); err != nil {
		return err
	}
	info, err := os.Stat(real)
	if err != nil || info.IsDir() {
		return nil
	}
	for _, folder := range []string{"/proc/", "/sys/", "/dev/"} {
		if strings.HasPrefix(real, folder) || !info.Mode().IsRegular() {
			return fmt.Errorf("%s is no ordinary file", path)
		}
	}
	return nil
}
