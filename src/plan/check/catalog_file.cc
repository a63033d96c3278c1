// PW001-PW099: portway.yaml as a file, and what collides in it.
#include "plan/check/catalog.h"

namespace portway::plan {
namespace {

using enum Check;
using enum Severity;

constexpr CheckInfo kCatalog[] = {
    {kNotYaml, kError, "The file is not plain YAML",
     "Nothing of the file can be used. Anchors, aliases, tags and a second document are refused "
     "too: each can make a small file large or hide what it says.",
     "Correct the line that is named; write every value out."},
    {kUnknownKey, kError, "A key that portway.yaml does not have",
     "A misspelt key would be ignored in silence, and its default used instead of what was meant.",
     "Write the key that is suggested, or move it under the block where it belongs."},
    {kBadValue, kError, "A value that its key does not take",
     "The value is out of bounds, has no unit, or is not of the form that the key needs.",
     "Write a value as the message shows it; docs/configuration.md has every key with its bounds."},
    {kMissing, kError, "Something is missing that has no default",
     "No plan can be made without it.", "Add the key that is named."},
    {kGivenTwice, kError, "The same thing is given twice",
     "Only one of the two can count, and a reader cannot tell which.", "Keep one of them."},
    {kWrongShape, kError, "A list, a block or a single value stands where another is needed",
     "The value cannot be read as what its key means.",
     "Write it in the shape that the message shows."},
    {kNameTaken, kError, "Two listeners have one name",
     "Kafka, logs and metrics tell listeners apart by their names.",
     "Give each external listener its own name, such as EXTERNAL and EXTERNAL2."},
    {kNodeTwice, kError, "Two nodes have one id, address or instance",
     "A node id belongs to one node: a second one with it cannot join the cluster, and two nodes "
     "at one address are one.",
     "Give every node its own id, address and instance."},
    {kPortTaken, kError, "One port is to lead to two places",
     "Only one of them can be reached there.",
     "Move one of the two; blocks of ports need first + (number of ids) ports each."},
    {kAdvertisedTaken, kError, "Two brokers advertise one address",
     "Clients would reach one broker under the ids of both, and fail with NOT_LEADER_OR_FOLLOWER.",
     "Give every broker its own advertised port, or put {id} into advertise."},
    {kIdTwice, kError, "A broker id is in two blocks of ports",
     "It would have two places, and which one clients are told would be chance.",
     "Let every id be in one range only."},
    {kPastLastPort, kError, "A block of ports runs past 65535",
     "The last ids of the block would have no port.",
     "Lower its first port, or narrow its ids to those that the cluster can have."},
    {kTooManyPorts, kError, "More ports are to be bound than one process should",
     "Every port is bound on every listen address by every worker, whether there is a broker "
     "behind it or not.",
     "Narrow ports.ids to the ids that the cluster can have."},
    {kNoHostName, kError, "advertise makes no host name",
     "Brokers would refuse it or clients could not look it up. It is a host name alone: no port, "
     "no scheme, and {id} as the only placeholder.",
     "Write for example b{id}.kafka.example.com."},
    {kNotWithPortMapping, kError, "Something that a port mapping cannot do",
     "A port mapping NEG leads every client port to one broker: no port stands for all of them, "
     "and brokers themselves advertise the client ports.",
     "Leave the key out; clients bootstrap from the brokers' own ports."},
    {kListenPortTaken, kError, "Two listeners of a broker are to listen on one port",
     "Kafka refuses to start with two listeners on one port.",
     "Give each external listener a listen_port of its own, such as 39092 and 39093."},
    {kListenTwice, kError, "Two addresses of serve.listen are to bind the same ports",
     "The second bind fails, and portway serve does not start.",
     "Keep one of them; 0.0.0.0 is all of IPv4."},
};

}  // namespace

std::span<const CheckInfo> file_catalog() { return kCatalog; }

}  // namespace portway::plan
