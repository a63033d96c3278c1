#include "session/session.h"

#include <gtest/gtest.h>

#include "session/session_test_kit.h"

namespace portway::session {
namespace {

constexpr int16_t kListOffsets = 2;
constexpr int16_t kDeleteTopics = 20;

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    environment_.places[1] = {"b1.outside.example", 9092};
    environment_.places[2] = {"b2.outside.example", 9093};
    restart(Session::Purpose::kServe);
  }

  void restart(Session::Purpose purpose) {
    session_ = std::make_unique<Session>(purpose, policy_, environment_);
  }

  // Both return what the other side gets; local answers and own requests are in `back_`.
  std::string client_sends(const std::string& bytes) {
    Output to_broker;
    Output to_client;
    const auto taken = session_->on_client_bytes(bytes, 0, to_broker, to_client);
    error_ = taken ? "" : taken.error().code;
    fault_ = taken ? Fault::kSelf : taken.error().fault;
    message_ = taken ? "" : taken.error().message;
    taken_ = taken.value_or(0);
    back_ = to_client.str();
    return to_broker.str();
  }
  std::string broker_sends(const std::string& bytes) {
    Output to_broker;
    Output to_client;
    const auto fed = session_->on_broker_bytes(bytes, 0, to_client, to_broker);
    error_ = fed ? "" : fed.error().code;
    fault_ = fed ? Fault::kSelf : fed.error().fault;
    back_ = to_broker.str();
    return to_client.str();
  }

  Policy policy_;
  RecordingEnvironment environment_;
  std::unique_ptr<Session> session_;
  std::string back_;
  std::string error_;
  std::string message_;
  Fault fault_ = Fault::kSelf;
  size_t taken_ = 0;
};

TEST_F(SessionTest, PassesWhatCarriesNoAddress) {
  const std::string ask = request(kListOffsets, 1, 7, "body");
  EXPECT_EQ(client_sends(ask), ask);
  EXPECT_FALSE(session_->quiet());
  EXPECT_EQ(broker_sends(response(7, "answer")), response(7, "answer"));
  EXPECT_TRUE(session_->quiet());
  EXPECT_EQ(environment_.requests, std::vector<int16_t>{kListOffsets});
  EXPECT_EQ(environment_.responses, std::vector<int16_t>{kListOffsets});
}

TEST_F(SessionTest, RewritesMetadata) {
  client_sends(request(kafka::kMetadata, 1, 1, std::string(4, '\0')));
  EXPECT_EQ(broker_sends(response(1, metadata_body({{1, {"10.0.0.1", 39092}}}))),
            response(1, metadata_body({{1, {"b1.outside.example", 9092}}})));
  EXPECT_EQ(environment_.seen.at(1), (HostPort{"10.0.0.1", 39092}));
}

TEST_F(SessionTest, RewritesMetadataWhoseHeadCameInPieces) {
  client_sends(request(kafka::kMetadata, 1, 1, std::string(4, '\0')));
  const std::string inside = response(1, metadata_body({{2, {"10.0.0.2", 39092}}}));
  std::string outside = broker_sends(inside.substr(0, 5));
  EXPECT_FALSE(session_->quiet());
  outside += broker_sends(inside.substr(5));
  EXPECT_EQ(outside, response(1, metadata_body({{2, {"b2.outside.example", 9093}}})));
}

TEST_F(SessionTest, LeavesOutBrokersWithoutAPlace) {
  client_sends(request(kafka::kMetadata, 1, 1, std::string(4, '\0')));
  const auto inside = metadata_body({{1, {"10.0.0.1", 1}}, {9, {"10.0.0.9", 1}}});
  EXPECT_EQ(broker_sends(response(1, inside)),
            response(1, metadata_body({{1, {"b1.outside.example", 9092}}})));
  EXPECT_EQ(environment_.brokers_left_out, std::vector<int32_t>{9});
}

TEST_F(SessionTest, WaitsForNoAnswerToAcksZero) {
  client_sends(produce_request(1, 0) + produce_request(2, -1));
  EXPECT_EQ(session_->requests_in_flight(), 1u);
  EXPECT_EQ(broker_sends(response(2, "ok")), response(2, "ok"));
  EXPECT_TRUE(session_->quiet());
}

TEST_F(SessionTest, TakesNoMoreThanMayBeInFlight) {
  policy_.requests_in_flight_max = 2;
  const std::string one = request(kListOffsets, 1, 1);
  const std::string all = one + request(kListOffsets, 1, 2) + request(kListOffsets, 1, 3);
  EXPECT_EQ(client_sends(all), all.substr(0, 2 * one.size()));
  EXPECT_EQ(taken_, 2 * one.size());
  EXPECT_FALSE(session_->takes_requests());
  broker_sends(response(1));
  EXPECT_TRUE(session_->takes_requests());
  EXPECT_EQ(client_sends(all.substr(taken_)), request(kListOffsets, 1, 3));
}

TEST_F(SessionTest, DrainsAtAFrameBoundary) {
  const std::string ask = request(kListOffsets, 1, 1, std::string(100, 'x'));
  std::string sent = client_sends(ask.substr(0, 50));
  session_->drain();
  sent += client_sends(ask.substr(50) + request(kListOffsets, 1, 2));
  EXPECT_EQ(sent, ask);
  EXPECT_EQ(taken_, ask.size() - 50);
  EXPECT_FALSE(session_->quiet());
  broker_sends(response(1));
  EXPECT_TRUE(session_->quiet());
}

TEST_F(SessionTest, AHeadThatIsNotForwardedDoesNotKeepADrain) {
  EXPECT_EQ(client_sends(request(kListOffsets, 1, 1).substr(0, 9)), "");
  session_->drain();
  EXPECT_TRUE(session_->quiet());
}

TEST_F(SessionTest, AnswersForbiddenRequestsInTheirTurn) {
  policy_.forbidden_api_keys.set(kDeleteTopics);
  std::string topics;
  kafka::write_count(topics, 1, false);
  kafka::write_string(topics, "precious", false);
  kafka::write_int32(topics, 1000);
  const std::string ask = request(kListOffsets, 1, 1);
  EXPECT_EQ(client_sends(ask + request(kDeleteTopics, 1, 2, topics)), ask);
  EXPECT_EQ(back_, "");
  const std::string answers = broker_sends(response(1, "x"));
  EXPECT_EQ(answers.substr(0, response(1, "x").size()), response(1, "x"));
  const std::string refusal = answers.substr(response(1, "x").size());
  EXPECT_EQ(refusal.substr(4, 4), std::string("\0\0\0\2", 4));
  EXPECT_NE(refusal.find("precious"), std::string::npos);
  EXPECT_EQ(environment_.forbidden, 1);
  EXPECT_EQ(session_->take_refused(), kDeleteTopics);
  EXPECT_EQ(session_->take_refused(), std::nullopt);
  EXPECT_TRUE(session_->quiet());
}

TEST_F(SessionTest, AnswersAForbiddenRequestAtOnceWhenNothingIsInFlight) {
  policy_.forbidden_api_keys.set(kDeleteTopics);
  std::string topics;
  kafka::write_count(topics, 0, false);
  kafka::write_int32(topics, 1000);
  EXPECT_EQ(client_sends(request(kDeleteTopics, 1, 2, topics)), "");
  EXPECT_NE(back_, "");
}

TEST_F(SessionTest, ClosesOnAForbiddenRequestWithoutAnAnswer) {
  policy_.forbidden_api_keys.set(200);
  client_sends(request(200, 0, 1));
  EXPECT_EQ(error_, "forbidden_api_key");
  EXPECT_EQ(environment_.forbidden, 1);
  EXPECT_EQ(session_->take_refused(), std::nullopt);
}

TEST_F(SessionTest, RefusesVersionsItCannotRewrite) {
  EXPECT_EQ(client_sends(request(kafka::kMetadata, 99, 1)), "");
  EXPECT_EQ(error_, "unsupported_version");
  EXPECT_NE(message_.find("Metadata"), std::string::npos);
  EXPECT_NE(message_.find("99"), std::string::npos);
}

TEST_F(SessionTest, RefusesWhatControllersAskAmongThemselves) {
  constexpr int16_t kVote = 52;
  EXPECT_EQ(client_sends(request(kVote, 1, 1)), "");
  EXPECT_EQ(error_, "unsupported_version");
  EXPECT_NE(message_.find("Vote"), std::string::npos);
  EXPECT_EQ(message_.find("32767"), std::string::npos);
}

TEST_F(SessionTest, NamesForeignProtocols) {
  client_sends("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(error_, "foreign_protocol");
  EXPECT_NE(message_.find("HTTP"), std::string::npos);
  restart(Session::Purpose::kServe);
  client_sends(std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8));
  EXPECT_EQ(error_, "foreign_protocol");
  EXPECT_NE(message_.find("TLS"), std::string::npos);
}

TEST_F(SessionTest, NamesForeignProtocolsWhateverTheLimit) {
  policy_.request_bytes_max = INT32_MAX;
  client_sends("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(error_, "foreign_protocol");
  restart(Session::Purpose::kServe);
  std::string large = request(kListOffsets, 1, 1);
  large.replace(0, 4, std::string("\x10\0\0\0", 4));  // 256 MiB
  EXPECT_EQ(client_sends(large), large);
}

TEST_F(SessionTest, RefusesSizesThatCannotBe) {
  for (const auto& [size, code] : std::vector<std::pair<std::string, std::string>>{
           {std::string("\xff\xff\xff\xff", 4), "malformed_request"},
           {std::string("\0\0\0\7", 4), "malformed_request"},
           {std::string("\x7f\xff\xff\xff", 4), "request_too_large"}}) {
    restart(Session::Purpose::kServe);
    EXPECT_EQ(client_sends(size), "");
    EXPECT_EQ(error_, code);
    EXPECT_EQ(fault_, Fault::kClient);
  }
}

TEST_F(SessionTest, RefusesAnswersThatCannotBe) {
  broker_sends(response(1));
  EXPECT_EQ(error_, "malformed_response");  // nobody asked
  restart(Session::Purpose::kServe);
  client_sends(request(kListOffsets, 1, 1));
  EXPECT_EQ(broker_sends(response(2, "of somebody else")), "");
  EXPECT_EQ(error_, "malformed_response");
  EXPECT_EQ(fault_, Fault::kBroker);
  restart(Session::Purpose::kServe);
  policy_.response_bytes_max = 100;
  client_sends(request(kListOffsets, 1, 1));
  broker_sends(response(1, std::string(97, 'x')));
  EXPECT_EQ(error_, "response_too_large");
}

TEST_F(SessionTest, SaysWhichBytesMayBeSpliced) {
  const std::string ask = request(kListOffsets, 1, 1, std::string(1000, 'x'));
  client_sends(ask.substr(0, 100));
  EXPECT_EQ(session_->opaque_client_bytes(), ask.size() - 100);
  session_->skip_client_bytes(static_cast<uint32_t>(ask.size() - 100));
  EXPECT_EQ(client_sends(request(kListOffsets, 1, 2)), request(kListOffsets, 1, 2));

  const std::string answer = response(1, std::string(500, 'y'));
  broker_sends(answer.substr(0, 108));
  EXPECT_EQ(session_->opaque_broker_bytes(), answer.size() - 108);
  Output to_client;
  session_->skip_broker_bytes(static_cast<uint32_t>(answer.size() - 108), to_client);
  EXPECT_EQ(session_->requests_in_flight(), 1u);
  EXPECT_EQ(broker_sends(response(2)), response(2));
}

// SaslHandshake v0 for `mechanism`, and the broker's answer with `error`.
std::string handshake(const std::string& mechanism) {
  std::string body;
  kafka::write_string(body, mechanism, false);
  return request(kafka::kSaslHandshake, 0, 1, body);
}
std::string handshake_answer(int16_t error) {
  std::string body;
  kafka::write_int16(body, error);
  kafka::write_int32(body, 0);
  return response(1, body);
}

TEST_F(SessionTest, PassesRawSaslTokensUntilARequestComes) {
  client_sends(handshake("PLAIN"));
  // The answer decides, in however many pieces it comes.
  const std::string answer = handshake_answer(0);
  std::string passed = broker_sends(answer.substr(0, 9));
  passed += broker_sends(answer.substr(9));
  EXPECT_EQ(passed, answer);
  const std::string token = framed(std::string("\0user\0secret", 12));
  EXPECT_EQ(client_sends(token), token);
  EXPECT_EQ(broker_sends(framed("")), framed(""));  // no correlation id
  EXPECT_TRUE(session_->quiet());
  const std::string empty = framed("");
  EXPECT_EQ(client_sends(empty), empty);
  EXPECT_EQ(broker_sends(framed("challenge")), framed("challenge"));
  const std::string ask = request(kListOffsets, 1, 2);
  EXPECT_EQ(client_sends(ask), ask);
  EXPECT_EQ(broker_sends(response(2, "x")), response(2, "x"));
  EXPECT_TRUE(session_->quiet());
}

TEST_F(SessionTest, TakesNothingBeforeTheAnswerToAHandshake) {
  const std::string ask = request(kafka::kMetadata, 1, 2, std::string(4, '\0'));
  EXPECT_EQ(client_sends(handshake("PLAIN") + ask), handshake("PLAIN"));
  EXPECT_FALSE(session_->takes_requests());
  broker_sends(handshake_answer(0));
  EXPECT_TRUE(session_->takes_requests());
}

// A listener without SASL answers the handshake with an error and goes on with requests.
TEST_F(SessionTest, ARefusedHandshakeIsFollowedByRequests) {
  constexpr int16_t kIllegalSaslState = 34;
  client_sends(handshake("PLAIN"));
  broker_sends(handshake_answer(kIllegalSaslState));
  client_sends(request(kafka::kMetadata, 1, 2, std::string(4, '\0')));
  EXPECT_EQ(broker_sends(response(2, metadata_body({{1, {"10.0.0.1", 39092}}}))),
            response(2, metadata_body({{1, {"b1.outside.example", 9092}}})));
}

TEST_F(SessionTest, ARequestIsNoTokenWhateverItsClientIdSays) {
  client_sends(handshake("PLAIN"));
  broker_sends(handshake_answer(0));
  std::string ask = request(kafka::kMetadata, 1, 2, std::string(4, '\0'));
  ask.replace(12, 2, "\xff\xfe");  // a length that brokers take for null
  client_sends(ask);
  EXPECT_EQ(broker_sends(response(2, metadata_body({{1, {"10.0.0.1", 39092}}}))),
            response(2, metadata_body({{1, {"b1.outside.example", 9092}}})));
}

// The last token of GSSAPI has no answer: the next answer is that to the first request.
TEST_F(SessionTest, AnswersAreReadAfterATokenWithoutAnAnswer) {
  client_sends(handshake("GSSAPI"));
  broker_sends(handshake_answer(0));
  for (const char* round : {"\x60\x82 context", "\x05\x04 wrapped"}) {
    const std::string token = framed(round);
    EXPECT_EQ(client_sends(token), token);
    if (round[0] == '\x60') broker_sends(framed("\x60\x82 reply"));
  }
  client_sends(request(kafka::kMetadata, 1, 2, std::string(4, '\0')));
  EXPECT_EQ(broker_sends(response(2, metadata_body({{1, {"10.0.0.1", 39092}}}))),
            response(2, metadata_body({{1, {"b1.outside.example", 9092}}})));
  EXPECT_TRUE(session_->quiet());
}

// One that came all the same would be taken for the answer to the request, and every later answer
// for that to the request after its own: Metadata for something that needs no rewriting.
TEST_F(SessionTest, ARequestIsNotTakenBeforeTheAnswersToTokens) {
  const std::string context = framed("\x60\x82 context");
  const std::string wrapped = framed("\x05\x04 wrapped");
  const std::string ask = request(kListOffsets, 1, 2);
  const std::string answer = handshake_answer(0);
  struct Case {
    const char* what;
    size_t answer_bytes;  // of that to the handshake
    std::string tokens;
    std::string token_answer;
  };
  for (const Case& c :
       {Case{"a mechanism that answers every token", answer.size(),
             framed("c=biws,r=nonce,p=proof"), ""},
        Case{"not the last token of GSSAPI", answer.size(), context + wrapped, ""},
        Case{"an answer that is not whole", answer.size(), wrapped,
             framed("\x60\x82 reply").substr(0, 6)},
        Case{"a size field that is not whole", answer.size(), wrapped,
             framed("\x60\x82 reply").substr(0, 1)},
        Case{"a handshake whose answer is not whole", answer.size() - 1, wrapped, ""}}) {
    SCOPED_TRACE(c.what);
    restart(Session::Purpose::kServe);
    client_sends(handshake("GSSAPI"));
    broker_sends(answer.substr(0, c.answer_bytes));
    EXPECT_EQ(client_sends(c.tokens), c.tokens);
    broker_sends(c.token_answer);
    EXPECT_EQ(client_sends(ask), "");
    EXPECT_EQ(error_, "malformed_request");
    EXPECT_EQ(fault_, Fault::kClient);
  }
}

// A client knows SCRAM's last answer before it comes, and may choose correlation ids that look so.
TEST_F(SessionTest, NoMetadataPassesUnreadAsTheAnswerToSomethingElse) {
  const int32_t id = kafka::parse_frame_size("v=ab");
  client_sends(handshake("SCRAM-SHA-256"));
  broker_sends(handshake_answer(0));
  client_sends(framed("c=biws,r=nonce,p=proof") + request(kListOffsets, 1, id) +
               request(kafka::kMetadata, 0, id, std::string(4, '\0')) +
               request(kListOffsets, 1, id));
  std::string passed;
  for (const std::string& answer : {framed("v=abcd"), response(id, std::string(8, '\0')),
                                    response(id, metadata_body({{1, {"10.0.0.1", 39092}}}))}) {
    passed += broker_sends(answer);
    if (!error_.empty()) break;
  }
  EXPECT_EQ(passed.find("10.0.0.1"), std::string::npos);
}

TEST_F(SessionTest, AWrongAnswerTakesNoAnswerBeforeItAlong) {
  client_sends(request(kListOffsets, 1, 1) + request(kafka::kMetadata, 1, 2, "none"));
  EXPECT_EQ(broker_sends(response(1, "fine") + response(2, "malformed")), response(1, "fine"));
  EXPECT_EQ(error_, "malformed_response");
}

TEST_F(SessionTest, OwnAnswersInWaitAreBounded) {
  policy_.forbidden_api_keys.set(kDeleteTopics);
  policy_.requests_in_flight_max = 1'000'000;
  client_sends(request(kListOffsets, 1, 1));  // never answered: what follows has to wait
  std::string topics;
  kafka::write_count(topics, 1000, false);
  for (int i = 0; i < 1000; ++i)
    kafka::write_string(topics, "a-topic-of-thirty-letters-or-so", false);
  kafka::write_int32(topics, 1000);
  int taken = 0;
  while (session_->takes_requests()) {
    client_sends(request(kDeleteTopics, 1, 2, topics));
    ASSERT_LT(++taken, 1000);
  }
  EXPECT_GT(taken, 1);
  broker_sends(response(1));
  EXPECT_TRUE(session_->takes_requests());
  EXPECT_TRUE(session_->quiet());
}

// Byte by byte, a request is looked at a few times only, and still decided when it is whole.
TEST_F(SessionTest, DecidesRequestsThatComeByteByByte) {
  const std::string ask = produce_request(1, -1);
  std::string sent;
  for (const char byte : ask) sent += client_sends(std::string(1, byte));
  EXPECT_EQ(sent, ask);
  EXPECT_EQ(session_->requests_in_flight(), 1u);
}

// ApiVersions v0 that offers Metadata 0 to 1.
std::string api_versions_body() {
  std::string body;
  kafka::write_int16(body, 0);
  kafka::write_count(body, 2, false);
  for (const int value : {3, 0, 1, 18, 0, 3}) {
    kafka::write_int16(body, static_cast<int16_t>(value));
  }
  return body;
}

TEST_F(SessionTest, LearnsOnAnAuthenticatedConnectionAndEnds) {
  restart(Session::Purpose::kLearn);
  const std::string authenticate = request(kafka::kSaslAuthenticate, 0, 1, "token");
  EXPECT_EQ(client_sends(authenticate), authenticate);
  EXPECT_EQ(client_sends(produce_request(2, 0)), "");  // never forwarded
  EXPECT_FALSE(session_->takes_requests());
  EXPECT_EQ(broker_sends(response(1, "fine")), response(1, "fine"));

  std::string asked = back_;
  EXPECT_EQ(asked.substr(4, 4), std::string("\0\x12\0\0", 4));  // ApiVersions v0
  EXPECT_EQ(broker_sends(framed(asked.substr(8, 4) + api_versions_body())), "");
  asked = back_;
  EXPECT_EQ(asked.substr(4, 4), std::string("\0\3\0\1", 4));  // Metadata v1
  EXPECT_EQ(broker_sends(framed(asked.substr(8, 4) + metadata_body({{4, {"10.0.0.4", 9092}}}))),
            "");
  EXPECT_EQ(error_, "");
  EXPECT_TRUE(session_->finished());
  EXPECT_EQ(environment_.learnt.at(4), (HostPort{"10.0.0.4", 9092}));
  EXPECT_EQ(environment_.lessons, 1);
}

TEST_F(SessionTest, QueueGrowsAndComesBack) {
  policy_.requests_in_flight_max = 1000;
  for (int i = 0; i < 100; ++i) client_sends(request(kListOffsets, 1, i));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(broker_sends(response(i)), response(i));
  EXPECT_TRUE(session_->quiet());
}

}  // namespace
}  // namespace portway::session
