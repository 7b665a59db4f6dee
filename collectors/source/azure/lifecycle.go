package azure

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Lifecycle reads what the account's management policy deletes of blobs of a
// type (blockBlob, appendBlob) whose names begin with a prefix, a container's
// name and a slash; "" is all of them. Unfinished uploads are deleted by the
// service after a week and are not counted.
func (a Account) Lifecycle(blobs string, prefix aws.Answer[string]) aws.Lifecycle {
	never := aws.Default(fact.Unbounded, a.Pos)
	l := aws.Lifecycle{Expire: never, Earliest: never, Noncurrent: never, Abort: aws.Default(7, a.Pos)}
	p, reason := aws.Only(a.x.Attached(a.Resource, "azurerm_storage_management_policy", "storage_account_id"))
	if reason != "" {
		return unread(reason, a.Pos)
	}
	if p == nil {
		l.Noncurrent = a.former(never, never)
		return l
	}
	rules, reason := aws.Blocks(p.Body, "rule")
	versions := never
	for _, rule := range rules {
		if rule.Kind != terraform.Object {
			continue
		}
		covers, touches := reach(rule, blobs, prefix)
		gone := expiry(rule)
		l.Expire = soonest(l.Expire, gone, covers)
		l.Earliest = first(l.Earliest, gone, touches)
		versions = soonest(versions, deletion(aws.Block(rule, "actions", "version"), "delete_after_days_since_creation"), covers)
	}
	l.Noncurrent = a.former(versions, never)
	if reason != "" {
		for _, d := range []*aws.Answer[int]{&l.Expire, &l.Noncurrent} {
			if d.Known() && d.Value == fact.Unbounded {
				*d = aws.NotKnown[int](reason, p.Pos)
			}
		}
		l.Earliest = aws.NotKnown[int](reason, p.Pos)
	}
	return l
}

func unread(reason string, at fact.Position) aws.Lifecycle {
	n := aws.NotKnown[int](reason, at)
	return aws.Lifecycle{Expire: n, Earliest: n, Noncurrent: n, Abort: n}
}

// former is how long former and deleted blobs live: versions as the policy says,
// what is deleted softly until its days are over.
func (a Account) former(versions, never aws.Answer[int]) aws.Answer[int] {
	kept := aws.Bool(aws.Block(a.Body, "blob_properties"), false, "versioning_enabled")
	soft := a.SoftDays()
	switch {
	case !kept.Known():
		return aws.NotKnown[int](kept.Reason, kept.Pos)
	case !soft.Known():
		return soft
	case kept.Value && !versions.Known():
		return versions
	case kept.Value && versions.Value == fact.Unbounded:
		return versions
	case kept.Value:
		return aws.Declared(versions.Value+soft.Value, versions.Pos)
	case soft.Value > 0:
		return soft
	}
	return never
}

// reach says whether a rule is for every blob asked for, and for any of them.
func reach(rule *terraform.Value, blobs string, prefix aws.Answer[string]) (covers, touches aws.Answer[bool]) {
	on := aws.Bool(rule, true, "enabled")
	filters := aws.Block(rule, "filters")
	if filters.Kind == terraform.Unknown {
		return aws.Unknown[bool](filters), aws.Unknown[bool](filters)
	}
	types := aws.Then(aws.Texts(filters, "blob_types"), func(list []string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, blobs) })
	})
	prefixes := aws.Texts(filters, "prefix_match")
	all, some := prefixed(prefixes, prefix)
	tags := filters.Get("match_blob_index_tag")
	free := aws.Answer[bool]{Value: tags.Unset() || tags.Kind == terraform.List && len(tags.Elems) == 0, Default: true, Pos: rule.Pos}
	on = aws.And(on, types)
	return aws.And(aws.And(on, all), free), aws.And(on, some)
}

func prefixed(list aws.Answer[[]string], prefix aws.Answer[string]) (all, some aws.Answer[bool]) {
	switch {
	case !list.Known():
		n := aws.NotKnown[bool](list.Reason, list.Pos)
		return n, n
	case len(list.Value) == 0:
		yes := aws.Declared(true, list.Pos)
		return yes, yes
	case !prefix.Known():
		n := aws.NotKnown[bool](prefix.Reason, prefix.Pos)
		return n, n
	}
	all, some = aws.Declared(false, list.Pos), aws.Declared(false, list.Pos)
	for _, p := range list.Value {
		all.Value = all.Value || strings.HasPrefix(prefix.Value, p)
		some.Value = some.Value || strings.HasPrefix(prefix.Value, p) || strings.HasPrefix(p, prefix.Value)
	}
	return all, some
}

// expiry is the age at which a rule deletes a blob, counted from its creation or
// last change; one counted from the last access has no bound in age.
func expiry(rule *terraform.Value) aws.Answer[int] {
	blob := aws.Block(rule, "actions", "base_blob")
	for _, name := range []string{"delete_after_days_since_modification_greater_than", "delete_after_days_since_creation_greater_than"} {
		if v := blob.Get(name); !v.Unset() && v.Number != "-1" {
			return deletion(blob, name)
		}
	}
	return deletion(blob, "delete_after_days_since_modification_greater_than")
}

func deletion(block *terraform.Value, name string) aws.Answer[int] {
	if block.Kind == terraform.Unknown {
		return aws.Unknown[int](block)
	}
	days := aws.Int(block, -1, name)
	if days.Known() && days.Value < 0 {
		days.Value = fact.Unbounded
	}
	return days
}

// soonest applies a rule that may cover everything.
func soonest(now, days aws.Answer[int], covers aws.Answer[bool]) aws.Answer[int] {
	switch {
	case covers.Known() && !covers.Value, days.Known() && days.Value == fact.Unbounded:
		return now
	case now.Known() && now.Value != fact.Unbounded && days.Known() && days.Value >= now.Value:
		return now
	case !covers.Known():
		return aws.NotKnown[int](covers.Reason, covers.Pos)
	case !days.Known(), !now.Known():
		return aws.NotKnown[int](days.Reason+now.Reason, days.Pos)
	}
	return days
}

// first applies a rule that may touch something.
func first(now, days aws.Answer[int], touches aws.Answer[bool]) aws.Answer[int] {
	if touches.Known() && !touches.Value || days.Known() && days.Value == fact.Unbounded || !now.Known() {
		return now
	}
	switch {
	case !touches.Known():
		return aws.NotKnown[int](touches.Reason, touches.Pos)
	case !days.Known():
		return days
	case days.Value < now.Value:
		return days
	}
	return now
}

// HoldDays is how long a blob cannot be deleted by the account's own immutability
// policy, once it is locked. Policies of single containers are not counted.
func (a Account) HoldDays() aws.Answer[int] {
	at := aws.Block(a.Body, "immutability_policy")
	switch {
	case at.Kind == terraform.Unknown:
		return aws.Unknown[int](at)
	case at.Unset():
		return aws.Default(0, a.Pos)
	}
	state := aws.Text(at, "", "state")
	switch {
	case !state.Known():
		return aws.NotKnown[int](state.Reason, state.Pos)
	case state.Value == "Locked":
		return aws.Int(at, 0, "period_since_creation_in_days")
	}
	return aws.Declared(0, at.Pos)
}
