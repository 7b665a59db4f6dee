package aws

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Lifecycle is what a bucket's lifecycle rules do to objects under a prefix.
// Days are [fact.Unbounded] where nothing deletes.
type Lifecycle struct {
	// Expire is the age by which every object is deleted, or hidden behind a
	// delete marker where versions are kept.
	Expire Answer[int]
	// Earliest is the age from which some object may be.
	Earliest Answer[int]
	// Noncurrent is how long a former version lives after it was replaced.
	Noncurrent Answer[int]
	// Abort is the age by which parts of unfinished uploads are deleted.
	Abort Answer[int]
}

// rule is one lifecycle rule.
type rule struct {
	prefix                    Answer[string]
	filtered                  bool // by tag or size, so that not every object is meant
	expire, noncurrent, abort Answer[int]
}

// Lifecycle reads the bucket's rules for objects under a prefix, "" for all. An
// unknown prefix gives what holds for all objects.
func (b Bucket) Lifecycle(prefix Answer[string]) Lifecycle {
	rules, reason, at := b.rules()
	l := Lifecycle{Expire: noDays(at), Earliest: noDays(at), Noncurrent: noDays(at), Abort: noDays(at)}
	for _, r := range rules {
		covers, touches := r.reach(prefix)
		l.Expire = shorter(l.Expire, r.expire, covers)
		l.Noncurrent = shorter(l.Noncurrent, r.noncurrent, covers)
		l.Abort = shorter(l.Abort, r.abort, covers)
		l.Earliest = earliest(l.Earliest, r.expire, touches)
	}
	if reason != "" {
		for _, a := range []*Answer[int]{&l.Expire, &l.Noncurrent, &l.Abort} {
			if a.Known() && a.Value == fact.Unbounded {
				*a = NotKnown[int](reason, at)
			}
		}
		l.Earliest = NotKnown[int](reason, at)
	}
	return l
}

// Lifetime returns how long a record can stay in the bucket: to its expiration
// and, where versions are kept, on to the end of the former version. A lock that
// lasts longer defers deletion.
func (b Bucket) Lifetime(l Lifecycle) Answer[int] {
	life := l.Expire
	versioned := b.Versioned()
	switch {
	case !life.Known() || life.Value == fact.Unbounded:
		return life
	case !versioned.Known():
		return NotKnown[int](versioned.Reason, versioned.Pos)
	case versioned.Value && !l.Noncurrent.Known():
		return l.Noncurrent
	case versioned.Value && l.Noncurrent.Value == fact.Unbounded:
		return l.Noncurrent
	case versioned.Value:
		life.Value += l.Noncurrent.Value
	}
	lock := b.LockDays()
	if !lock.Known() {
		return lock
	}
	if lock.Value > life.Value {
		return lock
	}
	return life
}

// rules reads the enabled rules. The reason is why there may be others; at is
// where the rules stand, the bucket if there are none.
func (b Bucket) rules() ([]rule, string, fact.Position) {
	at := b.setting("aws_s3_bucket_lifecycle_configuration")
	name := "rule"
	if at.Unset() {
		at, name = b.Body, "lifecycle_rule"
	}
	if at.Kind == terraform.Unknown {
		return nil, at.Reason, at.Pos
	}
	blocks, reason := Blocks(at, name)
	var rules []rule
	for _, block := range blocks {
		if block.Kind == terraform.Unknown {
			continue
		}
		on := Then(Text(block, "Enabled", "status"), func(s string) bool { return s == "Enabled" })
		if name == "lifecycle_rule" {
			on = Bool(block, false, "enabled")
		}
		if on.Known() && !on.Value {
			continue
		}
		r := readRule(block)
		if !on.Known() {
			r.expire, r.noncurrent, r.abort = NotKnown[int](on.Reason, on.Pos), NotKnown[int](on.Reason, on.Pos), NotKnown[int](on.Reason, on.Pos)
		}
		rules = append(rules, r)
	}
	return rules, reason, at.Pos
}

func readRule(block *terraform.Value) rule {
	r := rule{prefix: Text(block, "", "prefix"), expire: noDays(block.Pos), noncurrent: noDays(block.Pos), abort: noDays(block.Pos)}
	for _, at := range []*terraform.Value{Block(block, "filter"), Block(block, "filter", "and")} {
		if at.Kind == terraform.Unknown {
			r.prefix = Unknown[string](at)
			continue
		}
		if p := at.Get("prefix"); !p.Unset() {
			r.prefix = Text(at, "", "prefix")
		}
		for _, name := range []string{"tag", "tags", "object_size_greater_than", "object_size_less_than"} {
			r.filtered = r.filtered || filters(at.Get(name))
		}
	}
	r.filtered = r.filtered || filters(block.Get("tags"))
	if e := Block(block, "expiration"); e.Kind == terraform.Unknown {
		r.expire = Unknown[int](e)
	} else if !e.Unset() {
		if date := e.Get("date"); !date.Unset() {
			r.expire = NotKnown[int]("objects expire on a date, not at an age", date.Pos)
		} else if days := Int(e, 0, "days"); !days.Known() || days.Value > 0 {
			r.expire = days
		}
	}
	if n := Block(block, "noncurrent_version_expiration"); n.Kind == terraform.Unknown {
		r.noncurrent = Unknown[int](n)
	} else if !n.Unset() {
		r.noncurrent = Int(n, fact.Unbounded, "noncurrent_days")
		if inline := n.Get("days"); !inline.Unset() {
			r.noncurrent = Int(n, fact.Unbounded, "days")
		}
		// Versions that are kept by number have no limit in time.
		if keep := Int(n, 0, "newer_noncurrent_versions"); !keep.Known() {
			r.noncurrent = keep
		} else if keep.Value > 0 {
			r.noncurrent = Declared(fact.Unbounded, keep.Pos)
		}
	}
	if a := Block(block, "abort_incomplete_multipart_upload"); a.Kind == terraform.Unknown {
		r.abort = Unknown[int](a)
	} else if !a.Unset() {
		r.abort = Int(a, fact.Unbounded, "days_after_initiation")
	} else if inline := Int(block, 0, "abort_incomplete_multipart_upload_days"); !inline.Known() || inline.Value > 0 {
		r.abort = inline
	}
	return r
}

// filters reports whether a part of a filter is written. A plan has an empty list
// or map where it is not.
func filters(v *terraform.Value) bool {
	switch v.Kind {
	case terraform.List:
		return len(v.Elems) > 0
	case terraform.Object:
		return len(v.Fields) > 0
	}
	return !v.Unset()
}

// reach reports whether the rule is for every object under a prefix, and whether
// it is for any.
func (r rule) reach(prefix Answer[string]) (covers, touches Answer[bool]) {
	switch {
	case !r.prefix.Known():
		unknown := NotKnown[bool](r.prefix.Reason, r.prefix.Pos)
		return And(unknown, Declared(!r.filtered, r.prefix.Pos)), unknown
	case !prefix.Known():
		return Declared(r.prefix.Value == "" && !r.filtered, r.prefix.Pos), Declared(true, r.prefix.Pos)
	}
	own, want := r.prefix.Value, prefix.Value
	return Declared(strings.HasPrefix(want, own) && !r.filtered, r.prefix.Pos),
		Declared(strings.HasPrefix(want, own) || strings.HasPrefix(own, want), r.prefix.Pos)
}

// shorter returns the shorter of a bound and that of a rule which covers. A rule
// that is not known cannot lengthen a bound that is, so it only matters where
// there is none.
func shorter(bound, by Answer[int], covers Answer[bool]) Answer[int] {
	switch {
	case covers.Known() && !covers.Value, by.Known() && by.Value == fact.Unbounded:
		return bound
	case !covers.Known():
		by = NotKnown[int](covers.Reason, covers.Pos)
	}
	switch {
	case by.Known() && (!bound.Known() || by.Value < bound.Value):
		return by
	case !by.Known() && bound.Known() && bound.Value == fact.Unbounded:
		return by
	}
	return bound
}

// earliest returns the shorter age; anything not known makes it not known.
func earliest(bound, by Answer[int], touches Answer[bool]) Answer[int] {
	switch {
	case touches.Known() && !touches.Value, by.Known() && by.Value == fact.Unbounded, !bound.Known():
		return bound
	case !touches.Known():
		return NotKnown[int](touches.Reason, touches.Pos)
	case !by.Known() || by.Value < bound.Value:
		return by
	}
	return bound
}
