#include "kafka/editor.h"

#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

constexpr int16_t kCoordinatorNotAvailable = 15;

// What padding may need beside its content: a tag, a size and a wider count of tags, and the wider
// size of the tagged field that holds the entries; each an uvarint.
constexpr int64_t kPadRoom = int64_t{4} * kUvarintBytesMax;

constexpr size_t kEditTextKeptBytes = 64u << 10;
constexpr size_t kEditsKept = 1024;

uint32_t string_bytes(size_t length, bool compact) {
  const auto size = static_cast<uint32_t>(length);
  return size + (compact ? uvarint_bytes(size + 1) : 2);
}

// The size of a tagged field whose content and size field together take `bytes`. A few values have
// none: 129, because a content of 127 bytes takes 128 and one of 128 takes 130.
std::optional<uint32_t> content_size(int64_t bytes) {
  for (uint32_t size_bytes = 1; size_bytes <= kUvarintBytesMax; ++size_bytes) {
    const int64_t size = bytes - size_bytes;
    if (size < 0 || size > INT32_MAX) continue;
    if (uvarint_bytes(static_cast<uint32_t>(size)) == size_bytes) {
      return static_cast<uint32_t>(size);
    }
  }
  return std::nullopt;
}

}  // namespace

void Edits::clear() {
  list_.clear();
  text_.clear();
  growth_ = 0;
  // One response with very many brokers must not cost its memory for ever.
  if (text_.capacity() > kEditTextKeptBytes) text_.shrink_to_fit();
  if (list_.capacity() > kEditsKept) list_.shrink_to_fit();
}

size_t Edits::add(size_t offset, size_t removed, size_t text_begin) {
  list_.push_back({offset, 0, 0, 0});
  fill(list_.size() - 1, removed, text_begin);
  return list_.size() - 1;
}

void Edits::fill(size_t index, size_t removed, size_t text_begin) {
  Edit& edit = list_[index];
  edit.removed = removed;
  edit.text_begin = text_begin;
  edit.text_size = text_.size() - text_begin;
  growth_ += static_cast<int64_t>(edit.text_size) - static_cast<int64_t>(removed);
}

void Edits::apply(ByteView bytes, bool lasting, Output& out) const {
  const auto unchanged = [&](size_t begin, size_t end) {
    const ByteView piece = bytes.substr(begin, end - begin);
    return lasting ? out.pass(piece) : out.write(piece);
  };
  size_t position = 0;
  for (const Edit& edit : list_) {
    unchanged(position, edit.offset);
    out.write(ByteView(text_).substr(edit.text_begin, edit.text_size));
    position = edit.offset + edit.removed;
  }
  unchanged(position, bytes.size());
}

Editor::Editor(ByteView bytes, size_t offset, Form form, BrokerAddresses& addresses,
               std::optional<uint32_t> grow_by, Edits& edits)
    : bytes_(bytes),
      offset_(offset),
      form_(form),
      addresses_(addresses),
      grow_by_(grow_by),
      edits_(edits) {}

bool Editor::run(std::span<const Field> fields, Behind behind) {
  Reader reader(bytes_, offset_);
  edit_fields(fields, reader, nullptr);
  if (reader.failed() || (behind == Behind::kNothing && reader.left() > 0) ||
      (behind == Behind::kSomething && reader.left() == 0)) {
    return false;
  }
  return !grow_by_ || pad();
}

void Editor::edit_fields(std::span<const Field> fields, Reader& reader, Named* named) {
  for (const Field& field : fields) {
    if (field.in(form_.version)) edit_field(field, reader, named);
  }
}

void Editor::edit_field(const Field& field, Reader& reader, Named* named) {
  switch (field.type) {
    case FieldType::kFixed:
      return edit_fixed(field, reader, named);
    case FieldType::kString:
      return edit_string(field, reader, named);
    case FieldType::kBytes:
      reader.read_bytes(form_.flexible);
      return;
    case FieldType::kArray:
      return edit_array(field, reader);
    case FieldType::kTags:
      return edit_tags(field, reader);
    case FieldType::kAddress:
      return edit_coordinator(field, reader);
  }
}

void Editor::edit_fixed(const Field& field, Reader& reader, Named* named) {
  const size_t begin = reader.position();
  switch (field.role) {
    case FieldRole::kNodeId:
      named->node_id_at = begin;
      named->node_id = reader.read_int32();
      return;
    case FieldRole::kPort:
      named->port = reader.read_int32();
      named->port_end = reader.position();
      return;
    case FieldRole::kErrorCode:
      named->error_at = begin;
      named->error = reader.read_int16();
      return;
    case FieldRole::kEndpointType:
      controllers_ = reader.read_int8() != 1;
      return;
    case FieldRole::kApi:
      api_ = reader.read_int16();
      return;
    case FieldRole::kMaxVersion: {
      const int16_t highest = clamp_version(api_);
      if (reader.read_int16() > highest && !reader.failed()) {
        const size_t text = edits_.text().size();
        write_int16(edits_.text(), highest);
        edits_.add(begin, 2, text);
        addresses_.clamped(api_);
      }
      return;
    }
    default:
      reader.take(field.width);
  }
}

void Editor::edit_string(const Field& field, Reader& reader, Named* named) {
  const size_t begin = reader.position();
  const ByteView value = reader.read_string(form_.flexible);
  if (field.role == FieldRole::kHost) {
    named->host_at = begin;
    named->host = value;
  } else if (field.role == FieldRole::kErrorMessage) {
    named->message_at = begin;
    named->message_end = reader.position();
    named->has_message = true;
  }
}

void Editor::edit_array(const Field& field, Reader& reader) {
  if (field.role == FieldRole::kBrokers) return edit_brokers(field, reader);
  if (field.role == FieldRole::kEmptied) return empty_array(field, reader);
  const uint32_t count = reader.read_count(form_.flexible);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    if (field.role == FieldRole::kCoordinators) {
      edit_coordinator(field, reader);
    } else {
      edit_fields(field.fields, reader, nullptr);
    }
  }
}

void Editor::edit_brokers(const Field& field, Reader& reader) {
  const size_t begin = reader.position();
  const uint32_t count = reader.read_count(form_.flexible);
  const size_t count_bytes = reader.position() - begin;
  const size_t count_edit = edits_.reserve(begin);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t item = reader.position();
    Named named;
    edit_fields(field.fields, reader, &named);
    if (reader.failed()) return;
    if (keeps_broker(named)) {
      ++kept;
    } else {
      edits_.add(item, reader.position() - item, edits_.text().size());
    }
  }
  if (kept == count) return;
  const size_t text = edits_.text().size();
  write_count(edits_.text(), kept, form_.flexible);
  edits_.fill(count_edit, count_bytes, text);
}

// Replaces the address of an entry; false when the entry has to go.
bool Editor::keeps_broker(const Named& named) {
  if (named.host.empty()) return true;
  if (controllers_) return false;
  const HostPort* place = place_of(named);
  if (place == nullptr || !fits(named, *place)) return false;
  replace_address(named, *place);
  return true;
}

void Editor::edit_coordinator(const Field& field, Reader& reader) {
  Named named;
  edit_fields(field.fields, reader, &named);
  if (reader.failed() || named.host.empty()) return;
  const HostPort* place = place_of(named);
  if (place == nullptr) return blank_coordinator(named);
  replace_address(named, *place);
}

// An entry with an address but without a broker id is as one without a place.
const HostPort* Editor::place_of(const Named& named) {
  if (named.node_id < 0) return nullptr;
  addresses_.saw(named.node_id, named.host, named.port);
  const HostPort* place = addresses_.advertised_instead_of(named.host, named.port);
  if (place == nullptr) place = addresses_.advertised(named.node_id);
  if (place == nullptr) addresses_.left_out(named.node_id);
  return place;
}

bool Editor::fits(const Named& named, const HostPort& address) const {
  if (!grow_by_) return true;
  const int64_t more = int64_t{string_bytes(address.host.size(), form_.flexible)} -
                       int64_t{string_bytes(named.host.size(), form_.flexible)};
  return edits_.growth() + more + kPadRoom <= int64_t{*grow_by_};
}

void Editor::replace_address(const Named& named, const HostPort& address) {
  const size_t text = edits_.text().size();
  write_string(edits_.text(), address.host, form_.flexible);
  write_int32(edits_.text(), address.port);
  edits_.add(named.host_at, named.port_end - named.host_at, text);
}

// The error and its message stand before the address until version 3, and after it from 4 on.
void Editor::blank_coordinator(const Named& named) {
  const bool error_first = named.error_at < named.node_id_at;
  if (error_first) blank_error(named);
  const size_t text = edits_.text().size();
  write_int32(edits_.text(), -1);
  write_string(edits_.text(), "", form_.flexible);
  write_int32(edits_.text(), -1);
  edits_.add(named.node_id_at, named.port_end - named.node_id_at, text);
  if (!error_first) blank_error(named);
}

void Editor::blank_error(const Named& named) {
  if (named.error != 0) return;  // what the broker says is wrong says more
  size_t text = edits_.text().size();
  write_int16(edits_.text(), kCoordinatorNotAvailable);
  edits_.add(named.error_at, 2, text);
  if (!named.has_message) return;
  text = edits_.text().size();
  write_string(edits_.text(),
               fmt::format("broker {} has no place in Portway's port plan", named.node_id),
               form_.flexible);
  edits_.add(named.message_at, named.message_end - named.message_at, text);
}

void Editor::empty_array(const Field& field, Reader& reader) {
  const size_t begin = reader.position();
  const uint32_t count = reader.read_count(form_.flexible);
  for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
    edit_fields(field.fields, reader, nullptr);
  }
  if (count == 0 || reader.failed()) return;
  const size_t text = edits_.text().size();
  write_count(edits_.text(), 0, form_.flexible);
  edits_.add(begin, reader.position() - begin, text);
}

void Editor::edit_tags(const Field& field, Reader& reader) {
  const size_t begin = reader.position();
  LastTags last;
  last.count = reader.read_uvarint();
  last.count_bytes = reader.position() - begin;
  if (field.role == FieldRole::kLastTags) last.count_edit = edits_.reserve(begin);
  for (uint32_t i = 0; i < last.count && !reader.failed(); ++i) {
    const uint32_t tag = reader.read_uvarint();
    const size_t size_at = reader.position();
    const uint32_t size = reader.read_uvarint();
    const size_t content_at = reader.position();
    reader.take(size);
    if (tag >= INT32_MAX) return reader.fail();  // clients read tags as an int32
    last.highest = std::max(last.highest, tag);
    if (tag != 0 || field.fields.empty() || reader.failed()) continue;
    const size_t edits_before = edits_.reserve(size_at);
    const int64_t growth_before = edits_.growth();
    Reader content(bytes_.substr(0, reader.position()), content_at);
    edit_fields(field.fields, content, nullptr);
    if (content.failed() || content.left() > 0) return reader.fail();
    const int64_t growth = edits_.growth() - growth_before;
    if (growth == 0) continue;
    const size_t text = edits_.text().size();
    write_uvarint(edits_.text(), static_cast<uint32_t>(size + growth));
    edits_.fill(edits_before, content_at - size_at, text);
  }
  if (field.role == FieldRole::kLastTags) last_tags_ = last;
}

// Adds one unknown tagged field (KIP-482), so that the bytes grow by what was announced.
bool Editor::pad() {
  if (!last_tags_) return false;
  size_t text = edits_.text().size();
  write_uvarint(edits_.text(), last_tags_->count + 1);
  edits_.fill(last_tags_->count_edit, last_tags_->count_bytes, text);

  const int64_t bytes = int64_t{*grow_by_} - edits_.growth();
  uint64_t tag = std::max<uint64_t>(kPadTag, uint64_t{last_tags_->highest} + 1);
  for (; tag <= INT32_MAX; tag = uint64_t{1} << (7 * uvarint_bytes(static_cast<uint32_t>(tag)))) {
    const auto pad_tag = static_cast<uint32_t>(tag);
    const std::optional<uint32_t> size = content_size(bytes - uvarint_bytes(pad_tag));
    if (!size) continue;  // a longer tag makes it come out even
    text = edits_.text().size();
    write_uvarint(edits_.text(), pad_tag);
    write_uvarint(edits_.text(), *size);
    edits_.text().append(*size, '\0');
    edits_.add(bytes_.size(), 0, text);
    return true;
  }
  return false;
}

}  // namespace portway::kafka
