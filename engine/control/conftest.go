package control

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// conftestRule are the names by which conftest knows its rules.
var conftestRule = regexp.MustCompile(`^(deny|violation|warn)(_\w+)?$`)

// unasked refuses a package with rules that look as if they judged something,
// although nothing asks them: without a subject it is no control.
func unasked(f *file) []fact.Diagnostic {
	for _, r := range f.module.Rules {
		if name := ruleName(r); conftestRule.MatchString(name) {
			return []fact.Diagnostic{f.diagnose(r.Location, "rule that nothing asks",
				fmt.Sprintf("%s has %s but its METADATA names no subject, so it is no control", strings.TrimPrefix(f.module.Package.Path.String(), "data."), name),
				"add METADATA with custom.subject; policies of conftest are run by `writ conftest test`")}
		}
	}
	return nil
}
