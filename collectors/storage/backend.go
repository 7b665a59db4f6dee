package storage

import (
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// stateID is the id of a root module's state.
const stateID = "terraform.backend"

// backend adds the state of the root module: it holds every attribute of every
// resource, secrets included. Without a backend block the state is a file beside
// the module, in plain text.
func (c *collection) backend(root *terraform.Root, stateFiles []string) {
	if strings.HasSuffix(root.Dir, ".json") { // a plan says nothing of the state
		return
	}
	block := root.Backend
	if block == nil {
		s := c.plain(stateID, "state", "local", c.modulePosition(root))
		if d := slices.IndexFunc(root.Diagnostics, func(d fact.Diagnostic) bool { return d.Fatal }); d >= 0 {
			// The block may stand in the file that could not be read.
			s.elsewhere(root.Diagnostics[d].Pos.Source + " could not be read, and may name a backend")
			return
		}
		s.localState(stateFiles)
		return
	}
	product := block.Type
	if len(block.Labels) > 0 {
		product = block.Labels[0]
	}
	s := c.plain(stateID, "state", product, block.Pos)
	body := block.Body
	if body == nil {
		body = &terraform.Value{Kind: terraform.Object, Pos: block.Pos}
	}
	switch product {
	case "local":
		s.localState(stateFiles)
	case "s3":
		c.s3State(s, body)
	case "gcs", "azurerm", "oss", "cos", "remote", "cloud":
		// These encrypt at rest without being asked.
		s.provider = map[string]string{"gcs": "gcp", "azurerm": "azure"}[product]
		s.elsewhere("product " + product + ": settings of the backend's store are not in the root module")
		s.encrypted = aws.Default(true, s.at)
	default:
		s.elsewhere("backend " + product + " is not in the table")
	}
	for _, file := range stateFiles {
		s.inRepository = aws.Declared(true, fact.Position{Source: file, Line: 1})
	}
}

func (s *store) localState(files []string) {
	for _, file := range files {
		s.inRepository = aws.Declared(true, fact.Position{Source: file, Line: 1})
	}
}

// elsewhere marks everything that only the backend's own settings say.
func (s *store) elsewhere(reason string) {
	s.encrypt(aws.NotKnown[bool](reason, s.at), "", nil)
	s.region, s.country = aws.NotKnown[string](reason, s.at), aws.NotKnown[string](reason, s.at)
	s.replicas, s.public = aws.NotKnown[[]string](reason, s.at), aws.NotKnown[bool](reason, s.at)
	s.publicBy, s.block = aws.NotKnown[[]string](reason, s.at), aws.NotKnown[string](reason, s.at)
	s.versioned, s.retention = aws.NotKnown[bool](reason, s.at), aws.NotKnown[int](reason, s.at)
}

// s3State reads an S3 backend. Objects are encrypted anyhow (S3 does so since
// January 2023); the bucket's other settings are known if it is in the root.
func (c *collection) s3State(s *store, body *terraform.Value) {
	s.elsewhere("the bucket is managed elsewhere")
	s.provider = "aws"
	s.name = aws.Text(body, "", "bucket")
	if s.name.Default {
		s.name = aws.NotKnown[string]("the backend is configured outside the root module", body.Pos)
	}
	s.region = aws.Text(body, "", "region")
	if s.region.Default {
		s.region = aws.NotKnown[string]("the backend's region is set outside the root module", body.Pos)
	}
	s.country = aws.Country(s.region)
	links := c.x.Named(body.Get("bucket"), "aws_s3_bucket")
	if len(links) == 1 && links[0].Reason == "" {
		if bucket := c.byID[links[0].Address]; bucket != nil {
			s.inherit(bucket)
			s.country, s.replicas, s.public, s.publicBy, s.block = bucket.country, bucket.replicas, bucket.public, bucket.publicBy, bucket.block
			s.versioned, s.retention = bucket.versioned, bucket.retention
		}
	}
	if key := body.Get("kms_key_id"); !key.Unset() {
		on := aws.Declared(true, key.Pos)
		s.encrypt(on, "aws:kms", func() aws.Key { return c.x.Key(key, backendResource(body), aws.UnknownKey("no key", key.Pos)) })
		return
	}
	if !s.encrypted.Known() {
		on := aws.Bool(body, true, "encrypt")
		s.encrypt(aws.Answer[bool]{Value: true, Default: on.Default || !on.Known() || !on.Value, Pos: on.Pos}, "AES256", func() aws.Key {
			return aws.UnknownKey("the bucket is managed elsewhere", body.Pos)
		})
	}
}

// backendResource stands for the backend where a key asks for its region.
func backendResource(body *terraform.Value) *terraform.Resource {
	return &terraform.Resource{Body: body, Pos: body.Pos, KnownCount: true}
}

// modulePosition is where a root module begins: its first file.
func (c *collection) modulePosition(root *terraform.Root) fact.Position {
	for _, f := range root.Files {
		if path.Dir(f.Path) == path.Clean(root.Dir) {
			return fact.Position{Source: f.Path, Line: 1}
		}
	}
	return fact.Position{}
}

// isState reports whether a file is a state beside a root module, or in the
// folder of its workspaces.
func isState(file, dir string) bool {
	dir = path.Clean(dir)
	base := path.Base(file)
	if base != "terraform.tfstate" && base != "terraform.tfstate.backup" && !strings.HasSuffix(base, ".tfstate") {
		return false
	}
	at := path.Dir(file)
	return at == dir || strings.HasPrefix(at, path.Join(dir, "terraform.tfstate.d")+"/")
}
