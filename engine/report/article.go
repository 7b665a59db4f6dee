package report

import "strings"

// articleName says what a provision of Regulation (EU) 2016/679 is about, after its
// heading or, for a paragraph, in a few words of ours; "" if it is not in the table.
// A point or paragraph without a name of its own has its article's.
func articleName(id string) string {
	names := map[string]string{
		"5": "principles of processing", "5(1)(a)": "lawfulness, fairness, transparency", "5(1)(b)": "purpose limitation",
		"5(1)(c)": "data minimisation", "5(1)(d)": "accuracy", "5(1)(e)": "storage limitation", "5(1)(f)": "integrity and confidentiality",
		"5(2)": "accountability",
		"6":    "lawfulness of processing", "7": "conditions for consent", "8": "a child's consent", "9": "special categories of data",
		"10": "criminal convictions and offences", "11": "processing without identification",
		"12": "transparent information", "13": "information where data come from the person", "14": "information where data come from elsewhere",
		"15": "right of access", "16": "right to rectification", "17": "right to erasure", "18": "right to restriction",
		"19": "telling recipients of rectification or erasure", "20": "right to data portability", "21": "right to object",
		"22": "automated individual decisions", "24": "responsibility of the controller",
		"25": "data protection by design and by default", "25(1)": "data protection by design", "25(2)": "data protection by default",
		"26": "joint controllers", "27": "representatives of those outside the Union", "28": "processor", "28(3)": "contract with a processor",
		"29": "processing under authority", "30": "records of processing activities", "30(1)(f)": "time limits for erasure, on record",
		"30(1)(g)": "security measures, on record", "31": "cooperation with the supervisory authority",
		"32": "security of processing", "32(1)(a)": "pseudonymisation and encryption", "32(1)(b)": "confidentiality, integrity, availability, resilience",
		"32(1)(c)": "restoring availability and access", "32(1)(d)": "regular testing of measures", "32(2)": "a level of security that fits the risk",
		"32(4)": "persons act on instructions only", "33": "telling the authority of a breach", "33(5)": "breaches, on record",
		"34": "telling persons of a breach", "35": "impact assessment", "36": "prior consultation",
		"37": "naming a data protection officer", "38": "position of the data protection officer", "39": "tasks of the data protection officer",
		"44": "transfers to third countries", "45": "transfers under an adequacy decision", "46": "transfers under safeguards",
		"47": "binding corporate rules", "48": "transfers that Union law does not allow", "49": "derogations for transfers",
	}
	for {
		if name := names[id]; name != "" {
			return name
		}
		cut := strings.LastIndex(id, "(")
		if cut < 0 {
			return ""
		}
		id = id[:cut]
	}
}
