#include "proxy/testing/fake_broker.h"

#include <algorithm>

#include "kafka/reader.h"
#include "kafka/writer.h"
#include "proxy/testing/pattern.h"
#include "proxy/testing/waiting.h"

namespace portway::proxy {
namespace {

constexpr int kBacklog = 1024;
constexpr size_t kHeadBytes = 8;
constexpr size_t kPieceBytes = 64 << 10;

bool is_data(int16_t key) { return key == kWho || key == kafka::kFetch || key == kafka::kProduce; }

}  // namespace

FakeBroker::FakeBroker(int32_t id, const std::string& ip, Members members)
    : id_(id),
      ip_(ip),
      members_(std::move(members)),
      reservation_(Socket::listen(ip, 0, -1, true)) {
  port_ = reservation_.local_port();
  start_accepting();
}

FakeBroker::~FakeBroker() { go_down(); }

void FakeBroker::start_accepting() {
  listener_ = Socket::listen(ip_, port_, kBacklog, true);
  accepting_ = true;
  acceptor_ = std::thread([this] { accept_all(); });
}

void FakeBroker::go_down() {
  accepting_ = false;
  listener_.interrupt(Interrupt::kBoth);
  if (acceptor_.joinable()) acceptor_.join();
  listener_.close();
  queue_.clear();
  end_connections(Interrupt::kBoth);
}

void FakeBroker::come_up() { start_accepting(); }

void FakeBroker::fall_silent() {
  go_down();
  // A backlog of nothing takes a connection or two; the kernel drops the SYN of any other.
  listener_ = Socket::listen(ip_, port_, 0, true);
  for (int i = 0; i < 4; ++i) queue_.push_back(Socket::begin_to_connect(ip_, port_));
}

void FakeBroker::accept_all() {
  while (true) {
    Socket accepted = listener_.accept();
    if (!accepted.open()) {
      if (!accepting_) return;
      continue;  // out of patience: nobody came
    }
    ++connections_;
    ++connections_open_;
    const std::lock_guard lock(mutex_);
    Peer& peer = peers_.emplace_back();
    peer.socket = std::move(accepted);
    peer.thread = std::thread([this, &peer] { serve(peer); });
  }
}

void FakeBroker::serve(Peer& peer) {
  bool authenticated = false;
  Request request;
  while (read_request(peer, request) && handle(peer, request, authenticated)) {
  }
  const std::lock_guard lock(mutex_);
  peer.gone = true;
  if (peer.reset) {
    peer.socket.reset();
  } else {
    peer.socket.close();
  }
  --connections_open_;
}

bool FakeBroker::read_request(Peer& peer, Request& into) {
  const std::string head = peer.socket.receive(4 + kHeadBytes);
  if (head.size() < 4 + kHeadBytes) return false;
  kafka::Reader reader(head);
  const int32_t size = reader.read_int32();
  into.key = reader.read_int16();
  into.version = reader.read_int16();
  into.correlation_id = reader.read_int32();
  into.body_bytes = static_cast<uint32_t>(size - static_cast<int32_t>(kHeadBytes));
  into.body.clear();
  if (into.key == kafka::kProduce) return true;
  into.body = peer.socket.receive(into.body_bytes);
  return into.body.size() == into.body_bytes;
}

bool FakeBroker::handle(Peer& peer, const Request& request, bool& authenticated) {
  const int32_t id = request.correlation_id;
  bool sasl = false;
  if (!is_data(request.key) &&
      !wait(peer, [](const Script& script) { return !script.metadata_held; })) {
    return false;
  }
  change([&sasl](const Script& script) { sasl = script.sasl; });
  if (request.key == kafka::kApiVersions) {
    return peer.socket.send_all(api_versions_answer(std::min<int16_t>(request.version, 3), id));
  }
  if (request.key == kafka::kSaslHandshake || request.key == kafka::kSaslAuthenticate) {
    authenticated |= request.key == kafka::kSaslAuthenticate;
    std::string content;
    kafka::write_int32(content, id);
    content.append(10, '\0');  // no error, and empty whatever follows
    return peer.socket.send_all(framed(content));
  }
  if (sasl && !authenticated) return false;
  if (request.key == kafka::kMetadata) {
    return peer.socket.send_all(metadata_answer(request.version, id, members_()));
  }
  return handle_data(peer, request);
}

bool FakeBroker::handle_data(Peer& peer, const Request& request) {
  ++data_requests_;
  bool good = true;
  int16_t acks = 1;
  if (request.key == kafka::kProduce && !take_records(peer, request, good, acks)) return false;
  if (acks == 0) return true;
  Script script;
  const bool go_on = wait(peer, [&script](Script& now) {
    if (now.answers_allowed == 0u) return false;
    if (now.answers_allowed) --*now.answers_allowed;
    script = now;
    return true;
  });
  if (!go_on) return false;
  if (script.instead) return peer.socket.send_all(*script.instead);
  const int32_t id = request.correlation_id + (script.shifted ? 1 : 0);
  if (request.key == kWho) return answer(peer, script, who_answer(id, id_), 0, "");
  if (request.key == kafka::kProduce) {
    return answer(peer, script, produce_answer(request.version, id, good, members_()), 0, "");
  }
  const ByteView size = ByteView(request.body).substr(request.body.size() - 4);
  const auto record_bytes = static_cast<uint32_t>(kafka::Reader(size).read_int32());
  const FetchAnswer fetched = fetch_answer(request.version, id, record_bytes, members_());
  return answer(peer, script, fetched.head, record_bytes, fetched.tail);
}

// Reads a Produce body to its end. `good`: its records are the pattern.
bool FakeBroker::take_records(Peer& peer, const Request& request, bool& good, int16_t& acks) {
  const size_t fields =
      produce_head(request.version, 0, 1, 0).size() - (4 + kHeadBytes);  // before the records
  const std::string before = peer.socket.receive(fields);
  if (before.size() < fields) return false;
  acks = kafka::Reader(ByteView(before).substr(fields - 2)).read_int16();  // the last of them
  if (!wait(peer, [](const Script& script) { return !script.reading_held; })) return false;
  Pattern pattern;
  std::vector<char> piece(kPieceBytes);
  for (size_t left = request.body_bytes - fields; left > 0;) {
    const size_t got = peer.socket.receive_some(piece.data(), std::min(left, piece.size()));
    if (got == 0) return false;
    pattern.check(ByteView(piece.data(), got));
    records_received_ += got;
    left -= got;
  }
  good = pattern.good();
  return true;
}

bool FakeBroker::answer(Peer& peer, const Script& script, ByteView head, uint32_t record_bytes,
                        ByteView tail) {
  size_t left = script.cut_after.value_or(SIZE_MAX);
  const auto send = [&](ByteView bytes) {
    const ByteView part = bytes.substr(0, left);
    left -= part.size();
    return peer.socket.send_all(part) && left > 0;
  };
  bool going_on = send(head);
  for (size_t sent = 0; going_on && sent < record_bytes;) {
    const ByteView piece = Pattern::at(sent, record_bytes - sent);
    going_on = send(piece);
    sent += piece.size();
  }
  going_on = going_on && send(tail);
  if (!going_on && left == 0 && script.cut_how == End::kReset) {
    const std::lock_guard lock(mutex_);
    peer.reset = true;
  }
  return going_on;
}

bool FakeBroker::wait(Peer& peer, const std::function<bool(Script&)>& may_go_on) {
  std::unique_lock lock(mutex_);
  bool go_on = false;
  changed_.wait(lock, [&] { return peer.reset || peer.gone || (go_on = may_go_on(script_)); });
  return go_on;
}

void FakeBroker::change(const std::function<void(Script&)>& how) {
  {
    const std::lock_guard lock(mutex_);
    how(script_);
  }
  changed_.notify_all();
}

void FakeBroker::allow_answers(uint64_t more) {
  change([more](Script& script) {
    script.answers_allowed = script.answers_allowed.value_or(0) + more;
  });
}
void FakeBroker::release_answers() {
  change([](Script& script) { script.answers_allowed.reset(); });
}
void FakeBroker::hold_metadata(bool held) {
  change([held](Script& script) { script.metadata_held = held; });
}
void FakeBroker::hold_reading(bool held) {
  change([held](Script& script) { script.reading_held = held; });
}
void FakeBroker::cut_answers(size_t after_bytes, End how) {
  change([after_bytes, how](Script& script) {
    script.cut_after = after_bytes;
    script.cut_how = how;
  });
}
void FakeBroker::answer_with(std::string bytes) {
  change([&bytes](Script& script) { script.instead = std::move(bytes); });
}
void FakeBroker::shift_correlation_ids(bool shifted) {
  change([shifted](Script& script) { script.shifted = shifted; });
}
void FakeBroker::demand_sasl(bool demanded) {
  change([demanded](Script& script) { script.sasl = demanded; });
}

void FakeBroker::reset_connections() { end_connections(Interrupt::kReceiving); }

void FakeBroker::end_connections(Interrupt how) {
  std::list<Peer> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(peers_);
    for (Peer& peer : ended) {
      if (peer.gone) continue;
      peer.reset = true;
      peer.socket.interrupt(how);
    }
  }
  changed_.notify_all();
  for (Peer& peer : ended) peer.thread.join();
}

}  // namespace portway::proxy
