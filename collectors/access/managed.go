package access

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// managedPolicies are policies of AWS whose reach is wide and simple to state.
// Source: AWS Managed Policy Reference Guide. Of all others the statements are
// not known here.
var managedPolicies = map[string]struct {
	actions []string
	negated bool
}{
	"AdministratorAccess":         {actions: []string{"*"}},
	"PowerUserAccess":             {actions: []string{"iam:*", "organizations:*", "account:*"}, negated: true},
	"AmazonS3FullAccess":          {actions: []string{"s3:*", "s3-object-lambda:*"}},
	"AmazonS3ReadOnlyAccess":      {actions: []string{"s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"}},
	"AmazonSQSFullAccess":         {actions: []string{"sqs:*"}},
	"AmazonKinesisFullAccess":     {actions: []string{"kinesis:*"}},
	"AmazonDynamoDBFullAccess_v2": {actions: []string{"dynamodb:*"}},
	"AmazonDynamoDBFullAccess":    {actions: []string{"dynamodb:*"}},
}

// attachment reads an attachment of a policy of AWS to identities. Those of
// policies in the root are part of the policy's own rules.
func (c *collection) attachment(r *terraform.Resource) {
	v := r.Body.Get("policy_arn")
	for _, l := range c.x.Named(v, "aws_iam_policy") {
		if l.Reason == "" {
			return
		}
	}
	who := aws.Declared([]string{}, r.Pos)
	for _, argument := range attachments[r.Type] {
		who = aws.Union(who, c.named(r.Body.Get(argument), "aws_iam_role", "aws_iam_user", "aws_iam_group"))
	}
	c.managed(r.Address, r, v, who)
}

// managed writes the rule of a managed policy.
func (c *collection) managed(id string, r *terraform.Resource, v *terraform.Value, who aws.Answer[[]string]) {
	if l := c.x.Named(v, "aws_iam_policy"); len(l) == 1 && l[0].Reason == "" {
		return
	}
	on := rule{resource: r, typ: "iam", at: at(v, r), identities: who, both: aws.Declared([]string{}, r.Pos)}
	name, ofAWS := "", false
	if v.Kind == terraform.String {
		_, name, ofAWS = strings.Cut(v.Text, ":aws:policy/")
		name = name[strings.LastIndex(name, "/")+1:]
	}
	if d := managedSource(c.x, v); d != "" {
		name, ofAWS = d, true
	}
	p, known := managedPolicies[name]
	if !ofAWS || !known {
		reason := "the statements of the policy are not in the root module"
		if v.Kind == terraform.Unknown {
			reason = v.Reason
		}
		c.opaque(c.unique(id), on, reason, aws.NotKnown[[]string](reason, on.at))
		return
	}
	s := aws.Statement{ID: name, Effect: aws.Declared("allow", on.at), Pos: on.at}
	s.Actions = part(p.actions, on.at)
	s.Actions.Negated = p.negated
	s.Resources = part([]string{"*"}, on.at)
	c.statement(c.unique(id+"/"+name), on, s, aws.Declared([]string{}, on.at))
}

// managedSource reads the name of a policy that a data source aws_iam_policy
// looks up.
func managedSource(x *aws.Index, v *terraform.Value) string {
	if !v.Direct || len(v.Refs) != 1 {
		return ""
	}
	d := x.Resource(v.Refs[0].Address)
	if d == nil || d.Mode != "data" || d.Type != "aws_iam_policy" {
		return ""
	}
	if name := aws.Text(d.Body, "", "name"); name.Known() && managedPolicies[name.Value].actions != nil {
		return name.Value
	}
	return ""
}

func part(texts []string, pos fact.Position) aws.Part {
	p := aws.Part{Pos: pos}
	for _, t := range texts {
		p.Values = append(p.Values, &terraform.Value{Kind: terraform.String, Text: t, Pos: pos})
	}
	return p
}
