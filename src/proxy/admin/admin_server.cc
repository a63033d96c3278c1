#include "proxy/admin/admin_server.h"

#include <fmt/format.h>
#include <httplib.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "proxy/admin/admin_pages.h"
#include "proxy/admin/metric_table.h"

namespace portway::proxy {
namespace {

constexpr const char* kJsonType = "application/json";
constexpr const char* kHtmlType = "text/html; charset=utf-8";
constexpr const char* kTextType = "text/plain; charset=utf-8";

using Route = std::function<void(httplib::Response&)>;
using Routes = std::map<std::string, Route, std::less<>>;

void answer_liveness(httplib::Response& response) { response.set_content("OK\n", kTextType); }

void answer_readiness(const AdminSource& source, httplib::Response& response) {
  const ProxyStatus status = source.status();
  response.status = status.ready ? 200 : 503;
  response.set_content(readiness_json(status), kJsonType);
}

void answer_metrics(const AdminSource& source, httplib::Response& response) {
  const Scrape scrape = {.status = source.status(),
                         .workers = source.worker_metrics(),
                         .process = read_process_facts()};
  response.set_content(metrics_text(scrape), kMetricsContentType);
}

Routes make_routes(const AdminOptions& options, const AdminSource& source) {
  const Route metrics = [&source](auto& response) { answer_metrics(source, response); };
  Routes routes = {
      {"/livez", answer_liveness},
      {"/readyz", [&source](auto& response) { answer_readiness(source, response); }},
      {"/metrics", metrics},
      {"/status",
       [&source](auto& response) {
         response.set_content(status_json(source.status()), kJsonType);
       }},
      {"/", [&source](
                auto& response) { response.set_content(status_html(source.status()), kHtmlType); }},
  };
  if (!options.extra_health_path.empty()) {
    routes.emplace(options.extra_health_path, answer_liveness);
  }
  if (!options.extra_metrics_path.empty()) routes.emplace(options.extra_metrics_path, metrics);
  return routes;
}

void answer(const Routes& routes, const httplib::Request& request, httplib::Response& response) {
  response.set_header("Cache-Control", "no-store");
  const auto route = routes.find(request.path);
  if (route == routes.end()) {
    response.status = 404;
    response.set_content("no such page; there are /livez, /readyz, /metrics, /status and /\n",
                         kTextType);
  } else if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.set_header("Allow", "GET, HEAD");
    response.set_content("only GET and HEAD\n", kTextType);
  } else {
    response.status = 200;
    route->second(response);
  }
}

// The library's default would let two processes listen on the same port and share its requests.
void set_socket_options(socket_t socket) {
  const int on = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

// Threads begun while this lives take no signals: those are for the thread that waits for them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

class AdminServer::State {
 public:
  State(const AdminOptions& options, const AdminSource& source)
      : routes_(make_routes(options, source)) {
    server_.new_task_queue = [] { return new httplib::ThreadPool(kAdminThreads); };
    server_.set_keep_alive_max_count(1);
    server_.set_keep_alive_timeout(kAdminFirstByteTimeoutSeconds);
    server_.set_payload_max_length(kAdminBodyBytesMax);
    server_.set_read_timeout(kAdminReadTimeoutSeconds);
    server_.set_write_timeout(kAdminWriteTimeoutSeconds);
    server_.set_socket_options(set_socket_options);
    server_.set_pre_routing_handler([this](const auto& request, auto& response) {
      answer(routes_, request, response);
      return httplib::Server::HandlerResponse::Handled;
    });
  }

  ~State() {
    if (!thread_.joinable()) return;
    // stop() does nothing before the thread runs its loop, which it may not have reached yet.
    while (!server_.is_running() && !ended_.load()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  bool bind(const HostPort& address) {
    if (address.port != 0) {
      port_ = address.port;
      return server_.bind_to_port(address.host, address.port);
    }
    const int port = server_.bind_to_any_port(address.host);
    port_ = static_cast<uint16_t>(port);
    return port > 0;
  }

  void run() {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_.store(true);
    });
  }

  uint16_t port() const { return port_; }

 private:
  Routes routes_;
  httplib::Server server_;
  uint16_t port_ = 0;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

Result<std::unique_ptr<AdminServer>> AdminServer::start(const AdminOptions& options,
                                                        const AdminSource& source) {
  auto state = std::make_unique<State>(options, source);
  errno = 0;
  if (!state->bind(options.address)) {
    const std::string why =
        errno != 0 ? std::system_category().message(errno) : "not an address of this machine";
    return fail(Fault::kOperator, "admin_bind_failed",
                fmt::format("cannot listen on the admin address {}: {}; give serve.admin an "
                            "address of this machine and a free port",
                            to_string(options.address), why));
  }
  state->run();
  return std::unique_ptr<AdminServer>(new AdminServer(std::move(state)));
}

AdminServer::AdminServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

AdminServer::~AdminServer() = default;

uint16_t AdminServer::port() const { return state_->port(); }

}  // namespace portway::proxy
