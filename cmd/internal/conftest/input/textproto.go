package input

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	protoparser "github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"github.com/open-policy-agent/opa/v1/ast"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// protos are the messages that .proto files below some folders define. A file may
// import those that come before it in the order of their names, and Google's own.
type protos struct {
	dirs  []string
	done  bool
	err   error
	files protoregistry.Files
	types protoregistry.Types
}

// parseTextproto reads a message in the text form, whose type a comment names:
// "# proto-message: some.Message". Members have the names of the definition.
func parseTextproto(b *builder, _ string, data []byte) (*ast.Term, error) {
	m := regexp.MustCompile(`#\s+proto-message:\s+([a-zA-Z0-9_.]+)`).FindSubmatch(data)
	if m == nil {
		return nil, errors.New("extract proto message type: file does not contain necessary proto-message comment")
	}
	p := b.protos
	if p == nil {
		p = &protos{}
	}
	if err := p.load(); err != nil {
		return nil, fmt.Errorf("load protos: %w", err)
	}
	kind, err := p.types.FindMessageByName(protoreflect.FullName(m[1]))
	if err != nil {
		return nil, fmt.Errorf("look up message type %q: %w", m[1], err)
	}
	message := kind.New().Interface()
	if err := (prototext.UnmarshalOptions{Resolver: &p.types}).Unmarshal(data, message); err != nil {
		return nil, fmt.Errorf("unmarshal textproto: %w", err)
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true, Resolver: &p.types}.Marshal(message)
	if err != nil {
		return nil, fmt.Errorf("marshal JSON: %w", err)
	}
	return fastJSON(b, string(text))
}

func (p *protos) load() error {
	if p.done {
		return p.err
	}
	p.done = true
	for _, dir := range p.dirs {
		p.err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".proto") {
				return err
			}
			if err := p.define(path); err != nil {
				return fmt.Errorf("load proto file %s: %w", path, err)
			}
			return nil
		})
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

func (p *protos) define(path string) error {
	if _, err := p.files.FindFileByPath(path); err == nil {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	handler := reporter.NewHandler(nil)
	tree, err := protoparser.Parse(path, bytes.NewReader(text), handler)
	if err != nil {
		return fmt.Errorf("parse proto: %w", err)
	}
	result, err := protoparser.ResultFromAST(tree, true, handler)
	if err != nil {
		return fmt.Errorf("convert from AST: %w", err)
	}
	file, err := protodesc.NewFile(result.FileDescriptorProto(), p)
	if err != nil {
		return fmt.Errorf("convert to FileDescriptor: %w", err)
	}
	if err := p.files.RegisterFile(file); err != nil {
		return err
	}
	for i := range file.Messages().Len() {
		if err := p.types.RegisterMessage(dynamicpb.NewMessageType(file.Messages().Get(i))); err != nil {
			return err
		}
	}
	for i := range file.Extensions().Len() {
		if err := p.types.RegisterExtension(dynamicpb.NewExtensionType(file.Extensions().Get(i))); err != nil {
			return err
		}
	}
	return nil
}

// FindFileByPath finds an imported file.
func (p *protos) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if file, err := p.files.FindFileByPath(path); err == nil {
		return file, nil
	}
	return protoregistry.GlobalFiles.FindFileByPath(path)
}

// FindDescriptorByName finds what an imported file defines.
func (p *protos) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if d, err := p.files.FindDescriptorByName(name); err == nil {
		return d, nil
	}
	return protoregistry.GlobalFiles.FindDescriptorByName(name)
}
