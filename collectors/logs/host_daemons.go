package logs

import "context"

// daemons reads what the servers of the machine write. Whatever keeps files is read
// before: a file that nothing keeps becomes a store without an end.
func (m *machine) daemons(ctx context.Context) {
	for _, read := range []func(*machine, context.Context){
		(*machine).nginx,
		(*machine).apache,
		(*machine).haproxy,
		(*machine).postgres,
	} {
		if ctx.Err() == nil {
			read(m, ctx)
		}
	}
}
