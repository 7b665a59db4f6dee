package logs

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureCategories lists the log categories, or groups of them, that are on.
func azureCategories(r *terraform.Resource) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	for _, name := range []string{"enabled_log", "log"} {
		list, reason := aws.Blocks(r.Body, name)
		if reason != "" {
			return aws.NotKnown[[]string](reason, r.Pos)
		}
		for _, b := range list {
			on := aws.Bool(b, true, "enabled")
			category := aws.Text(b, "", azure.Written(b, "category", "category_group"))
			switch {
			case !on.Known() || !category.Known():
				return aws.NotKnown[[]string](on.Reason+category.Reason, b.Pos)
			case on.Value && category.Value != "":
				out = aws.Union(out, aws.Declared([]string{category.Value}, b.Pos))
			}
		}
	}
	return out
}

// groups are those of categories that stand for every category that audits.
var groups = []string{"allLogs", "audit"}

// categoriesAbout gives the categories that all settings of one target take
// together: several settings are often made for one resource, each for a reader of
// its own. A setting whose target is not known may add some, unless a group takes
// all that audits already.
func (c *collection) categoriesAbout(s *source, own aws.Answer[[]string]) aws.Answer[[]string] {
	if !own.Known() || !s.of.Known() || slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(own.Value, g) }) {
		return own
	}
	all := own
	for _, one := range c.settingsOfAzure() {
		switch about := one.source; {
		case about.id == s.id:
		case !about.of.Known():
			all = aws.Union(all, aws.NotKnown[[]string]("whether "+about.id+" takes more of the target is not known: "+about.of.Reason, about.of.Pos))
		case about.of.Value != s.of.Value || about.product != s.product:
		case !one.counted:
			all = aws.Union(all, aws.NotKnown[[]string]("how many of "+about.id+" there are is not known", about.at))
		default:
			all = aws.Union(all, one.categories)
		}
	}
	return all
}

// azureSetting is one diagnostic setting.
type azureSetting struct {
	source     *source // its target
	categories aws.Answer[[]string]
	counted    bool
}

// settingsOfAzure lists the diagnostic settings of the root, read once.
func (c *collection) settingsOfAzure() []azureSetting {
	if c.azureSettings != nil {
		return c.azureSettings
	}
	c.azureSettings = []azureSetting{}
	for _, r := range c.x.OfType("azurerm_monitor_diagnostic_setting") {
		s := fromAzureSource(r.Address, "", "other", "diagnostic_setting", "unknown", r)
		c.target(s, r.Body.Get("target_resource_id"))
		c.azureSettings = append(c.azureSettings, azureSetting{s, azureCategories(r), r.KnownCount})
	}
	for _, r := range c.x.OfType("azurerm_monitor_aad_diagnostic_setting") {
		s := fromAzureSource(r.Address, "", "audit_trail", "entra_id", "security_audit", r)
		c.azureSettings = append(c.azureSettings, azureSetting{s, azureCategories(r), r.KnownCount})
	}
	return c.azureSettings
}
