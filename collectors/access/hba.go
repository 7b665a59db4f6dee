package access

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

// hbaVariable tells an image of PostgreSQL by which method everyone on the network
// proves who they are.
const hbaVariable = "POSTGRES_HOST_AUTH_METHOD"

// hbaFile is the file of rules; one that is mounted replaces the image's.
const hbaFile = "pg_hba.conf"

// hbaImages are the images that write their pg_hba.conf as the variable says, by the
// last part of their name.
var hbaImages = []string{"pgvector", "postgis", "postgres", "timescaledb"}

// loginRule is the rule that such an image writes when it makes its databases: every
// user, database and address ("host all all all METHOD"). The other rules are for
// who is in the container already.
// https://hub.docker.com/_/postgres, POSTGRES_HOST_AUTH_METHOD
type loginRule struct {
	id     string
	at     fact.Position
	method aws.Answer[string]
}

// writesLogins reports whether an image writes such a rule: it is known to, or it is
// given the variable.
func writesLogins(image aws.Answer[string], given bool) bool {
	name, _ := imageName(image.Value)
	return given || image.Known() && slices.Contains(hbaImages, name)
}

// loginMethod is the method in force. Without the variable it is how the server
// hashes passwords, which follows from its version: scram-sha-256 since 14.
func loginMethod(image, variable aws.Answer[string], command bool, at fact.Position) aws.Answer[string] {
	switch {
	case command:
		return aws.NotKnown[string]("the container is run in a way of its own, which may bring another pg_hba.conf", at)
	case !variable.Known() || variable.Value != "":
		return variable
	case !image.Known():
		return aws.NotKnown[string](image.Reason, image.Pos)
	}
	switch major := serverVersion(image.Value); {
	case major >= 14:
		return aws.Default("scram-sha-256", at)
	case major > 0:
		return aws.Default("md5", at)
	}
	return aws.NotKnown[string](hbaVariable+" is not set, and the tag of the image does not say which version it is", image.Pos)
}

// runsOtherwise reports whether what a container runs may read another pg_hba.conf or
// hash passwords in another way than the image does: the entry point is replaced, or
// the words after it name more than settings of the server that do neither.
func runsOtherwise(entrypoint bool, words []string, known bool) bool {
	if entrypoint || !known {
		return true
	}
	for i, w := range words {
		switch {
		case i == 0 && w != "postgres" && !strings.HasPrefix(w, "-"), strings.HasPrefix(w, "-D"), strings.Contains(w, "'"), strings.Contains(w, `"`),
			strings.Contains(w, "_file"), strings.Contains(w, "password_encryption"), strings.Contains(w, "data_directory"):
			return true
		}
	}
	return false
}

// imageName splits the last part of an image's name and its tag.
func imageName(image string) (name, tag string) {
	image, _, _ = strings.Cut(image, "@")
	name, tag, _ = strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	return strings.ToLower(name), tag
}

var (
	leadingVersion = regexp.MustCompile(`^([0-9]{1,2})(?:[.-]|$)`)
	namedVersion   = regexp.MustCompile(`(?:^|-)pg([0-9]{1,2})(?:[.-]|$)`)
)

// serverVersion is the major version of PostgreSQL that a tag names, 0 if it does not:
// 17.2-alpine, 16-3.4 of PostGIS, 2.17.2-pg17 of TimescaleDB.
func serverVersion(image string) int {
	name, tag := imageName(image)
	pattern := namedVersion
	if name == "postgres" || name == "postgis" {
		pattern = leadingVersion
	}
	m := pattern.FindStringSubmatch(tag)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// put writes the rule. It is about a server, which is no store: volumes are.
func (l loginRule) put(b *fact.Builder) {
	none := fact.Position{}
	basis := "declared"
	if l.method.Known() && l.method.Default {
		basis = "default"
	}
	item := b.Add(l.id, basis, l.at)
	item.Set("type", "hba", none).Set("effect", "allow", none).Set("principals", []any{"*"}, none).Set("actions", []any{"CONNECT"}, none).Set("resources", []any{"*"}, none)
	item.Object("wildcards", l.at).Set("principal", true, none).Set("action", false, none).Set("resource", true, none)
	item.Set("conditions", []any{}, none).Set("restricted", false, none).Set("duties", []any{}, none).Set("both_duties", []any{}, none).Set("delegates", false, none)
	item.Set("sources", []any{"0.0.0.0/0", "::/0"}, none).Set("source_scope", "internet", none)
	l.method.Put(item, "method")
	item.Set("mfa", false, none).Set("recorded", true, none).Set("reachable", true, none).Set("error", "", none)
	item.Set("store", []any{}, none)
}
