package ini

import (
	"path"
	"regexp"
)

// dialect is how a program reads INI.
type dialect struct {
	separators string // that end a key
	comment    byte   // begins a comment behind a value, 0 for none
	quotes     bool   // around a value are not part of it
	escapes    bool   // of a backslash
	flags      bool   // a key without a value is true
	includes   bool   // a line that begins with "!" includes files
	backslash  bool   // at the end of a line: the value goes on
	indented   bool   // deeper than its key: the value goes on
	loose      bool   // the program is not known
	expands    []string
}

var (
	mysqlName   = regexp.MustCompile(`(?:^|/)(?:\.?my(?:sqld?)?|mariadb|mysqld?_safe|50-\w+|\d\d-mysql\w*)\.(?:cnf|ini)$|(?:^|/)(?:mysql|mariadb)(?:\.conf)?(?:\.d)?/(?:.*/)?[^/]*\.cnf$`)
	phpName     = regexp.MustCompile(`(?:^|/)(?:php[\w.-]*\.ini|\.user\.ini|php-fpm\.conf)$|(?:^|/)php[\w.]*/(?:.*/)?[^/]+\.(?:ini|conf)$`)
	systemdName = regexp.MustCompile(`\.(?:service|socket|timer|mount|automount|target|path|slice|scope|swap|network|netdev|link|nspawn)$|(?:^|/)systemd/(?:.*/)?[^/]+\.conf$|\.(?:service|socket|timer|mount|slice)\.d/[^/]+\.conf$`)
	pythonName  = regexp.MustCompile(`^(?:setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|alembic\.ini|\.flake8|\.coveragerc|\.pypirc|airflow\.cfg)$`)
)

// dialectOf goes by the name of a file.
func dialectOf(source string) dialect {
	switch {
	case mysqlName.MatchString(source):
		return dialect{separators: "=", comment: '#', quotes: true, escapes: true, flags: true, includes: true}
	case phpName.MatchString(source):
		return dialect{separators: "=", comment: ';', quotes: true, expands: []string{"${"}}
	case systemdName.MatchString(source):
		return dialect{separators: "=", backslash: true}
	case pythonName.MatchString(path.Base(source)):
		return dialect{separators: "=:", indented: true, expands: []string{"%("}}
	}
	return dialect{separators: "=:", quotes: true, loose: true, expands: []string{"%(", "${"}}
}
