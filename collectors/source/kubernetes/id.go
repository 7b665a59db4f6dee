package kubernetes

import "strconv"

// IDs are the ids that are taken in a document.
type IDs map[string]bool

// Take returns an id that nobody has yet: the one given, else with a number behind
// it. The order of calls must be that of the files.
func (ids IDs) Take(id string) string { return ids.take(id, "~") }

func (ids IDs) take(id, mark string) string {
	free := id
	for n := 2; ids[free]; n++ {
		free = id + mark + strconv.Itoa(n)
	}
	ids[free] = true
	return free
}
