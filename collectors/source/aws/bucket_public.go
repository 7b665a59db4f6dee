package aws

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Access is what a bucket's settings say about access by anyone.
type Access struct {
	// Public is true if an access list or policy admits anyone and no block
	// overrules it.
	Public Answer[bool]
	// By names the settings that admit anyone, overruled or not.
	By Answer[[]string]
	// Block is full, partial, off or default.
	Block Answer[string]
}

// blockSettings are the four settings of Block Public Access. Only the last two
// work on what is already there; the first two refuse new public settings.
var blockSettings = []string{"block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"}

// Access judges the bucket's access list, its policy and the blocks of bucket
// and account. Where no block is declared, S3 sets a full one on buckets made
// since April 2023, but what the configuration itself opens stays open here: it
// was written to open the bucket.
func (b Bucket) Access() Access {
	blocks, declared := b.blocks()
	list, listBy := b.openList()
	policy, policyBy := b.openPolicy()
	ignore, restrict := blocks[2], blocks[3]
	a := Access{
		Public: Or(And(list, Not(ignore)), And(policy, Not(restrict))),
		By:     Union(listBy, policyBy),
		Block:  Default("default", b.Pos),
	}
	if !declared {
		return a
	}
	on, at := 0, b.Pos
	for _, one := range blocks {
		if !one.Known() {
			a.Block = NotKnown[string](one.Reason, one.Pos)
			return a
		}
		if one.Value {
			on++
		}
		if !one.Default {
			at = one.Pos
		}
	}
	switch on {
	case len(blocks):
		a.Block = Declared("full", at)
	case 0:
		a.Block = Declared("off", at)
	default:
		a.Block = Declared("partial", at)
	}
	return a
}

// blocks returns the effective block settings, each on if the bucket's or the
// account's is, and whether any block is declared.
func (b Bucket) blocks() ([]Answer[bool], bool) {
	out := make([]Answer[bool], len(blockSettings))
	for i := range out {
		out[i] = Default(false, b.Pos)
	}
	own, reason := Only(b.x.Attached(b.Resource, "aws_s3_bucket_public_access_block", "bucket"))
	if reason != "" {
		for i := range out {
			out[i] = NotKnown[bool](reason, b.Pos)
		}
	}
	declared := own != nil || reason != ""
	if own != nil {
		for i, name := range blockSettings {
			out[i] = Bool(own.Body, false, name)
		}
	}
	for _, account := range b.x.OfType("aws_s3_account_public_access_block") {
		declared = true
		for i, name := range blockSettings {
			one := Bool(account.Body, false, name)
			switch {
			case !account.KnownCount:
				one = Or(Declared(false, account.Pos), NotKnown[bool](countReason(account), account.Pos))
			case !account.Body.Get("account_id").Unset() || !SameProvider(account, b.Resource):
				one = And(one, NotKnown[bool](account.Address+": whether it is the bucket's account is not known", account.Pos))
			}
			out[i] = Or(out[i], one)
		}
	}
	return out, declared
}

// openLists are the canned access lists that admit people without an account or
// with any account. Source: S3 User Guide, "Canned ACL".
var openLists = []string{"public-read", "public-read-write", "authenticated-read"}

var closedLists = []string{"", "private", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write"}

// openList judges the bucket's access control list. Where the bucket owner owns
// every object, lists are switched off.
func (b Bucket) openList() (Answer[bool], Answer[[]string]) {
	owner := b.setting("aws_s3_bucket_ownership_controls")
	enforced := Declared(false, b.Pos)
	switch {
	case owner.Kind == terraform.Unknown:
		enforced = Unknown[bool](owner)
	case !owner.Unset():
		rule := Block(owner, "rule")
		enforced = Then(Text(rule, "", "object_ownership"), func(s string) bool { return s == "BucketOwnerEnforced" })
	}
	at, blocks := b.Body, "grant"
	own, reason := Only(b.x.Attached(b.Resource, "aws_s3_bucket_acl", "bucket"))
	if reason != "" {
		open := And(NotKnown[bool](reason, b.Pos), Not(enforced))
		return open, gapUnless(open, []string{})
	}
	if own != nil {
		at = own.Body
	}
	canned := Text(at, "", "acl")
	open, by := judgeCanned(canned)
	var grants []*terraform.Value
	if own != nil {
		list := Block(at, "access_control_policy")
		if list.Kind == terraform.Unknown {
			open = Or(open, Unknown[bool](list))
		}
		grants, reason = Blocks(list, "grant")
	} else {
		grants, reason = Blocks(at, blocks)
	}
	if reason != "" {
		open = Or(open, NotKnown[bool](reason, at.Pos))
	}
	for _, g := range grants {
		group := Text(g, "", "uri")
		if own != nil {
			group = Text(Block(g, "grantee"), "", "uri")
		}
		one := Then(group, func(uri string) bool {
			return strings.HasSuffix(uri, "/global/AllUsers") || strings.HasSuffix(uri, "/global/AuthenticatedUsers")
		})
		if one.Known() && one.Value {
			by = append(by, "acl grant "+group.Value[strings.LastIndex(group.Value, "/")+1:])
		}
		open = Or(open, one)
	}
	open = And(open, Not(enforced))
	return open, gapUnless(open, by)
}

func judgeCanned(list Answer[string]) (Answer[bool], []string) {
	switch {
	case !list.Known():
		return NotKnown[bool](list.Reason, list.Pos), nil
	case slices.Contains(openLists, list.Value):
		return Declared(true, list.Pos), []string{"acl " + list.Value}
	case slices.Contains(closedLists, list.Value):
		return Answer[bool]{Default: list.Default, Pos: list.Pos}, nil
	}
	return NotKnown[bool]("access list "+list.Value+" is not in the table", list.Pos), nil
}

// openPolicy judges every policy attached to the bucket.
func (b Bucket) openPolicy() (Answer[bool], Answer[[]string]) {
	open, by := Default(false, b.Pos), []string{}
	judge := func(v *terraform.Value) {
		one, ids := b.x.ReadPolicy(v).Public()
		for _, id := range ids {
			by = append(by, "policy statement "+id)
		}
		open = Or(open, one)
	}
	if inline := b.Body.Get("policy"); !inline.Unset() {
		judge(inline)
	}
	for _, l := range b.x.Attached(b.Resource, "aws_s3_bucket_policy", "bucket") {
		if l.Reason == "" {
			judge(l.Body.Get("policy"))
			continue
		}
		one, _ := b.x.ReadPolicy(l.Body.Get("policy")).Public()
		open = Or(open, And(one, NotKnown[bool](l.Reason, l.Pos)))
	}
	return open, gapUnless(open, by)
}

// gapUnless gives the list of what opens the bucket: it is whole only if it is
// known whether anything does.
func gapUnless(open Answer[bool], by []string) Answer[[]string] {
	if !open.Known() {
		return NotKnown[[]string](open.Reason, open.Pos)
	}
	if by == nil || !open.Value {
		by = []string{}
	}
	return Answer[[]string]{Value: by, Default: open.Default, Pos: open.Pos}
}
