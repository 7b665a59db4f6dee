package register

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

// Service is something that runs, on the targets it names.
type Service struct {
	*Entry
	Name             string
	Targets          []Place
	Owner, Purpose   string
	Data             []string // category keys
	DataSaid         bool     // an empty list says that there are none
	Environment      string
	Processors       []string
	MultiTenant      []string // tables that hold the rows of several tenants
	Matrix           []Right  // sorted by role and object
	SecretRoles      []string
	AccessReviewedOn string
	Ports            []*Port
	Logs             []*Log
}

// Right is what the access matrix allows a role on an object.
type Right struct {
	*Entry
	Role, Object string
	Privileges   []string
}

func (d *decoder) service(h *hcl.Block) *Service {
	b := d.open("A service", h.Body, blockAt(h), map[string]int{"port": 1, "log": 1, "access": 1})
	s := &Service{Entry: b.entry, Name: b.label(h)}
	b.require("targets")
	s.Targets = b.places("targets")
	s.Owner, s.Purpose, s.Environment = b.text("owner"), b.text("purpose"), b.text("environment")
	s.Data, s.DataSaid = b.categories("data")
	s.Processors, s.MultiTenant, s.SecretRoles = b.texts("processors"), b.texts("multi_tenant"), b.texts("secret_roles")
	s.AccessReviewedOn = b.date("access_reviewed_on")
	b.close()
	if b.broken {
		s.invalid["log"] = "a block of the service is not valid in the register (" + s.Pos.String() + ")"
	}
	for _, each := range b.nested["access"] {
		in := d.open("An access block", each.Body, blockAt(each), nil)
		in.require("objects", "privileges")
		privileges := in.texts("privileges")
		for _, object := range in.texts("objects") {
			s.Matrix = append(s.Matrix, Right{in.entry, each.Labels[0], object, privileges})
		}
		in.close()
	}
	slices.SortStableFunc(s.Matrix, func(a, b Right) int { return strings.Compare(a.Role+"\x00"+a.Object, b.Role+"\x00"+b.Object) })
	for _, each := range b.nested["port"] {
		if p := d.port(each, s); p != nil {
			s.Ports = append(s.Ports, p)
		}
	}
	for _, each := range b.nested["log"] {
		s.Logs = append(s.Logs, d.log(each, s))
	}
	return s
}

// covers reports whether the service holds an item.
func (s *Service) covers(target, id string) bool { return covers(s.Targets, target, id) }

// on reports whether a target, or a part of it, belongs to the service. The
// register and the run belong to none, whatever the glob.
func (s *Service) on(target string) bool {
	return target != Target && target != "run" && slices.ContainsFunc(s.Targets, func(p Place) bool { return Match(p.Target(), target) })
}

func (s *Service) document(b *fact.Builder) {
	i := b.Add(s.Name, "declared", s.Pos)
	i.Set("name", s.Name, s.Pos)
	s.set(i, "targets", placeValues(s.Targets))
	s.set(i, "owner", s.Owner)
	s.set(i, "purpose", s.Purpose)
	s.set(i, "data", fact.Strings(s.Data))
	s.set(i, "environment", s.Environment)
	s.setAs(i, "processor", "processors", references(s.Processors))
	s.set(i, "multi_tenant", fact.Strings(s.MultiTenant))
	s.set(i, "secret_roles", fact.Strings(s.SecretRoles))
	s.set(i, "access_reviewed_on", s.AccessReviewedOn)
	i.Set("matrix", []any{}, s.Pos)
	for _, r := range s.Matrix {
		in := i.Append("matrix", r.Pos).Set("role", r.Role, r.Pos)
		r.setAs(in, "object", "objects", r.Object)
		r.set(in, "privileges", fact.Strings(r.Privileges))
	}
	i.Set("logs", []any{}, s.Pos)
	for _, l := range s.Logs {
		l.document(i)
	}
}

func placeValues(list []Place) []any {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = string(p)
	}
	return fact.Strings(texts)
}
