// A stand-in for the google provider, for machines that have none: terraform can validate, plan and
// apply what it knows the schema of, and nothing is made anywhere. VMs that data sources ask for are
// in the subnet and at the addresses that the environment says.
//
//	PORTWAY_GOOGLE_SCHEMA  the provider's schema: ../data/google_schema_subset.json
//	PORTWAY_VM_SUBNET      the subnet of every VM
//	PORTWAY_VM_ADDRESSES   {"NAME": "ADDRESS"}
package main

import (
	"context"
	"encoding/json"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Arguments that cannot be changed on what is there, as far as tests turn on it (the provider's
// documentation: "Changing this forces a new resource"; schemas do not say).
var replacing = map[string][]string{
	"google_compute_forwarding_rule": {"name", "network", "subnetwork", "backend_service",
		"all_ports", "ip_protocol", "ip_address"},
	"google_compute_instance":               {"name", "zone", "network_interface"},
	"google_compute_region_backend_service": {"name"},
	"google_compute_region_instance_group_manager": {"name", "base_instance_name",
		"distribution_policy_zones"},
	"google_compute_region_instance_template": {"name_prefix", "machine_type", "metadata",
		"metadata_startup_script", "tags", "disk", "network_interface", "service_account"},
	"google_compute_region_network_endpoint": {"region_network_endpoint_group", "instance", "port",
		"client_destination_port", "ip_address"},
	"google_compute_region_network_endpoint_group": {"name", "network", "subnetwork"},
}

// The rest of the protocol is never asked for; a call would stop the program.
type standIn struct {
	tfprotov5.ProviderServer
	schema providerSchema
}

func (s *standIn) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (
	*tfprotov5.GetProviderSchemaResponse, error) {
	place := func(name string) *tfprotov5.SchemaAttribute {
		return &tfprotov5.SchemaAttribute{Name: name, Type: tftypes.String, Optional: true}
	}
	return &tfprotov5.GetProviderSchemaResponse{
		Provider: &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{
			Attributes: []*tfprotov5.SchemaAttribute{place("project"), place("region")}}},
		ResourceSchemas:   protocolSchemas(s.schema.Resources),
		DataSourceSchemas: protocolSchemas(s.schema.DataSources),
	}, nil
}

func (s *standIn) GetResourceIdentitySchemas(context.Context,
	*tfprotov5.GetResourceIdentitySchemasRequest) (
	*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *standIn) PrepareProviderConfig(_ context.Context,
	request *tfprotov5.PrepareProviderConfigRequest) (
	*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: request.Config}, nil
}

func (s *standIn) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (
	*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (s *standIn) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (
	*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

// The one rule of the real provider that its schema leaves out and that modules run into.
func (s *standIn) ValidateResourceTypeConfig(_ context.Context,
	request *tfprotov5.ValidateResourceTypeConfigRequest) (
	*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	response := &tfprotov5.ValidateResourceTypeConfigResponse{}
	if request.TypeName != "google_compute_region_network_endpoint" {
		return response, nil
	}
	members := values{}
	config, err := request.Config.Unmarshal(s.resourceType(request.TypeName))
	if err != nil {
		return nil, err
	}
	must(config.As(&members))
	if members["ip_address"].IsNull() && members["fqdn"].IsNull() {
		response.Diagnostics = []*tfprotov5.Diagnostic{{
			Severity: tfprotov5.DiagnosticSeverityError,
			Summary:  "Missing required argument",
			Detail:   "one of ip_address, fqdn must be given"}}
	}
	return response, nil
}

func (s *standIn) UpgradeResourceState(_ context.Context,
	request *tfprotov5.UpgradeResourceStateRequest) (
	*tfprotov5.UpgradeResourceStateResponse, error) {
	kind := s.resourceType(request.TypeName)
	state, err := request.RawState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov5.NewDynamicValue(kind, state)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (s *standIn) ReadResource(_ context.Context, request *tfprotov5.ReadResourceRequest) (
	*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: request.CurrentState}, nil
}

func (s *standIn) PlanResourceChange(_ context.Context,
	request *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	kind := s.resourceType(request.TypeName)
	proposed, err := request.ProposedNewState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	prior, err := request.PriorState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	response := &tfprotov5.PlanResourceChangeResponse{}
	if !proposed.IsNull() && !prior.IsNull() {
		before, after := values{}, values{}
		must(prior.As(&before))
		must(proposed.As(&after))
		for _, name := range replacing[request.TypeName] {
			if !before[name].Equal(after[name]) {
				response.RequiresReplace = append(response.RequiresReplace,
					tftypes.NewAttributePath().WithAttributeName(name))
			}
		}
	}
	state, err := tfprotov5.NewDynamicValue(kind,
		planned(s.schema.Resources[request.TypeName].Block, proposed))
	response.PlannedState = &state
	return response, err
}

func (s *standIn) ApplyResourceChange(_ context.Context,
	request *tfprotov5.ApplyResourceChangeRequest) (
	*tfprotov5.ApplyResourceChangeResponse, error) {
	kind := s.resourceType(request.TypeName)
	plan, err := request.PlannedState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(kind,
		filledIn(request.TypeName, s.schema.Resources[request.TypeName].Block, plan))
	return &tfprotov5.ApplyResourceChangeResponse{NewState: &state}, err
}

func (s *standIn) ValidateDataSourceConfig(context.Context,
	*tfprotov5.ValidateDataSourceConfigRequest) (
	*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (s *standIn) ReadDataSource(_ context.Context, request *tfprotov5.ReadDataSourceRequest) (
	*tfprotov5.ReadDataSourceResponse, error) {
	schema := s.schema.DataSources[request.TypeName].Block
	kind := protocolBlock(schema).ValueType()
	config, err := request.Config.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	state := filledIn(request.TypeName, schema, planned(schema, config))
	if request.TypeName == "google_compute_instance" {
		state = withInterface(state)
	}
	read, err := tfprotov5.NewDynamicValue(kind, state)
	return &tfprotov5.ReadDataSourceResponse{State: &read}, err
}

// A VM with its one network interface.
func withInterface(vm tftypes.Value) tftypes.Value {
	addresses := map[string]string{}
	must(json.Unmarshal([]byte(os.Getenv("PORTWAY_VM_ADDRESSES")), &addresses))
	members := values{}
	must(vm.As(&members))
	list := members["network_interface"].Type().(tftypes.List)
	card := values{}
	for name, kind := range list.ElementType.(tftypes.Object).AttributeTypes {
		card[name] = tftypes.NewValue(kind, nil)
	}
	card["network_ip"] = tftypes.NewValue(tftypes.String, addresses[text(members, "name")])
	card["subnetwork"] = tftypes.NewValue(tftypes.String,
		apiAddress+"projects/p/regions/r/subnetworks/"+os.Getenv("PORTWAY_VM_SUBNET"))
	members["network_interface"] = tftypes.NewValue(list,
		[]tftypes.Value{tftypes.NewValue(list.ElementType, card)})
	return tftypes.NewValue(vm.Type(), members)
}

func (s *standIn) resourceType(name string) tftypes.Type {
	return protocolBlock(s.schema.Resources[name].Block).ValueType()
}

func main() {
	server := &standIn{}
	raw, err := os.ReadFile(os.Getenv("PORTWAY_GOOGLE_SCHEMA"))
	must(err)
	must(json.Unmarshal(raw, &server.schema))
	must(tf5server.Serve("registry.terraform.io/hashicorp/google",
		func() tfprotov5.ProviderServer { return server }))
}
