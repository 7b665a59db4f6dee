// Package logrotate reads the configuration of logrotate as logrotate itself does
// (logrotate(8)), byte by byte: a mistake loses a line, a stanza or the rest of a
// file depending on where it stands, and that decides whether a log is ever rotated.
// The behaviour is that of 3.21, 3.22 and what follows it, found by reading and by
// asking the program; the tests compare both. Nothing is run here, and scripts are
// opaque.
package logrotate

import (
	"io/fs"

	"github.com/writ-policy/writ/engine/fact"
)

// Variant is a way in which one logrotate differs from another.
type Variant struct {
	// Version is the minor number of version 3: 21, 22, or 23 for what follows 3.22.
	// Older ones read sound configuration as 21 does.
	Version int
	// Locale says that names are sorted, and characters told, as in a locale of a
	// language rather than in the C locale.
	Locale bool
}

// Host is where configuration stands and what it is about. Names are absolute in the
// configuration and below the root of Files here.
type Host struct {
	Files fs.FS
	// Root is the user id that stands for root among the owners of Files.
	Root uint32
	// Home is root's home folder.
	Home string
	// User and Group look up a name or a number. Where known is false, whether there
	// is one cannot be told.
	User, Group func(name string) (exists, known bool)
}

// Config is what a main file and its includes come to.
type Config struct {
	// Stanzas are those that are carried out, in order.
	Stanzas []*Stanza
	// Skipped are those that logrotate gives up or does not read; Skipped of each says
	// why.
	Skipped  []*Stanza
	Problems []Problem
	Files    []string // that were read, without the leading slash
	// Opaque says why the whole is not known; "" if it is.
	Opaque string
}

// Problem is something that logrotate complains of, or silently leaves out.
type Problem struct {
	Pos    fact.Position
	Code   Code
	Detail string
	// Effect is what is lost.
	Effect Effect
}

// Code names a problem.
type Code string

// Problems of configuration files.
const (
	UnknownWord     Code = "unknown_word"
	NotSeparated    Code = "not_separated"
	BadLine         Code = "bad_line"
	NoArgument      Code = "no_argument"
	BadArgument     Code = "bad_argument"
	UnknownUser     Code = "unknown_user"
	UnknownGroup    Code = "unknown_group"
	BadNames        Code = "bad_names"
	NoBrace         Code = "no_brace"
	ExtraBrace      Code = "extra_brace"
	AfterBrace      Code = "after_brace"
	NestedName      Code = "nested_name"
	TabooInStanza   Code = "taboo_in_stanza"
	NoEndscript     Code = "no_endscript"
	Duplicate       Code = "duplicate"
	TooDeep         Code = "too_deep"
	NotFound        Code = "not_found"
	TooLarge        Code = "too_large"
	UnsafeMode      Code = "unsafe_mode"
	UnsafeOwner     Code = "unsafe_owner"
	NotRegular      Code = "not_regular"
	NoFolder        Code = "no_folder"
	IgnoredName     Code = "ignored_name"
	LongName        Code = "long_name"
	MissingBrace    Code = "missing_brace"
	CannotBeRead    Code = "cannot_be_read"
	DeprecatedWord  Code = "deprecated_word"
	StanzaGivenUp   Code = "stanza_given_up"
	IncludeGivenUp  Code = "include_given_up"
	DifferentDevice Code = "different_device"
)

// Effect is what a problem costs.
type Effect string

// Effects, from the least.
const (
	Nothing    Effect = ""
	LosesLine  Effect = "line"
	LosesName  Effect = "name"
	LosesBlock Effect = "stanza"
	LosesRest  Effect = "rest of the file"
	LosesFile  Effect = "file"
)

// Directive is a word that was set, and where.
type Directive struct {
	Pos  fact.Position
	Text string // word and value
}

// Stanza is a list of names and the settings in force for them.
type Stanza struct {
	Pos fact.Position
	// Pattern is the text before the brace as it stands there.
	Pattern string
	// Names are the patterns in it, Logs what they mean on the host.
	Names    []string
	Logs     []Log
	Settings Settings
	// Skipped says why logrotate leaves it out; nil if it does not.
	Skipped *Problem
	// Opaque says why what it does is not known; "" if it is.
	Opaque string
}

// Log is a file that a stanza rotates. One that does not exist has the name of its
// pattern.
type Log struct {
	Path, Pattern string
	Exists        bool
}

// Settings are the directives in force.
type Settings struct {
	// Criterion is size, minutes, hourly, daily, weekly, monthly or yearly.
	Criterion string
	// Weekday is 0 to 7, where 7 is none; Monthday 1 to 31, 0 is none.
	Weekday, Monthday uint32
	// Threshold is in bytes; MinSize and MaxSize are 0 where there is none.
	Threshold, MinSize, MaxSize int64
	Minutes                     uint32
	// Rotate is how many old logs are kept, -1 all. MaxAge and MinAge are in days, 0
	// where there is none.
	Rotate, MaxAge, MinAge, Start int32

	IfEmpty, MissingOK, IgnoreDuplicates, AllowHardlink bool
	Copy, CopyTruncate, RenameCopy                      bool
	Create, CreateOldDir, DateExt, Compress, Delay      bool
	SharedScripts, Shred                                bool

	DateFormat, OldDir, Mail string
	// CreateMode is -1 where new files get the mode of the old one.
	CreateMode           int32
	SuUser, SuGroup      string
	Su, suUser, suGroup  bool
	CreateUser, CreateGr string
	// Scripts are those in force, sorted: prerotate, postrotate, …
	Scripts []string

	By By
}

// By says where settings come from; nil where the default is in force.
type By struct {
	Criterion, Rotate, MaxAge, MinAge, MinSize, MaxSize, Empty *Directive
	DateExt, DateFormat, Copy, Create, Su                      *Directive
}

// defaults are those before any directive: logrotate without a word rotates at a
// mebibyte and keeps nothing.
func defaults() Settings {
	return Settings{Criterion: "size", Threshold: 1 << 20, Start: 1, IfEmpty: true, CreateMode: -1}
}
