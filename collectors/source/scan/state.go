package scan

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// state is the file that an interrupted scan goes on from: a line that says which
// scan it is, then a line for each piece that was finished. A scan that ends removes
// it. The nil state keeps nothing.
type state struct {
	file   *os.File
	name   string
	pieces map[string]piece
	begun  time.Time
}

type head struct {
	Scan      string    `json:"writ_scan"`
	Addresses []string  `json:"addresses"`
	Started   time.Time `json:"started"`
}

type piece struct {
	UDP     bool             `json:"udp"`
	From    int              `json:"from"`
	To      int              `json:"to"`
	Answers string           `json:"answers"` // runs: "2*8190 1*2"
	RTT     map[string]int64 `json:"rtt_ns"`
	Probes  map[string]Probes
	At      time.Time `json:"at"`
}

func (p piece) key() string { return fmt.Sprint(p.UDP, p.From, p.To) }

// maxStateAge is how long a state says what is open. One that is older is refused.
const maxStateAge = 24 * time.Hour

// resume opens the state file that the spec names; nil if it names none.
func (s *Sweep) resume() (*state, error) {
	if s.Spec.State == "" {
		return nil, nil
	}
	st := &state{name: s.Spec.State, pieces: map[string]piece{}}
	want := head{Scan: s.Spec.canonical(), Started: time.Now().UTC()}
	for _, a := range s.Addresses {
		want.Addresses = append(want.Addresses, a.Addr.String())
	}
	info, err := os.Lstat(st.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if st.file, err = os.OpenFile(st.name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err != nil {
			return nil, fmt.Errorf("write state: %w", err)
		}
		return st, st.line(want)
	case err != nil:
		return nil, fmt.Errorf("read state: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read state %s: not a regular file", st.name)
	}
	if st.file, err = os.OpenFile(st.name, os.O_RDWR, 0); err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	if err := st.read(want); err != nil {
		st.file.Close()
		return nil, fmt.Errorf("read state %s: %w", st.name, err)
	}
	s.Begun = st.begun
	return st, nil
}

// read takes the finished pieces. A last line that was cut off is written anew.
func (st *state) read(want head) error {
	lines := bufio.NewReader(st.file)
	var got head
	first, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(first, &got) != nil {
		return errors.New("it is no state of a scan")
	}
	if got.Scan != want.Scan || strings.Join(got.Addresses, " ") != strings.Join(want.Addresses, " ") {
		return fmt.Errorf("it is of another scan (%s); name another file", got.Scan)
	}
	if age := want.Started.Sub(got.Started); age > maxStateAge || age < 0 {
		return fmt.Errorf("it was begun at %s, too long ago to go on with; remove it", got.Started.Format(time.RFC3339))
	}
	st.begun = got.Started
	end := int64(len(first))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var p piece
		if json.Unmarshal(line, &p) != nil {
			break
		}
		st.pieces[p.key()] = p
		end += int64(len(line))
	}
	if err := st.file.Truncate(end); err != nil {
		return err
	}
	_, err = st.file.Seek(end, io.SeekStart)
	return err
}

func (st *state) line(v any) error {
	data, err := json.Marshal(v)
	if err == nil {
		_, err = st.file.Write(append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write state %s: %w", st.name, err)
	}
	return nil
}

func (st *state) close() {
	if st != nil {
		st.file.Close()
	}
}

func (st *state) remove() {
	if st != nil {
		os.Remove(st.name)
	}
}

// save notes a finished piece.
func (st *state) save(f *phase, from, to int) error {
	if st == nil {
		return nil
	}
	p := piece{UDP: f.udp, From: from, To: to, Answers: runs(f.answers[from:to]), RTT: map[string]int64{}, Probes: map[string]Probes{}, At: time.Now().UTC()}
	for pair, rtt := range f.rtts {
		if pair >= from && pair < to {
			p.RTT[strconv.Itoa(pair)] = int64(rtt)
		}
	}
	for i, c := range f.probes {
		p.Probes[strconv.Itoa(i)] = c
	}
	return st.line(p)
}

// restore takes a piece as it was found before.
func (st *state) restore(f *phase, from, to int) bool {
	if st == nil {
		return false
	}
	p, ok := st.pieces[piece{UDP: f.udp, From: from, To: to}.key()]
	if !ok {
		return false
	}
	answers, ok := unruns(p.Answers, to-from)
	if !ok {
		return false
	}
	copy(f.answers[from:to], answers)
	for k, rtt := range p.RTT {
		if pair, err := strconv.Atoi(k); err == nil && pair >= from && pair < to {
			f.rtts[pair] = time.Duration(rtt)
		}
	}
	for k, c := range p.Probes {
		if i, err := strconv.Atoi(k); err == nil && i >= 0 && i < len(f.probes) {
			f.probes[i] = c // of all pieces until then
		}
	}
	return true
}

func runs(answers []Answer) string {
	var b strings.Builder
	for i := 0; i < len(answers); {
		k := i
		for k < len(answers) && answers[k] == answers[i] {
			k++
		}
		fmt.Fprintf(&b, "%d*%d ", answers[i], k-i)
		i = k
	}
	return strings.TrimSpace(b.String())
}

func unruns(text string, n int) ([]Answer, bool) {
	var out []Answer
	for _, part := range strings.Fields(text) {
		code, count, _ := strings.Cut(part, "*")
		a, errA := strconv.Atoi(code)
		c, errC := strconv.Atoi(count)
		if errA != nil || errC != nil || a <= int(Unasked) || a > int(NotSent) || c < 1 || c > n-len(out) {
			return nil, false
		}
		for range c {
			out = append(out, Answer(a))
		}
	}
	return out, len(out) == n
}
