// Clients that send half of something, nothing that is Kafka, or what they may not.

#include <gtest/gtest.h>

#include <random>

#include "kafka/reader.h"
#include "kafka/writer.h"
#include "proxy/testing/proxy_under_test.h"
#include "proxy/testing/test_client.h"

namespace portway::proxy {
namespace {

constexpr int16_t kDeleteTopics = 20;
constexpr int16_t kControlledShutdown = 7;

class ServerClientFaults : public testing::Test {
 protected:
  // Sends `bytes` as a client's first, and waits for the end. How many bytes came back.
  size_t speak(const ProxyUnderTest& proxy, ByteView bytes) {
    TestClient client(proxy.port(2));
    client.send(bytes);
    size_t got = 0;
    EXPECT_NE(client.socket.wait_for_end(&got), End::kTimeout);
    return got;
  }

  FakeCluster cluster_{{1, 2}};
  plan::Spec spec_ = make_spec(cluster_, {1, 2});
};

TEST_F(ServerClientFaults, AfterItsFinAClientStillGetsItsAnswers) {
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient client(proxy.port(2));
  const int32_t first = client.send_who();
  const int32_t second = client.send_who();
  client.socket.finish_sending();
  ASSERT_TRUE(wait_until([&] { return proxy.in_flight() == 2; }));
  cluster_.broker(2).release_answers();
  EXPECT_EQ(client.read_who(first), 2);
  EXPECT_EQ(client.read_who(second), 2);
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_TRUE(proxy.wait_connections(0));
}

TEST_F(ServerClientFaults, AFinInTheMiddleOfARequestEndsBothSides) {
  ProxyUnderTest proxy(spec_);
  for (const int16_t acks : {int16_t{0}, int16_t{1}}) {
    TestClient client(proxy.port(2));
    const int32_t id = client.send_who();
    client.send(produce_head(kPassedProduce, 7, acks, 1000) + "half of it");
    client.socket.finish_sending();
    EXPECT_EQ(client.read_who(id), 2) << "acks " << acks;
    EXPECT_EQ(client.socket.wait_for_end(), End::kFin) << "acks " << acks;
  }
  EXPECT_TRUE(proxy.wait_connections(0));
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).connections_open() == 0; }));
}

// Clients that give up on a request close; their connections must not add up behind a broker that
// never answers.
TEST_F(ServerClientFaults, AClientThatLeftIsNotWaitedForAsLongAsOneThatIsThere) {
  spec_.serve.idle_timeout_ms = 6'000;
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient stays(proxy.port(2));
  stays.send_who();
  TestClient leaves(proxy.port(2));
  leaves.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy.in_flight() == 2; }));
  leaves.socket.close();
  EXPECT_TRUE(proxy.wait_refusals(Refusal::kIdleTimeout));
  EXPECT_EQ(proxy.server().connections(), 1u);
}

TEST_F(ServerClientFaults, AResetWhileAResponseIsStreamingLetsTheBrokerGo) {
  ProxyUnderTest proxy(spec_);
  for (const int16_t version : {kPassedFetch, kRewrittenFetch}) {
    TestClient client(proxy.port(2));
    client.send_fetch(version, 64 << 20);
    EXPECT_EQ(client.socket.receive(1 << 20).size(), 1u << 20);
    client.socket.reset();
    EXPECT_TRUE(proxy.wait_connections(0));
    EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).connections_open() == 0; }));
  }
  EXPECT_EQ(proxy.in_flight(), 0u);
}

TEST_F(ServerClientFaults, AResetInTheMiddleOfARequestLetsTheBrokerGo) {
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  client.send(produce_head(kPassedProduce, 1, 1, 1 << 20) + "half of it");
  ASSERT_TRUE(wait_until([&] { return cluster_.broker(2).connections_open() == 1; }));
  client.socket.reset();
  EXPECT_TRUE(proxy.wait_connections(0));
  EXPECT_TRUE(wait_until([&] { return cluster_.broker(2).connections_open() == 0; }));
}

TEST_F(ServerClientFaults, OtherProtocolsAreNamedInTheLog) {
  ProxyUnderTest proxy(spec_);
  EXPECT_EQ(speak(proxy, "GET / HTTP/1.1\r\nHost: kafka\r\n\r\n"), 0u);
  EXPECT_TRUE(proxy.logged("client_refused", "an HTTP request"));
  EXPECT_EQ(speak(proxy, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)), 0u);
  EXPECT_TRUE(proxy.logged("client_refused", "a TLS handshake"));
  EXPECT_TRUE(proxy.logged("client_refused", "security.protocol"));
  EXPECT_EQ(proxy.refusals(Refusal::kForeignProtocol), 2u);
  EXPECT_EQ(cluster_.broker(2).connections(), 0u);
}

TEST_F(ServerClientFaults, SizesThatNoRequestHasAreRefused) {
  ProxyUnderTest proxy(spec_);
  EXPECT_EQ(speak(proxy, std::string("\xff\xff\xff\xff\0\x03\0\0", 8)), 0u);
  EXPECT_EQ(speak(proxy, std::string("\0\0\0\x07\0\x03\0\0\0\0\0", 11)), 0u);
  EXPECT_EQ(speak(proxy, std::string("\0\0\0\0", 4)), 0u);
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedRequest), 3u);
  EXPECT_EQ(speak(proxy, std::string("\x7f\xff\xff\xff\0\x03\0\0", 8)), 0u);
  EXPECT_EQ(proxy.refusals(Refusal::kRequestTooLarge), 1u);
  EXPECT_EQ(cluster_.broker(2).connections(), 0u);
}

TEST_F(ServerClientFaults, RandomBytesDoNoHarm) {
  spec_.serve.idle_timeout_ms = 200;  // some look like the beginning of a large request
  ProxyUnderTest proxy(spec_);
  const auto seed = static_cast<uint32_t>(testing::UnitTest::GetInstance()->random_seed());
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::minstd_rand random(seed + 1);
  for (int i = 0; i < 50; ++i) {
    std::string bytes(1 + random() % 500, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
    TestClient client(proxy.port(2));
    client.send(bytes);
    client.socket.finish_sending();
    EXPECT_NE(client.socket.wait_for_end(), End::kTimeout);
  }
  EXPECT_EQ(TestClient(proxy.port(2)).who(), 2);
  EXPECT_TRUE(proxy.wait_connections(0));
}

TEST_F(ServerClientFaults, AForbiddenRequestIsAnsweredInItsPlaceAmongTheOthers) {
  spec_.serve.forbidden_api_keys = {kDeleteTopics};
  ProxyUnderTest proxy(spec_);
  cluster_.broker(2).hold_answers();
  TestClient client(proxy.port(2));
  const int32_t first = client.send_who();
  std::string body;
  kafka::write_count(body, 1, false);
  kafka::write_string(body, "payments", false);
  kafka::write_int32(body, 1000);  // timeout
  const int32_t forbidden = client.next_correlation_id++;
  client.send(request(kDeleteTopics, 1, forbidden, body));
  const int32_t last = client.send_who();
  ASSERT_TRUE(wait_until([&] { return proxy.refusals(Refusal::kForbiddenApiKey) == 1; }));
  cluster_.broker(2).release_answers();
  EXPECT_EQ(client.read_who(first), 2);
  const auto refusal = client.read_frame();
  ASSERT_TRUE(refusal);
  kafka::Reader reader(*refusal);
  EXPECT_EQ(reader.read_int32(), forbidden);
  EXPECT_EQ(reader.read_int32(), 0);  // throttle time
  EXPECT_EQ(reader.read_count(false), 1u);
  EXPECT_EQ(reader.read_string(false), "payments");
  EXPECT_EQ(reader.read_int16(), 29);  // TOPIC_AUTHORIZATION_FAILED
  EXPECT_FALSE(reader.failed());
  EXPECT_EQ(client.read_who(last), 2);
  EXPECT_TRUE(proxy.logged("request_forbidden", "api=DeleteTopics"));
  EXPECT_TRUE(proxy.logged("request_forbidden", "client=127.0.0.1:"));
}

TEST_F(ServerClientFaults, AForbiddenRequestWithoutAnErrorInKafkaClosesAfterEarlierAnswers) {
  spec_.serve.forbidden_api_keys = {kControlledShutdown};
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2));
  EXPECT_EQ(client.who(), 2);
  const int32_t id = client.send_who();
  client.send(request(kControlledShutdown, 99, 50));
  EXPECT_EQ(client.read_who(id), 2);
  EXPECT_EQ(client.socket.wait_for_end(), End::kFin);
  EXPECT_EQ(proxy.refusals(Refusal::kForbiddenApiKey), 1u);
  EXPECT_EQ(proxy.refusals(Refusal::kMalformedResponse), 0u);
}

// Answers of Portway's own are held back like any other when nobody reads them.
TEST_F(ServerClientFaults, ForbiddenRequestsWhoseAnswersNobodyReadsAreReadNoFurther) {
  spec_.serve.forbidden_api_keys = {kWho};
  ProxyUnderTest proxy(spec_);
  TestClient client(proxy.port(2), "127.0.0.1", 4096);
  std::string batch;
  for (int i = 0; i < 1000; ++i) batch += request(kWho, 0, i);
  const timeval soon{0, 300'000};  // how long a send may find no room before it is taken for stuck
  ::setsockopt(client.socket.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  int sent = 0;
  while (sent < 5000 && client.send(batch)) ++sent;
  EXPECT_LT(sent, 5000) << "all of them were read";
  EXPECT_LT(proxy.refusals(Refusal::kForbiddenApiKey), 5'000'000u);
  client.socket.reset();
  EXPECT_TRUE(proxy.wait_connections(0));
}

}  // namespace
}  // namespace portway::proxy
