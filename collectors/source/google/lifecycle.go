package google

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// deletion is one lifecycle rule that deletes, with the days it takes.
type deletion struct {
	prefixes aws.Answer[[]string] // none: every object
	filtered bool                 // by suffix, class, size or date, so that not every object is meant
	// expire is the age of current objects, archived the age of former versions
	// since they were made, noncurrent their age since they were replaced.
	expire, archived, noncurrent, abort aws.Answer[int]
}

// partial are the conditions that leave some objects out whatever their age.
var partial = []string{
	"created_before", "matches_storage_class", "matches_suffix", "custom_time_before", "days_since_custom_time", "noncurrent_time_before",
	"size_above_bytes", "size_below_bytes", "no_age",
}

// Lifecycle reads the bucket's rules for objects under a prefix, "" for all. A
// rule applies where all its conditions hold.
func (b Bucket) Lifecycle(prefix aws.Answer[string]) aws.Lifecycle {
	l, archived := b.lifecycle(prefix)
	l.Noncurrent = lesser(l.Noncurrent, archived)
	return l
}

// lifecycle also returns the age, since they were made, at which former versions
// are deleted.
func (b Bucket) lifecycle(prefix aws.Answer[string]) (aws.Lifecycle, aws.Answer[int]) {
	never := noDays(b.Pos)
	l := aws.Lifecycle{Expire: never, Earliest: never, Noncurrent: never, Abort: never}
	archived := never
	blocks, reason := aws.Blocks(b.Body, "lifecycle_rule")
	for _, block := range blocks {
		if block.Kind == terraform.Unknown {
			continue
		}
		d := readDeletion(block)
		covers, touches := d.reach(prefix)
		l.Expire = within(l.Expire, d.expire, covers)
		l.Noncurrent = within(l.Noncurrent, d.noncurrent, covers)
		l.Abort = within(l.Abort, d.abort, covers)
		archived = within(archived, d.archived, covers)
		l.Earliest = first(l.Earliest, d.expire, touches)
	}
	if reason != "" {
		for _, a := range []*aws.Answer[int]{&l.Expire, &l.Noncurrent, &l.Abort, &archived} {
			if a.Known() && a.Value == fact.Unbounded {
				*a = aws.NotKnown[int](reason, b.Pos)
			}
		}
		l.Earliest = aws.NotKnown[int](reason, b.Pos)
	}
	return l, archived
}

func readDeletion(block *terraform.Value) deletion {
	never := noDays(block.Pos)
	d := deletion{prefixes: aws.Default([]string{}, block.Pos), expire: never, archived: never, noncurrent: never, abort: never}
	action, when := aws.Block(block, "action"), aws.Block(block, "condition")
	kind := aws.Text(action, "", "type")
	unknown := kind.Reason
	if when.Kind == terraform.Unknown {
		unknown = when.Reason
	}
	if unknown != "" {
		gap := aws.NotKnown[int](unknown, block.Pos)
		d.expire, d.archived, d.noncurrent, d.abort = gap, gap, gap, gap
		return d
	}
	d.prefixes = aws.Texts(when, "matches_prefix")
	for _, name := range partial {
		v := when.Get(name)
		d.filtered = d.filtered || !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) && v.Number != "0" && !(v.Kind == terraform.String && v.Text == "") && !(v.Kind == terraform.Bool && !v.Bool)
	}
	age := counted(when, "age", "send_age_if_zero")
	switch kind.Value {
	case "AbortIncompleteMultipartUpload":
		d.abort = age
		return d
	case "Delete":
	default:
		return d
	}
	d.live(when, age)
	return d
}

// counted reads a number of days that, if it is 0, is only sent where another
// argument says so; without it the condition is not there.
func counted(when *terraform.Value, name, zero string) aws.Answer[int] {
	n := aws.Int(when, 0, name)
	if !n.Known() || n.Value > 0 {
		return n
	}
	send := aws.Bool(when, false, zero)
	switch {
	case !send.Known():
		return aws.NotKnown[int](send.Reason, send.Pos)
	case send.Value:
		return aws.Declared(0, n.Pos)
	}
	return noDays(when.Pos)
}

// live sets which objects a rule that deletes is for: current ones, former
// versions, or both.
func (d *deletion) live(when *terraform.Value, age aws.Answer[int]) {
	state := aws.Text(when, "ANY", "with_state")
	if !state.Known() {
		gap := aws.NotKnown[int](state.Reason, state.Pos)
		d.expire, d.archived, d.noncurrent = gap, gap, gap
		return
	}
	newer := counted(when, "num_newer_versions", "send_num_newer_versions_if_zero")
	since := counted(when, "days_since_noncurrent_time", "send_days_since_noncurrent_time_if_zero")
	// Versions that are kept by number have no limit in time, and current objects
	// have neither newer versions nor a time they were replaced.
	unnumbered := newer.Known() && (newer.Value == fact.Unbounded || newer.Value == 0)
	current := newer.Known() && newer.Value == fact.Unbounded && since.Known() && since.Value == fact.Unbounded
	uncertain := !newer.Known() || !since.Known()
	if state.Value != "ARCHIVED" && (current || uncertain) {
		d.expire = age
		if uncertain && (age.Value < fact.Unbounded || !age.Known()) {
			d.expire = aws.NotKnown[int](newer.Reason+since.Reason, when.Pos)
		}
	}
	if state.Value == "LIVE" {
		return
	}
	switch {
	case !newer.Known():
		d.archived, d.noncurrent = newer, newer
	case !unnumbered:
	case !since.Known():
		d.noncurrent = since
	case since.Value < fact.Unbounded && age.Known() && age.Value < fact.Unbounded:
		// Both have to hold; the sum is certain to be late enough.
		d.noncurrent = aws.Declared(since.Value+age.Value, since.Pos)
	case since.Value < fact.Unbounded && !age.Known():
		d.noncurrent = age
	case since.Value < fact.Unbounded:
		d.noncurrent = since
	case newer.Value == 0:
		d.noncurrent = aws.Declared(0, newer.Pos)
	default:
		d.archived = age
	}
}

// reach reports whether the rule is for every object under a prefix, and whether
// it is for any.
func (d deletion) reach(prefix aws.Answer[string]) (covers, touches aws.Answer[bool]) {
	at := d.prefixes.Pos
	switch {
	case !d.prefixes.Known():
		unknown := aws.NotKnown[bool](d.prefixes.Reason, at)
		return aws.And(unknown, aws.Declared(!d.filtered, at)), unknown
	case len(d.prefixes.Value) == 0:
		return aws.Declared(!d.filtered, at), aws.Declared(true, at)
	case !prefix.Known():
		return aws.Declared(false, at), aws.Declared(true, at)
	}
	covers, touches = aws.Declared(false, at), aws.Declared(false, at)
	for _, own := range d.prefixes.Value {
		covers.Value = covers.Value || strings.HasPrefix(prefix.Value, own) && !d.filtered
		touches.Value = touches.Value || strings.HasPrefix(prefix.Value, own) || strings.HasPrefix(own, prefix.Value)
	}
	return covers, touches
}

// within returns the shorter of a bound and that of a rule which covers. A rule
// that is not known cannot lengthen a bound that is.
func within(bound, by aws.Answer[int], covers aws.Answer[bool]) aws.Answer[int] {
	switch {
	case covers.Known() && !covers.Value, by.Known() && by.Value == fact.Unbounded:
		return bound
	case !covers.Known():
		by = aws.NotKnown[int](covers.Reason, covers.Pos)
	}
	return lesser(bound, by)
}

// lesser is the shorter bound; one that is not known counts where there is no
// other.
func lesser(a, b aws.Answer[int]) aws.Answer[int] {
	switch {
	case b.Known() && b.Value < fact.Unbounded && (!a.Known() || b.Value < a.Value):
		return b
	case !b.Known() && a.Known() && a.Value >= fact.Unbounded:
		return b
	}
	return a
}

// first returns the shorter age; anything not known makes it not known.
func first(bound, by aws.Answer[int], touches aws.Answer[bool]) aws.Answer[int] {
	switch {
	case touches.Known() && !touches.Value, by.Known() && by.Value == fact.Unbounded, !bound.Known():
		return bound
	case !touches.Known():
		return aws.NotKnown[int](touches.Reason, touches.Pos)
	case !by.Known() || by.Value < bound.Value:
		return by
	}
	return bound
}

// Lifetime returns how long a record under a prefix can stay in the bucket: to
// the end of its object, where versions are kept of its former version, and then
// for as long as it can be restored. A lock that lasts longer defers deletion.
func (b Bucket) Lifetime(prefix aws.Answer[string]) aws.Answer[int] {
	l, archived := b.lifecycle(prefix)
	life := l.Expire
	if !life.Known() || life.Value == fact.Unbounded {
		return life
	}
	versioned, lock, soft := b.Versioned(), b.LockDays(), b.SoftDays()
	for _, reason := range []string{versioned.Reason, lock.Reason, soft.Reason} {
		if reason != "" {
			return aws.NotKnown[int](reason, life.Pos)
		}
	}
	if versioned.Value {
		former := archived // counts from when the object was made
		if former.Known() {
			former.Value = max(former.Value, life.Value)
		}
		after := l.Noncurrent
		if after.Known() && after.Value < fact.Unbounded {
			after.Value += life.Value
		}
		life = lesser(after, former)
		if !life.Known() || life.Value >= fact.Unbounded {
			return life
		}
	}
	life.Value = max(life.Value, lock.Value) + soft.Value
	return life
}
