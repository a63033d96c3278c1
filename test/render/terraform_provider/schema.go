package main

import (
	"encoding/json"
	"fmt"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The schema as `terraform providers schema -json` prints it.
type providerSchema struct {
	Resources   map[string]objectSchema `json:"resource_schemas"`
	DataSources map[string]objectSchema `json:"data_source_schemas"`
}

type objectSchema struct {
	Block block `json:"block"`
}

type block struct {
	Attributes map[string]attribute   `json:"attributes"`
	Blocks     map[string]nestedBlock `json:"block_types"`
}

type attribute struct {
	Type       json.RawMessage `json:"type"`
	Required   bool            `json:"required"`
	Optional   bool            `json:"optional"`
	Computed   bool            `json:"computed"`
	Deprecated bool            `json:"deprecated"`
}

type nestedBlock struct {
	Block    block  `json:"block"`
	Nesting  string `json:"nesting_mode"`
	ItemsMin int64  `json:"min_items"`
	ItemsMax int64  `json:"max_items"`
}

var nestings = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
}

// The schema is a file of this repository: what cannot be read of it is a mistake in it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// "string", or ["list", "string"], or ["object", {"name": "string"}].
func valueType(raw json.RawMessage) tftypes.Type {
	var word string
	if json.Unmarshal(raw, &word) == nil {
		return map[string]tftypes.Type{
			"string": tftypes.String, "number": tftypes.Number, "bool": tftypes.Bool}[word]
	}
	var pair [2]json.RawMessage
	must(json.Unmarshal(raw, &pair))
	must(json.Unmarshal(pair[0], &word))
	switch word {
	case "list":
		return tftypes.List{ElementType: valueType(pair[1])}
	case "set":
		return tftypes.Set{ElementType: valueType(pair[1])}
	case "map":
		return tftypes.Map{ElementType: valueType(pair[1])}
	case "object":
		var members map[string]json.RawMessage
		must(json.Unmarshal(pair[1], &members))
		types := map[string]tftypes.Type{}
		for name, member := range members {
			types[name] = valueType(member)
		}
		return tftypes.Object{AttributeTypes: types}
	}
	panic(fmt.Sprintf("unknown type %s", raw))
}

func sortedNames[V any](table map[string]V) []string {
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func protocolBlock(from block) *tfprotov5.SchemaBlock {
	to := &tfprotov5.SchemaBlock{}
	for _, name := range sortedNames(from.Attributes) {
		known := from.Attributes[name]
		to.Attributes = append(to.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: valueType(known.Type), Required: known.Required,
			Optional: known.Optional, Computed: known.Computed, Deprecated: known.Deprecated})
	}
	for _, name := range sortedNames(from.Blocks) {
		known := from.Blocks[name]
		to.BlockTypes = append(to.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: protocolBlock(known.Block), Nesting: nestings[known.Nesting],
			MinItems: known.ItemsMin, MaxItems: known.ItemsMax})
	}
	return to
}

func protocolSchemas(from map[string]objectSchema) map[string]*tfprotov5.Schema {
	to := map[string]*tfprotov5.Schema{}
	for name, known := range from {
		to[name] = &tfprotov5.Schema{Block: protocolBlock(known.Block)}
	}
	return to
}
