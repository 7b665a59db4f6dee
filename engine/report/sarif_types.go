package report

// The part of SARIF 2.1.0 (OASIS, errata 01) that is written here. Members that
// the standard lets be absent are absent when empty.

type sarifDriver struct {
	Name                string              `json:"name"`
	Organization        string              `json:"organization,omitempty"`
	Version             string              `json:"version,omitempty"`
	SemanticVersion     string              `json:"semanticVersion,omitempty"`
	InformationURI      string              `json:"informationUri,omitempty"`
	ShortDescription    *sarifMessage       `json:"shortDescription,omitempty"`
	Rules               []sarifRule         `json:"rules,omitempty"`
	Notifications       []sarifRule         `json:"notifications,omitempty"`
	Taxa                []sarifRule         `json:"taxa,omitempty"`
	SupportedTaxonomies []sarifComponentRef `json:"supportedTaxonomies,omitempty"`
}

type sarifComponentRef struct {
	Name  string `json:"name"`
	Index int    `json:"index"`
}

// sarifRule is a reportingDescriptor.
type sarifRule struct {
	ID               string           `json:"id"`
	Name             string           `json:"name,omitempty"`
	ShortDescription *sarifMessage    `json:"shortDescription,omitempty"`
	FullDescription  *sarifMessage    `json:"fullDescription,omitempty"`
	Help             *sarifMessage    `json:"help,omitempty"`
	HelpURI          string           `json:"helpUri,omitempty"`
	Configuration    *sarifConfig     `json:"defaultConfiguration,omitempty"`
	Properties       *sarifProperties `json:"properties,omitempty"`
}

type sarifConfig struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags             []string `json:"tags,omitempty"`
	Precision        string   `json:"precision,omitempty"`
	SecuritySeverity string   `json:"security-severity,omitempty"`
}

// sarifMessage is a message or a multiformatMessageString.
type sarifMessage struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Kind         string             `json:"kind"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Baseline     string             `json:"baselineState,omitempty"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Taxa         []sarifRuleRef     `json:"taxa,omitempty"`
	Properties   map[string]string  `json:"properties"`
}

// sarifRuleRef is a reportingDescriptorReference.
type sarifRuleRef struct {
	ID        string             `json:"id"`
	Index     *int               `json:"index,omitempty"`
	Component *sarifComponentRef `json:"toolComponent,omitempty"`
}

type sarifSuppression struct {
	Kind          string         `json:"kind"`
	Status        string         `json:"status"`
	Justification string         `json:"justification,omitempty"`
	Location      *sarifLocation `json:"location,omitempty"`
}

type sarifLocation struct {
	ID       int            `json:"id,omitempty"`
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifMessage  `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
	Context  *sarifRegion  `json:"contextRegion,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int           `json:"startLine"`
	StartColumn int           `json:"startColumn,omitempty"`
	EndLine     int           `json:"endLine,omitempty"`
	Snippet     *sarifMessage `json:"snippet,omitempty"`
}

type sarifLogical struct {
	Name               string `json:"name"`
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifInvocation struct {
	Successful      bool                `json:"executionSuccessful"`
	ExitCode        int                 `json:"exitCode"`
	ExitDescription string              `json:"exitCodeDescription,omitempty"`
	Configuration   []sarifNotification `json:"toolConfigurationNotifications,omitempty"`
	Execution       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Descriptor sarifRuleRef    `json:"descriptor"`
	Rule       *sarifRuleRef   `json:"associatedRule,omitempty"`
	Level      string          `json:"level"`
	Message    sarifMessage    `json:"message"`
	Locations  []sarifLocation `json:"locations,omitempty"`
}
