#include "plan/deployment.h"

#include <gtest/gtest.h>

#include <string>

#include "plan/init/examples.h"

namespace portway::plan {
namespace {

Spec example(std::string_view name) {
  auto spec = parse_spec(example_text(name), "portway.yaml");
  EXPECT_TRUE(spec) << spec.error().message;
  return *spec;
}

std::string ports_text(const std::vector<PortRange>& ranges) {
  std::string text;
  for (const PortRange& range : ranges) text += (text.empty() ? "" : ",") + to_string(range);
  return text;
}

TEST(PortRanges, AreSortedAndJoined) {
  EXPECT_EQ(ports_text(port_ranges({9095, 9093, 9094, 39092, 9093})), "9093-9095,39092");
  EXPECT_EQ(ports_text(port_ranges({65534, 65535})), "65534-65535");
  EXPECT_EQ(ports_text(port_ranges({})), "");
}

TEST(Deployment, MapsOnlyBrokersThatAreThere) {
  const Spec spec = example("method1");
  const Deployment deployment = make_deployment(spec);
  ASSERT_TRUE(deployment.port_mapping);
  EXPECT_FALSE(deployment.proxy);
  EXPECT_EQ(ports_text(deployment.port_mapping->client_ports), "9093-9095");
  ASSERT_EQ(deployment.port_mapping->places.size(), 3u);
  const BrokerPlace& place = deployment.port_mapping->places[1];
  EXPECT_EQ(place.client_port, 9094);
  EXPECT_EQ(place.vm_port, 39092);
  EXPECT_EQ(spec.cluster.nodes[place.node].instance, "broker-node2");
}

TEST(Deployment, ProxiesHaveTheWholeRange) {
  const Deployment deployment = make_deployment(example("two-projects-proxy"));
  ASSERT_TRUE(deployment.proxy);
  EXPECT_EQ(ports_text(deployment.proxy->client_ports), "9092-9155,9192-9255");
  EXPECT_EQ(deployment.proxy->consumers,
            (std::vector<Consumer>{{"tidbcloud-prod-000", 10}, {"tidbcloud-prod-001", 10}}));
}

TEST(Deployment, FirewallRulesAreExact) {
  const Deployment deployment = make_deployment(example("method1"));
  ASSERT_EQ(deployment.firewall_rules.size(), 3u);
  const FirewallRule& endpoint = deployment.firewall_rules[2];
  EXPECT_EQ(endpoint.name, "allow-psc-traffic");
  EXPECT_EQ(endpoint.sources, std::vector<std::string>{"10.100.0.0/26"});
  EXPECT_EQ(ports_text(endpoint.ports), "39092");
  EXPECT_EQ(ports_text(deployment.firewall_rules[0].ports), "9092,29092,39092");
}

TEST(Deployment, ClusterIdsDifferWithWhatMakesAClusterAnother) {
  Spec spec = example("existing-cluster");
  const std::string id = make_deployment(spec).cluster_id;
  EXPECT_EQ(id.size(), 22u);
  EXPECT_EQ(make_deployment(spec).cluster_id, id);
  spec.cluster.nodes.pop_back();  // a cluster that grows stays the same one
  EXPECT_EQ(make_deployment(spec).cluster_id, id);
  spec.cloud->project = "another-project";
  EXPECT_NE(make_deployment(spec).cluster_id, id);
}

TEST(BootstrapServers, AreOfDifferentZones) {
  Spec spec = example("method1");
  spec.cluster.nodes.push_back({4, "10.64.0.5", "us-west1-a", "broker-node4", true, false});
  spec.cluster.nodes[1].zone = "us-west1-a";
  std::vector<uint16_t> ports;
  for (const HostPort& server : bootstrap_servers(spec, 0)) ports.push_back(server.port);
  EXPECT_EQ(ports, (std::vector<uint16_t>{9093, 9094, 9095}));
  spec.cluster.nodes[2].zone = "us-west1-a";
  spec.cluster.nodes[3].zone = "us-west1-b";
  ports.clear();
  for (const HostPort& server : bootstrap_servers(spec, 0)) ports.push_back(server.port);
  EXPECT_EQ(ports, (std::vector<uint16_t>{9093, 9094, 9096}));
}

TEST(TidbCloudName, IsTakenApart) {
  const auto name = parse_tidb_cloud_name("b{id}.abc.us-west1.gcp.3199745.tidbcloud.com");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->label, "b{id}");
  EXPECT_EQ(name->unique, "abc");
  EXPECT_EQ(name->region, "us-west1");
  EXPECT_EQ(name->cloud, "gcp");
  EXPECT_EQ(name->number, "3199745");
  const auto aws = parse_tidb_cloud_name("b1.usw2-az1.abc.us-west-2.aws.3199015.tidbcloud.com");
  ASSERT_TRUE(aws);
  EXPECT_EQ(aws->az_id, "usw2-az1");
  EXPECT_EQ(aws->unique, "abc");
  const auto essential = parse_tidb_cloud_name("b1.use1-az1.dvs6.aws.plc.tidbcloud.com");
  ASSERT_TRUE(essential);
  EXPECT_EQ(essential->unique, "dvs6");
  EXPECT_EQ(essential->region, "");
}

TEST(TidbCloudName, RefusesWhatIsNone) {
  for (const char* text :
       {"", "tidbcloud.com", "b1.kafka.example.com",
        "b1.abc.us-west1.gcp.3199745.tidbcloud.com.com",
        "b1.ABC.us-west1.gcp.3199745.tidbcloud.com", "b1.abc.us-west1.other.3199745.tidbcloud.com",
        "b1.a.b.abc.us-west1.gcp.3199745.tidbcloud.com", "b1.abc.us-west1.gcp.x.tidbcloud.com",
        "abc.us-west1.gcp.3199745.tidbcloud.com"}) {
    EXPECT_FALSE(parse_tidb_cloud_name(text)) << text;
  }
}

}  // namespace
}  // namespace portway::plan
