package ports

import "strings"

// engine is a database engine as the provider names it.
type engine struct {
	product string
	port    int
}

// engineOf returns the product and default port of an engine, by the default
// ports in the services' own references (Amazon RDS, Aurora, ElastiCache,
// MemoryDB user guides); ok is false for an engine not in the table.
func engineOf(name string) (engine, bool) {
	name = strings.ToLower(name)
	for _, e := range [...]struct {
		prefix string
		engine
	}{
		{"aurora-postgresql", engine{"postgres", 5432}},
		{"aurora-mysql", engine{"mysql", 3306}},
		{"aurora", engine{"mysql", 3306}},
		{"postgres", engine{"postgres", 5432}},
		{"mysql", engine{"mysql", 3306}},
		{"mariadb", engine{"mariadb", 3306}},
		{"oracle-", engine{"oracle", 1521}},
		{"custom-oracle-", engine{"oracle", 1521}},
		{"sqlserver-", engine{"sqlserver", 1433}},
		{"custom-sqlserver-", engine{"sqlserver", 1433}},
		{"db2-", engine{"db2", 50000}},
		{"docdb", engine{"mongodb", 27017}},
		{"neptune", engine{"neptune", 8182}},
		{"memcached", engine{"memcached", 11211}},
		{"redis", engine{"redis", 6379}},
		{"valkey", engine{"redis", 6379}},
	} {
		if name == e.prefix || strings.HasSuffix(e.prefix, "-") && strings.HasPrefix(name, e.prefix) {
			return e.engine, true
		}
	}
	return engine{}, false
}
