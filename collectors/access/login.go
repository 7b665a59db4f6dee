package access

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureLogin reads how one logs in to a Linux machine of Azure over SSH: by key, unless
// passwords are switched on. What is asked besides, and whether sessions are recorded,
// the machine itself decides.
func (c *collection) azureLogin(r *terraform.Resource) {
	settings, profile := r.Body, r.Body
	switch r.Type {
	case "azurerm_virtual_machine":
		settings, profile = aws.Block(r.Body, "os_profile_linux_config"), aws.Block(r.Body, "os_profile")
	case "azurerm_orchestrated_virtual_machine_scale_set":
		settings = aws.Block(r.Body, "os_profile", "linux_configuration")
		profile = settings
	}
	if settings.Unset() {
		return // of Windows, or of a disk that has its users
	}
	keysOnly := aws.Bool(settings, true, "disable_password_authentication")
	if settings.Kind == terraform.Unknown {
		keysOnly = aws.Unknown[bool](settings)
	} else if keysOnly.Default && r.Type == "azurerm_virtual_machine" {
		keysOnly = aws.NotKnown[bool]("disable_password_authentication is not written", settings.Pos)
	}
	user := aws.Text(profile, "", "admin_username")
	const inside = "the machine itself decides it"
	none := fact.Position{}
	item := c.b.Add(c.unique(r.Address+"/ssh"), "declared", r.Pos)
	item.Set("type", "login_path", none).Set("effect", "allow", none)
	aws.Then(user, func(name string) []string { return []string{name} }).Put(item, "principals")
	item.Set("actions", []any{"login"}, none).Set("resources", []any{r.Address}, none)
	item.Object("wildcards", r.Pos).Set("principal", false, none).Set("action", false, none).Set("resource", false, none)
	item.Set("conditions", []any{}, none).Set("restricted", false, none).Set("duties", []any{}, none).Set("both_duties", []any{}, none).Set("delegates", false, none)
	item.Set("sources", []any{}, none).Set("source_scope", "none", none)
	aws.Then(keysOnly, func(on bool) string {
		if on {
			return "publickey"
		}
		return "password"
	}).Put(item, "method")
	item.Gap("mfa", inside, r.Pos).Gap("recorded", inside, r.Pos)
	item.Set("reachable", true, none).Set("error", "", none).Set("store", []any{}, none)
}
