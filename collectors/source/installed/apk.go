package installed

// apk finds files in apk's database: stanzas of lines "K:value", of which P and V are
// name and version, F a folder and R a file in it.
func apk(data []byte, names map[string]string, owners map[string]Package) error {
	p := Package{Manager: "apk"}
	folder := ""
	number, bad := 0, 0
	eachLine(data, func(line []byte) {
		number++
		switch {
		case len(line) == 0:
			p, folder = Package{Manager: "apk"}, ""
			return
		case len(line) < 2 || line[1] != ':':
			bad = number
			return
		}
		value := string(line[2:])
		switch line[0] {
		case 'P':
			p.Name = value
		case 'V':
			p.Version = value
		case 'F':
			folder = value
		case 'R':
			name := "/" + folder + "/" + value
			if folder == "" {
				name = "/" + value
			}
			if f, ok := names[name]; ok {
				owners[f] = p
			}
		}
	})
	if bad > 0 {
		return errList("installed", bad)
	}
	return nil
}
