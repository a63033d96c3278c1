#include "app/interview.h"

#include <fmt/format.h>

#include <functional>

#include "plan/deployment.h"
#include "plan/values.h"

namespace portway::app {
namespace {

// Empty: the answer will do; else what is wrong with it.
using Judge = std::function<std::string(const std::string& answer)>;

std::string anything(const std::string&) { return ""; }

class Interview {
 public:
  Interview(std::istream& answers, std::ostream& questions)
      : answers_(answers), questions_(questions) {}

  // False at the end of the input. `fallback` is a copy: it is often what `answer` held before.
  bool ask(const std::string& question, const std::string fallback, const Judge& judge,
           std::string& answer) {
    while (true) {
      questions_ << question << (fallback.empty() ? "" : fmt::format(" [{}]", fallback)) << ": "
                 << std::flush;
      if (!std::getline(answers_, answer)) return false;
      if (answer.empty()) answer = fallback;
      const std::string wrong = judge(answer);
      if (wrong.empty()) return true;
      questions_ << "  " << wrong << "\n";
    }
  }

  bool ask_yes(const std::string& question, bool fallback, bool& answer) {
    std::string text;
    const Judge yes_or_no = [](const std::string& given) {
      return given == "y" || given == "n" ? "" : "answer y or n";
    };
    if (!ask(question, fallback ? "y" : "n", yes_or_no, text)) return false;
    answer = text == "y";
    return true;
  }

 private:
  std::istream& answers_;
  std::ostream& questions_;
};

std::string not_empty(const std::string& answer) {
  return answer.empty() ? "an answer is needed" : "";
}

// What draft_yaml would say of a draft with this answer in it, everything else being fine.
Judge judged_in_draft(std::function<void(plan::Draft&, const std::string&)> put) {
  return [put = std::move(put)](const std::string& answer) -> std::string {
    plan::Draft draft;
    draft.cluster_name = "kafka";
    draft.kafka_version = "4.3.0";
    draft.nodes = {"1=10.64.0.2"};
    draft.advertise = "b{id}.kafka.example.com";
    draft.project = "my-project";
    draft.region = "us-west1";
    put(draft, answer);
    const auto text = plan::draft_yaml(draft);
    return text ? "" : text.error().message;
  };
}

bool ask_for_nodes(Interview& interview, plan::Draft& draft) {
  const Judge judge = [nodes = judged_in_draft([](plan::Draft& with, const std::string& answer) {
                         with.nodes = {answer};
                       }),
                       &draft](const std::string& answer) {
    if (answer.empty()) return std::string(draft.nodes.empty() ? "one node is needed" : "");
    return nodes(answer);
  };
  std::string answer;
  do {
    if (!interview.ask("A broker, as ID=ADDRESS@ZONE (nothing: no more)", "", judge, answer)) {
      return false;
    }
    if (!answer.empty()) draft.nodes.push_back(answer);
  } while (!answer.empty());
  return true;
}

}  // namespace

bool ask_for_draft(std::istream& answers, std::ostream& questions, plan::Draft& draft) {
  Interview interview(answers, questions);
  std::string answer;
  bool mapped = draft.method == plan::Method::kPortMapping;
  if (!interview.ask_yes("Shall the brokers advertise the endpoint's ports themselves (port "
                         "mapping)? n: portway serve rewrites addresses, brokers stay as they are",
                         mapped, mapped) ||
      !interview.ask_yes("Is the cluster still to be set up?", draft.is_new, draft.is_new) ||
      !interview.ask("The cluster's name", draft.cluster_name, not_empty, draft.cluster_name) ||
      !interview.ask("Kafka's version", draft.kafka_version,
                     judged_in_draft([](plan::Draft& with, const std::string& given) {
                       with.kafka_version = given;
                     }),
                     draft.kafka_version)) {
    return false;
  }
  draft.method = mapped ? plan::Method::kPortMapping : plan::Method::kProxy;
  if (draft.nodes.empty() && !ask_for_nodes(interview, draft)) return false;
  if (!interview.ask("What clients are told, with {id} for the broker's id (the pattern that the "
                     "console shows, without :<port>)",
                     draft.advertise,
                     judged_in_draft([](plan::Draft& with, const std::string& given) {
                       with.advertise = given;
                     }),
                     draft.advertise)) {
    return false;
  }
  if (!interview.ask("Your Google Cloud project (nothing: no cloud)", draft.project,
                     judged_in_draft(
                         [](plan::Draft& with, const std::string& given) { with.project = given; }),
                     draft.project)) {
    return false;
  }
  if (draft.project.empty()) return true;
  if (!interview.ask(
          "Its region, that of the consumers", draft.region,
          judged_in_draft([](plan::Draft& with, const std::string& given) { with.region = given; }),
          draft.region) ||
      !interview.ask("The consumer's Google Cloud project, as the console shows it (nothing: "
                     "later)",
                     draft.consumers.empty() ? "" : draft.consumers.front(), anything, answer)) {
    return false;
  }
  if (!answer.empty() && draft.consumers.empty()) draft.consumers.emplace_back();
  if (!answer.empty()) draft.consumers.front() = answer;
  return true;
}

}  // namespace portway::app
