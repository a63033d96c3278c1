#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/output.h"
#include "kafka/broker_addresses.h"
#include "kafka/reader.h"
#include "kafka/schema.h"

namespace portway::kafka {

// What is replaced in a run of bytes, in order of offsets. Keeps its memory, up to a
// limit, over clear().
class Edits {
 public:
  void clear();

  // Where replacements are written. The text of an edit is what was appended since `text_begin`,
  // a size of text() that the caller took before.
  std::string& text() { return text_; }

  // Replaces `removed` bytes at `offset`. Returns the edit's index.
  size_t add(size_t offset, size_t removed, size_t text_begin);

  // Keeps a place in the order for an edit that is decided after later ones: until fill() it
  // changes nothing.
  size_t reserve(size_t offset) { return add(offset, 0, text_.size()); }
  void fill(size_t index, size_t removed, size_t text_begin);

  // By how much the bytes grow, or shrink.
  int64_t growth() const { return growth_; }

  // Appends `bytes` with the edits applied to `out`. Unchanged bytes are passed when `lasting`
  // (they outlive this call, see Output) and copied otherwise.
  void apply(ByteView bytes, bool lasting, Output& out) const;

 private:
  struct Edit {
    size_t offset;
    size_t removed;
    size_t text_begin;
    size_t text_size;
  };

  std::vector<Edit> list_;
  std::string text_;
  int64_t growth_ = 0;
};

// Goes through the edited fields of a message, which are all there, and notes what has to change.
// The table bounds the recursion, not the data.
class Editor {
 public:
  // The edited fields begin at `offset` of `bytes`. `grow_by`: where the frame size went out before
  // the addresses were seen, the bytes have to grow by exactly so much, which takes a tagged field
  // of padding, and leaves out entries of arrays that do not fit.
  Editor(ByteView bytes, size_t offset, Form form, BrokerAddresses& addresses,
         std::optional<uint32_t> grow_by, Edits& edits);

  // False: malformed.
  bool run(std::span<const Field> fields, Behind behind);

 private:
  // One broker that a struct names, and where it does.
  struct Named {
    int32_t node_id = -1;
    size_t node_id_at = 0;
    ByteView host;
    size_t host_at = 0;
    int32_t port = -1;
    size_t port_end = 0;
    int16_t error = 0;
    size_t error_at = 0;
    size_t message_at = 0;
    size_t message_end = 0;
    bool has_message = false;
  };

  void edit_fields(std::span<const Field> fields, Reader& reader, Named* named);
  void edit_field(const Field& field, Reader& reader, Named* named);
  void edit_fixed(const Field& field, Reader& reader, Named* named);
  void edit_string(const Field& field, Reader& reader, Named* named);
  void edit_array(const Field& field, Reader& reader);
  void edit_brokers(const Field& field, Reader& reader);
  void edit_coordinator(const Field& field, Reader& reader);
  void empty_array(const Field& field, Reader& reader);
  void edit_tags(const Field& field, Reader& reader);

  const HostPort* place_of(const Named& named);
  bool keeps_broker(const Named& named);
  bool fits(const Named& named, const HostPort& address) const;
  void replace_address(const Named& named, const HostPort& address);
  void blank_error(const Named& named);
  void blank_coordinator(const Named& named);
  bool pad();

  ByteView bytes_;
  size_t offset_;
  Form form_;
  BrokerAddresses& addresses_;
  std::optional<uint32_t> grow_by_;
  Edits& edits_;

  bool controllers_ = false;  // the brokers that follow are controllers
  int16_t api_ = -1;

  // The frame's last tagged fields, where padding goes.
  struct LastTags {
    size_t count_edit = 0;
    uint32_t count = 0;
    size_t count_bytes = 0;
    uint32_t highest = 0;
  };
  std::optional<LastTags> last_tags_;
};

// The tag of the padding: far from the tags that Kafka gives out, which count from 0, and still two
// bytes as an uvarint. A higher one is taken when the tags that are present reach it.
inline constexpr uint32_t kPadTag = 12'000;

}  // namespace portway::kafka
