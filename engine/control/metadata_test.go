package control

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The keys of METADATA are known in three places: the schema, which describes
// them, the list that misspelt ones are compared with, and what is read.
func TestMetadataKeys(t *testing.T) {
	var schema struct {
		Properties struct {
			Custom struct {
				Properties           map[string]map[string]any `json:"properties"`
				AdditionalProperties *bool                     `json:"additionalProperties"`
			} `json:"custom"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(metadataSchema, &schema); err != nil {
		t.Fatal(err)
	}
	custom := schema.Properties.Custom
	if custom.AdditionalProperties == nil || *custom.AdditionalProperties {
		t.Error("custom takes any key")
	}
	for name, p := range custom.Properties {
		if p["description"] == nil {
			t.Errorf("%s is not described", name)
		}
	}
	described := slices.Sorted(maps.Keys(custom.Properties))
	if diff := cmp.Diff(described, slices.Sorted(slices.Values(customKeys))); diff != "" {
		t.Errorf("keys (-metadata.json +customKeys):\n%s", diff)
	}
	var read []string
	fields := reflect.TypeOf(metadata{}.Custom)
	for i := range fields.NumField() {
		read = append(read, fields.Field(i).Tag.Get("json"))
	}
	slices.Sort(read)
	if diff := cmp.Diff(described, read); diff != "" {
		t.Errorf("keys (-metadata.json +read):\n%s", diff)
	}
}
