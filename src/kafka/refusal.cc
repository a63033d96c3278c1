#include "kafka/refusal.h"

#include <array>
#include <string>

#include "kafka/api_keys.h"
#include "kafka/reader.h"
#include "kafka/request.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

constexpr ByteView kMessage = "this API is forbidden by Portway's configuration";

using Slots = std::array<ByteView, kRefusalSlots + 1>;

// Reads one value of each of these fields and keeps the bytes of those with a slot.
void read_fields(std::span<const Field> fields, Form form, Reader& reader, Slots& slots);

void read_field(const Field& field, Form form, Reader& reader) {
  switch (field.type) {
    case FieldType::kFixed:
      reader.take(field.width);
      return;
    case FieldType::kString:
      reader.read_string(form.flexible);
      return;
    case FieldType::kBytes:
      reader.read_bytes(form.flexible);
      return;
    case FieldType::kArray: {
      Slots of_items;  // an array is kept as a whole, its items are read again one by one
      const uint32_t count = reader.read_count(form.flexible);
      for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
        read_fields(field.fields, form, reader, of_items);
      }
      return;
    }
    case FieldType::kTags: {
      const uint32_t count = reader.read_uvarint();
      for (uint32_t i = 0; i < count && !reader.failed(); ++i) {
        reader.read_uvarint();
        reader.take(reader.read_uvarint());
      }
      return;
    }
    case FieldType::kAddress:  // no request has one
      return reader.fail();
  }
}

void read_fields(std::span<const Field> fields, Form form, Reader& reader, Slots& slots) {
  for (const Field& field : fields) {
    if (!field.in(form.version)) continue;
    const size_t begin = reader.position();
    read_field(field, form, reader);
    if (field.slot != 0) slots[field.slot] = reader.since(begin);
  }
}

class ReplyWriter {
 public:
  ReplyWriter(Form form, int16_t error, std::string& out) : form_(form), error_(error), out_(out) {}

  void write(std::span<const ReplyPart> parts, const Slots& slots) {
    for (const ReplyPart& part : parts) {
      if (part.since <= form_.version && form_.version <= part.until) write_part(part, slots);
    }
    if (form_.flexible) write_uvarint(out_, 0);
  }

 private:
  void write_part(const ReplyPart& part, const Slots& slots) {
    switch (part.type) {
      case ReplyPartType::kZeros:
        out_.append(part.number, '\0');
        return;
      case ReplyPartType::kMinusOne:
        out_.append(part.number, '\xff');
        return;
      case ReplyPartType::kError:
        return write_int16(out_, error_);
      case ReplyPartType::kMessage:
        return write_string(out_, kMessage, form_.flexible);
      case ReplyPartType::kNullString:
        return write_null_string(out_, form_.flexible);
      case ReplyPartType::kEmptyString:
        return write_string(out_, "", form_.flexible);
      case ReplyPartType::kEmptyArray:
        return write_count(out_, 0, form_.flexible);
      case ReplyPartType::kCopy:
        out_.append(slots[part.number]);
        return;
      case ReplyPartType::kForEach:
        return write_array(part, slots);
    }
  }

  void write_array(const ReplyPart& part, const Slots& slots) {
    Reader items(slots[part.number]);
    Reader second(slots[part.second]);
    const uint32_t count = items.read_count(form_.flexible);
    const uint32_t second_count = part.second == 0 ? 0 : second.read_count(form_.flexible);
    write_count(out_, count + second_count, form_.flexible);
    write_items(part.items, part.parts, count, items, slots);
    write_items(part.second_items, part.parts, second_count, second, slots);
  }

  void write_items(std::span<const Field> fields, std::span<const ReplyPart> parts, uint32_t count,
                   Reader& items, Slots slots) {
    for (uint32_t i = 0; i < count; ++i) {
      read_fields(fields, form_, items, slots);
      write(parts, slots);
    }
  }

  Form form_;
  int16_t error_;
  std::string& out_;
};

}  // namespace

std::optional<std::string> refusal_response(ByteView frame) {
  if (frame.size() < kRequestHeadBytes || frame.size() > kRefusedRequestBytesMax) {
    return std::nullopt;
  }
  const RequestHead head = parse_request_head(frame);
  const Refusal* refusal = find_refusal(head.api_key);
  if (refusal == nullptr || head.api_version < refusal->first_version ||
      head.api_version > refusal->last_version) {
    return std::nullopt;
  }
  const Form form = {head.api_version, head.api_version >= first_flexible_version(head.api_key)};

  static constexpr Field kHeaderTags[] = {schema::tags(0)};
  Slots slots;
  Reader reader(frame, kRequestHeadBytes);
  reader.read_string(false);  // client id, never compact
  if (form.flexible) read_fields(kHeaderTags, form, reader, slots);
  read_fields(refusal->request, form, reader, slots);
  if (reader.failed()) return std::nullopt;

  std::string response(kSizeFieldBytes, '\0');
  write_int32(response, head.correlation_id);
  if (form.flexible) write_uvarint(response, 0);
  ReplyWriter(form, refusal->error, response).write(refusal->response, slots);
  std::string size;
  write_int32(size, static_cast<int32_t>(response.size() - kSizeFieldBytes));
  return response.replace(0, kSizeFieldBytes, size);
}

}  // namespace portway::kafka
