package logrotate

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// State reads a state file: when each log was rotated last, or seen for the first time.
// Times are in the zone that logrotate runs in. Where a line cannot be read, logrotate
// gives up, and so does this.
func State(data []byte, zone *time.Location) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if number == 1 {
			if line != "logrotate state -- version 1" && line != "logrotate state -- version 2" {
				return nil, errors.New("the first line of the state is not known")
			}
			continue
		}
		if line == "" {
			continue
		}
		list, ok := words(line)
		if !ok || len(list) != 2 {
			return nil, fmt.Errorf("line %d of the state cannot be read", number)
		}
		var year, month, day, hour, minute, second int
		if n, _ := fmt.Sscanf(list[1], "%d-%d-%d-%d:%d:%d", &year, &month, &day, &hour, &minute, &second); n < 3 {
			return nil, fmt.Errorf("line %d of the state has no date", number)
		}
		if year != 1900 && (year < 1970 || year > 2100) || month < 1 || month > 12 || day < 0 || day > 31 ||
			hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
			return nil, fmt.Errorf("line %d of the state has a bad date", number)
		}
		if year == 1900 {
			continue // never
		}
		out[unescaped(list[0])] = time.Date(year, time.Month(month), day, hour, minute, second, 0, zone)
	}
	if number == 0 {
		return out, nil
	}
	return out, nil
}

// unescaped undoes what logrotate writes for a line's end in a name.
func unescaped(name string) string {
	return strings.NewReplacer(`\n`, "\n", `\\`, `\`).Replace(name)
}
