package fetch

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"oras.land/oras-go/v2/registry"
)

// elsewhere are the sources of conftest that are not read here, and what to do.
var elsewhere = map[string]string{
	"git": "clone it with git and name the folder with --policy",
	"hg":  "clone it with hg and name the folder with --policy",
	"s3":  "copy it with aws s3 cp and name the folder with --policy, or take it by its https:// address",
	"gcs": "copy it with gcloud storage cp and name the folder with --policy, or take it by its https:// address",
}

// parse tells by its address how a source is read: "oci://", "https://", "http://",
// "file://" or "file::", the path of something that is here, or the name of a
// repository in a registry.
func parse(text string) (source, error) {
	scheme, rest := scheme(text)
	if advice, ok := elsewhere[scheme]; ok {
		return nil, fmt.Errorf("%s is fetched by %s, which this program does not speak: %s", text, scheme, advice)
	}
	switch scheme {
	case "oci":
		return parseRepository(rest)
	case "http", "https":
		return parseDownload(rest)
	case "file":
		return parseLocal(rest)
	case "":
	default:
		return nil, fmt.Errorf("%s: no way to fetch %q: take oci, https or file", text, scheme)
	}
	if exists(text) {
		return parseLocal(text)
	}
	return parseRepository(text)
}

// scheme tells how a source is read, and its address for that.
func scheme(text string) (scheme, rest string) {
	if forced, rest, ok := strings.Cut(text, "::"); ok && regexp.MustCompile(`^[a-z0-9]+$`).MatchString(forced) {
		if forced == "file" || forced == "oci" {
			rest = strings.TrimPrefix(rest, forced+"://")
		}
		return forced, rest
	}
	before, after, ok := strings.Cut(text, "://")
	switch {
	case ok && (before == "http" || before == "https"):
		if host, _, _ := strings.Cut(after, "/"); strings.HasPrefix(host, "s3.amazonaws.") {
			return "s3", text
		}
		return before, text
	case ok && (before == "ssh" || before == "git"):
		return "git", text
	case ok:
		return strings.ToLower(before), after
	}
	host, _, _ := strings.Cut(text, "/")
	switch {
	case exists(text):
		return "", text
	case strings.HasPrefix(text, "git@"), strings.HasSuffix(text, ".git"), host == "github.com", host == "bitbucket.org", host == "gitlab.com":
		return "git", text
	case strings.HasSuffix(host, ".amazonaws.com") && !strings.Contains(host, ".dkr.ecr."):
		return "s3", text
	case host == "www.googleapis.com":
		return "gcs", text
	}
	return "", text
}

func parseRepository(text string) (source, error) {
	last := text[strings.LastIndex(text, "/")+1:]
	if !strings.ContainsAny(last, ":@") {
		text += ":latest"
	}
	host, _, ok := strings.Cut(text, "/")
	if !ok || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return nil, fmt.Errorf("%s: no such file, and no repository in a registry", strings.TrimSuffix(text, ":latest"))
	}
	ref, err := registry.ParseReference(text)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return repository{ref}, nil
}

func parseLocal(text string) (source, error) {
	if text == "" || strings.HasPrefix(text, "~") {
		return nil, fmt.Errorf("%q is not the path of a file", text)
	}
	return local(filepath.Clean(text)), nil
}

func parseDownload(text string) (source, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("address: %w", err)
	}
	d := download{url: u, name: path.Base(u.Path)}
	if u.Host == "" || d.name == "." || d.name == "/" {
		return nil, fmt.Errorf("%s names no file", u.Redacted())
	}
	if strings.Contains(strings.TrimPrefix(u.Path, "/"), "//") {
		return nil, fmt.Errorf("%s: a part of an archive is not taken: unpack it and name the folder with --policy", u.Redacted())
	}
	query := u.Query()
	if d.checksum, err = parseChecksum(query.Get("checksum")); err != nil {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	if d.packed, err = packed(d.name, query.Get("archive")); err != nil {
		return nil, fmt.Errorf("%s: %w", u.Redacted(), err)
	}
	query.Del("checksum")
	query.Del("archive")
	u.RawQuery = query.Encode()
	return d, nil
}

// packed says whether a file is an archive that is unpacked, by its name or by what
// the address says of it.
func packed(name, said string) (bool, error) {
	if said == "" {
		said = name
	} else {
		said = "." + said
	}
	switch {
	case said == ".false", said == ".0":
		return false, nil
	case strings.HasSuffix(said, ".tar.gz"), strings.HasSuffix(said, ".tgz"):
		return true, nil
	}
	for _, other := range []string{".zip", ".tar", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".tzst", ".gz"} {
		if strings.HasSuffix(said, other) {
			return false, fmt.Errorf("an archive in %s is not unpacked: offer it as .tar.gz, or unpack it and name the folder with --policy", other)
		}
	}
	return false, nil
}

// local is the path of a file or a folder.
type local string

func (l local) String() string { return string(l) }
func (l local) base() string   { return filepath.Base(string(l)) }

// isFolder says whether a path is that of a folder, not of a link to one.
func isFolder(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	return info.IsDir(), nil
}
