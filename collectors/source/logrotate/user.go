package logrotate

import (
	"strconv"
	"strings"
)

// su reads the user and the group that rotate. What an earlier line set stays where
// one of them is left out.
func (r *reader) su(text string, set *Settings, begin int) {
	var user, group string
	if _, ok := r.modeOwner(text, "su", -1, begin, &user, &group); !ok {
		return
	}
	set.suUser, set.suGroup = set.suUser || user != "", set.suGroup || group != ""
	if user != "" {
		set.SuUser = user
	}
	if group != "" {
		set.SuGroup = group
	}
	switch {
	case !set.suUser:
		r.raise(begin, NoArgument, "su without a user")
	case !set.suGroup:
		r.raise(begin, NoArgument, "su without a group")
	default:
		set.Su = true
	}
}

// modeOwner reads "[mode] [user [group]]"; of su there is no mode. It returns the mode,
// which without one is what it was.
func (r *reader) modeOwner(text, word string, mode int32, begin int, user, group *string) (int32, bool) {
	var u, g string
	var ok bool
	if r.l.variant.Version < 22 {
		mode, u, g, ok = scanned(text, word == "su", mode)
	} else if mode, u, g, ok = quoted(text, word == "su", mode); !ok {
		r.raise(begin, BadArgument, "the arguments of "+word+" cannot be read")
		return mode, false
	}
	if !ok {
		r.raise(begin, BadArgument, "too many arguments of "+word)
		return mode, false
	}
	if u != "" && !r.exists(u, "user", r.l.host.User, begin) || g != "" && !r.exists(g, "group", r.l.host.Group, begin) {
		return mode, false
	}
	if user != nil {
		*user, *group = u, g
	}
	return mode, true
}

// exists looks up a name; one that cannot be looked up makes the stanza opaque.
func (r *reader) exists(name, what string, find func(string) (bool, bool), begin int) bool {
	bare, force := strings.CutPrefix(name, ":")
	if force && r.l.variant.Version >= 23 {
		if n, err := strconv.ParseUint(bare, 10, 31); err == nil && n < 1<<31-1 {
			return true
		}
	}
	is, known := find(name)
	if !known {
		why := "whether the " + what + " " + shortened(name) + " exists is not known (" + r.pos(begin).String() + ")"
		if r.stanza != nil {
			r.stanza.Opaque = why
		} else {
			r.l.opaque(why)
		}
		return true
	}
	if !is {
		code := UnknownUser
		if what == "group" {
			code = UnknownGroup
		}
		r.raise(begin, code, "there is no "+what+" "+shortened(name))
	}
	return is
}

// scanned reads them as 3.21 does: a mode is as many octal digits as there are, and
// what follows them a user.
func scanned(text string, su bool, before int32) (mode int32, user, group string, ok bool) {
	mode = before
	rest := text
	if !su {
		s := strings.TrimLeft(text, " \t\n\v\f\r")
		negative := strings.HasPrefix(s, "-")
		if negative || strings.HasPrefix(s, "+") {
			s = s[1:]
		}
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		if n > 0 {
			v, err := strconv.ParseUint(s[:n], 8, 64)
			if negative && err == nil {
				v = -v
			}
			mode, rest = int32(uint16(v)), s[n:]
		}
	}
	parts := [3]string{}
	for i := range parts {
		rest = strings.TrimLeft(rest, " \t\n\v\f\r")
		n := 0
		for n < len(rest) && !space(rest[n]) && (n < 199 || i == 2) {
			n++
		}
		parts[i], rest = rest[:n], rest[n:]
		if i == 1 && rest != "" {
			return mode, "", "", false
		}
	}
	return mode, parts[0], parts[1], true
}

// quoted reads them as 3.22 does: words that may be quoted, of which two are a user and
// a group.
func quoted(text string, su bool, before int32) (mode int32, user, group string, ok bool) {
	mode = before
	var val []string
	rest := strings.TrimLeft(text, " \t\n\v\f\r")
	for rest != "" {
		if len(val) == 3 {
			return mode, "", "", false
		}
		rest = strings.TrimLeft(rest, " \t\n\v\f\r")
		word := rest
		if q := rest[0]; q == '"' || q == '\'' {
			end := strings.IndexByte(rest[1:], q)
			if end < 0 {
				return mode, "", "", false
			}
			word, rest = rest[1:end+1], rest[end+2:]
		} else {
			n := 0
			for n < len(rest) && !space(rest[n]) {
				n++
			}
			word, rest = rest[:n], rest[n:]
		}
		val = append(val, word)
	}
	switch {
	case len(val) == 0:
		return mode, "", "", true
	case su && len(val) > 2:
		return mode, "", "", false
	case su && len(val) == 1:
		return mode, val[0], "", true
	case len(val) == 2:
		return mode, val[0], val[1], true
	case len(val) == 3:
		user, group = val[1], val[2]
	}
	n, err := strconv.ParseInt(val[0], 8, 32)
	if err != nil || n < 0 || n == 1<<31-1 {
		return mode, "", "", false
	}
	return int32(n), user, group, true
}
