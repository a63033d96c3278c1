package main

import (
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type values = map[string]tftypes.Value

const apiAddress = "https://www.googleapis.com/compute/v1/"

// How Google names collections in ids, where something looks at it.
var collections = map[string]string{
	"google_compute_forwarding_rule":    "forwardingRules",
	"google_compute_instance":           "instances",
	"google_compute_network":            "networks",
	"google_compute_service_attachment": "serviceAttachments",
	"google_compute_subnetwork":         "subnetworks",
}

// Maps every attribute of an object and of the blocks in it.
func mapAttributes(schema block, value tftypes.Value,
	change func(string, attribute, tftypes.Value) tftypes.Value) tftypes.Value {
	if value.IsNull() || !value.IsKnown() {
		return value
	}
	members := values{}
	must(value.As(&members))
	changed := values{}
	for name, member := range members {
		if known, isAttribute := schema.Attributes[name]; isAttribute {
			changed[name] = change(name, known, member)
			continue
		}
		nested := schema.Blocks[name]
		if nested.Nesting == "single" || member.IsNull() || !member.IsKnown() {
			changed[name] = member
			continue
		}
		var items []tftypes.Value
		must(member.As(&items))
		for i := range items {
			items[i] = mapAttributes(nested.Block, items[i], change)
		}
		changed[name] = tftypes.NewValue(member.Type(), items)
	}
	return tftypes.NewValue(value.Type(), changed)
}

// What the provider fills in is not known before it is made.
func planned(schema block, value tftypes.Value) tftypes.Value {
	return mapAttributes(schema, value,
		func(_ string, known attribute, member tftypes.Value) tftypes.Value {
			if known.Computed && member.IsNull() {
				return tftypes.NewValue(member.Type(), tftypes.UnknownValue)
			}
			return member
		})
}

// Puts something into everything that is not known: what Google would say, where that is simple.
func filledIn(kind string, schema block, value tftypes.Value) tftypes.Value {
	if value.IsNull() {
		return value
	}
	top := values{}
	must(value.As(&top))
	id := identity(kind, top)
	return mapAttributes(schema, value,
		func(name string, _ attribute, member tftypes.Value) tftypes.Value {
			if member.IsKnown() {
				return member
			}
			return tftypes.NewValue(member.Type(), filling(name, id, top, member.Type()))
		})
}

func filling(name, id string, top values, kind tftypes.Type) any {
	switch {
	case kind.Is(tftypes.Number):
		return big.NewFloat(1)
	case kind.Is(tftypes.Bool):
		return false
	case kind.Is(tftypes.Map{}):
		return values{}
	case !kind.Is(tftypes.String):
		return []tftypes.Value{}
	}
	switch name {
	case "id":
		return id
	case "self_link":
		return apiAddress + id
	case "address", "ip_address", "network_ip":
		return "10.64.0.100"
	case "name":
		return text(top, "name_prefix") + "20261124"
	}
	return name
}

func identity(kind string, top values) string {
	scope := "global"
	if region := text(top, "region"); region != "" {
		scope = "regions/" + region
	} else if zone := text(top, "zone"); zone != "" {
		scope = "zones/" + zone
	}
	collection, isKnown := collections[kind]
	if !isKnown {
		collection = kind
	}
	return fmt.Sprintf("projects/%s/%s/%s/%s", text(top, "project"), scope, collection,
		text(top, "name"))
}

// A member that is a string; empty where it is not there or not known.
func text(members values, name string) string {
	var found string
	if member, isThere := members[name]; isThere && member.IsKnown() && !member.IsNull() {
		must(member.As(&found))
	}
	return found
}
