// Any way of cutting both byte streams into reads gives the same bytes.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "session/session.h"
#include "session/session_test_kit.h"

namespace portway::session {
namespace {

struct Script {
  std::string client;
  std::string broker;
};

// Requests of all kinds that sessions tell apart, and their answers. Only answers that are
// rewritten at their front are among them: those with addresses at the end are padded when they
// are cut, which the tests of the rewriter cover.
Script make_script(const std::vector<int>& kinds) {
  Script script;
  int32_t id = 0;
  for (const int kind : kinds) {
    ++id;
    const std::string filler(static_cast<size_t>(id) * 37 % 300, 'f');
    switch (kind) {
      case 0:
        script.client += request(kafka::kMetadata, 1, id, std::string(4, '\0'));
        script.broker += response(
            id, metadata_body({{1, {"10.0.0.1", 1}}, {5, {"10.0.0.5", 5}}, {2, {"10.0.0.2", 2}}}) +
                    filler);
        break;
      case 1:
        script.client += produce_request(id, 0);
        break;
      case 2:
        script.client += produce_request(id, 1);
        script.broker += response(id, filler);
        break;
      default:
        script.client += request(2, 1, id, filler);
        script.broker += response(id, filler);
    }
  }
  return script;
}

struct Outcome {
  std::string to_broker;
  std::string to_client;
  bool operator==(const Outcome&) const = default;
};

// The client's bytes first, so that every answer finds its request; each side cut at `cuts`.
Outcome play(const Script& script, const std::vector<size_t>& client_cuts,
             const std::vector<size_t>& broker_cuts) {
  Policy policy;
  policy.requests_in_flight_max = 1'000'000;
  RecordingEnvironment environment;
  environment.places = {{1, {"one.example", 1}}, {2, {"a-much-longer-name.example", 65535}}};
  Session session(Session::Purpose::kServe, policy, environment);
  Outcome outcome;
  const auto in_pieces = [](const std::string& bytes, std::vector<size_t> cuts, auto feed) {
    for (size_t& cut : cuts) cut %= bytes.size() + 1;
    cuts.push_back(bytes.size());
    std::sort(cuts.begin(), cuts.end());
    size_t begin = 0;
    for (const size_t cut : cuts) {
      // A fresh copy: what the session keeps must not depend on the input living on.
      const std::string piece = bytes.substr(begin, cut - begin);
      feed(piece);
      begin = cut;
    }
  };
  in_pieces(script.client, client_cuts, [&](const std::string& piece) {
    Output to_broker;
    Output to_client;
    RC_ASSERT(session.on_client_bytes(piece, 0, to_broker, to_client).value() == piece.size());
    outcome.to_broker += to_broker.str();
  });
  in_pieces(script.broker, broker_cuts, [&](const std::string& piece) {
    Output to_broker;
    Output to_client;
    RC_ASSERT(session.on_broker_bytes(piece, 0, to_client, to_broker).has_value());
    outcome.to_client += to_client.str();
  });
  RC_ASSERT(session.quiet());
  return outcome;
}

RC_GTEST_PROP(SessionSplit, AnyCutGivesTheSameBytes, ()) {
  const auto kinds = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  const auto client_cuts = *rc::gen::container<std::vector<size_t>>(rc::gen::inRange(0, 5000));
  const auto broker_cuts = *rc::gen::container<std::vector<size_t>>(rc::gen::inRange(0, 5000));
  const Script script = make_script(kinds);
  const Outcome whole = play(script, {}, {});
  RC_ASSERT(whole.to_broker == script.client);
  RC_ASSERT(play(script, client_cuts, broker_cuts) == whole);
}

TEST(SessionSplit, ByteByByte) {
  const Script script = make_script({0, 1, 2, 3, 0, 1, 3, 3, 2, 0});
  std::vector<size_t> every;
  for (size_t i = 0; i < 10'000; ++i) every.push_back(i);
  EXPECT_EQ(play(script, every, every), play(script, {}, {}));
}

}  // namespace
}  // namespace portway::session
