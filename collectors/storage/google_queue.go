package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// pubsub reads google_pubsub_topic. Messages rest where they are published,
// unless the topic names regions. They stay as long as the topic or one of its
// subscriptions keeps them; a subscription keeps them for seven days by default.
func (c *collection) pubsub(r *terraform.Resource) {
	const anywhere = "messages rest in the region they are published in: the topic names none"
	s := c.gcp(r.Address, "queue", "pubsub", r, aws.NotKnown[string](anywhere, r.Pos))
	s.name = aws.Text(r.Body, "", "name")
	policy := aws.Block(r.Body, "message_storage_policy")
	if policy.Kind == terraform.Unknown {
		s.region, s.country, s.replicas = aws.Unknown[string](policy), aws.Unknown[string](policy), aws.Unknown[[]string](policy)
	} else if !policy.Unset() {
		c.gcpStoredAt(s, aws.Texts(policy, "allowed_persistence_regions"))
	}
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "kms_key_name"))
	s.ttl = c.pubsubLife(r)
	open, by := aws.Default(false, r.Pos), []string{}
	for _, typ := range []string{"google_pubsub_topic_iam_member", "google_pubsub_topic_iam_binding", "google_pubsub_topic_iam_policy"} {
		for _, l := range c.google().Attached(r, typ, "topic") {
			for _, g := range c.google().Grants(l.Resource) {
				one := g.Public()
				if one.Known() && one.Value && l.Reason == "" {
					by = append(by, "grant "+g.ID)
				}
				if l.Reason != "" {
					one = aws.And(one, aws.NotKnown[bool](l.Reason, l.Pos))
				}
				open = aws.Or(open, one)
			}
		}
	}
	s.public, s.publicBy = open, aws.Then(open, func(bool) []string { return by })
}

// pubsubLife reads how long a message can stay in a topic.
func (c *collection) pubsubLife(r *terraform.Resource) aws.Answer[int] {
	own := aws.Default(0, r.Pos)
	if v := r.Body.Get("message_retention_duration"); !v.Unset() {
		own = google.Days(aws.Text(r.Body, "", "message_retention_duration"))
	}
	subscriptions := c.google().Attached(r, "google_pubsub_subscription", "topic")
	if len(subscriptions) == 0 {
		return aws.NotKnown[int]("subscriptions set it, and none of the topic is declared here", r.Pos)
	}
	for _, l := range subscriptions {
		one := google.Days(aws.Text(l.Body, "604800s", "message_retention_duration"))
		switch {
		case !own.Known():
			return own
		case l.Reason != "":
			return aws.NotKnown[int](l.Reason, l.Pos)
		case !one.Known() || one.Value > own.Value:
			own = one
		}
	}
	return own
}
