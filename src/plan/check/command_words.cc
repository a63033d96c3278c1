#include "plan/check/command_words.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace portway::plan {
namespace {

using Command = std::vector<CommandWord>;

class Splitter {
 public:
  explicit Splitter(std::string_view script) : script_(script) {}

  std::vector<Command> run() {
    while (at_ < script_.size()) step();
    end_command();
    return std::move(commands_);
  }

 private:
  void step() {
    const char c = script_[at_];
    const char next = at_ + 1 < script_.size() ? script_[at_ + 1] : '\0';
    if (c == '\\' && (next == '\n' || (next == '\r' && script_.substr(at_ + 1, 2) == "\r\n"))) {
      at_ += next == '\n' ? 2 : 3;
      ++line_;
    } else if (c == '\\' && next != '\0') {
      put(next);
      at_ += 2;
    } else if (c == '\'' || c == '"') {
      quoted(c);
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
      ++at_;
    } else if (c == '#' && !is_open_) {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (c == '>' || c == '<') {
      redirection();
    } else if (c == '\n' || c == ';' || c == '|' || c == '&') {
      end_command();
      if (c == '\n') ++line_;
      ++at_;
    } else {
      put(c);
      ++at_;
    }
  }

  void quoted(char quote) {
    open();
    for (++at_; at_ < script_.size() && script_[at_] != quote; ++at_) {
      if (quote == '"' && script_[at_] == '\\' && at_ + 1 < script_.size()) {
        const char next = script_[at_ + 1];
        if (next == '"' || next == '\\' || next == '$' || next == '`' || next == '\n') ++at_;
        if (next == '\n') {
          ++line_;
          continue;
        }
      }
      if (script_[at_] == '\n') ++line_;
      put(script_[at_]);
    }
    if (at_ < script_.size()) ++at_;
  }

  // "> file", "2>&1": neither the number before nor the word behind belongs to the command.
  void redirection() {
    const bool is_number = std::all_of(word_.text.begin(), word_.text.end(),
                                       [](char c) { return c >= '0' && c <= '9'; });
    if (is_open_ && is_number) {
      is_open_ = false;
      word_ = {};
    }
    end_word();
    while (at_ < script_.size() && (script_[at_] == '>' || script_[at_] == '<')) ++at_;
    if (at_ < script_.size() && script_[at_] == '&') ++at_;
    skips_next_ = true;
  }

  void open() {
    if (is_open_) return;
    is_open_ = true;
    word_.line = line_;
  }

  void put(char c) {
    open();
    word_.text += c;
  }

  void end_word() {
    if (!is_open_) return;
    if (!skips_next_) command_.push_back(std::move(word_));
    skips_next_ = false;
    is_open_ = false;
    word_ = {};
  }

  void end_command() {
    end_word();
    skips_next_ = false;
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
  }

  std::string_view script_;
  size_t at_ = 0;
  int line_ = 1;
  CommandWord word_;
  bool is_open_ = false;
  bool skips_next_ = false;
  Command command_;
  std::vector<Command> commands_;
};

}  // namespace

std::vector<CommandWord> kafka_proxy_flags_of(std::string_view script) {
  const std::vector<Command> commands = Splitter(script).run();
  for (const Command& command : commands) {
    for (size_t i = 0; i + 1 < command.size(); ++i) {
      if (command[i].text.ends_with("kafka-proxy") && command[i + 1].text == "server") {
        return {command.begin() + static_cast<std::ptrdiff_t>(i) + 2, command.end()};
      }
    }
  }
  for (const Command& command : commands) {
    const auto first = std::find_if(command.begin(), command.end(),
                                    [](const auto& word) { return word.text.starts_with('-'); });
    if (first != command.end()) return {first, command.end()};
  }
  return {};
}

}  // namespace portway::plan
