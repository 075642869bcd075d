#pragma once

#include <cstdint>
#include <string>
#include <vector>

// What a message is made of. Also read by the one part that is compiled as C++14: nothing newer here.
namespace holdfast {
namespace fix {

struct Field {
  int tag = 0;
  std::string value;
};

/// One entry of a repeating group; the field that begins every entry comes first.
using Entry = std::vector<Field>;

struct Group {
  int count_tag = 0;  ///< Such as NoMDEntries (268); the count itself is no field.
  std::vector<Entry> entries;
};

/// A message without the session's header and trailer.
struct Content {
  std::string type;  ///< MsgType (35).
  std::vector<Field> fields;
  std::vector<Group> groups;
};

/// What the header of a message says.
struct Head {
  bool poss_dup = false, poss_resend = false;  ///< PossDupFlag (43), PossResend (97).
  std::uint64_t seq = 0;                       ///< MsgSeqNum (34).
  std::string sending_time;                    ///< SendingTime (52).
};

}  // namespace fix
}  // namespace holdfast
