#include "convert.hpp"

#include <cstdlib>

namespace holdfast {
namespace fix {

namespace {

std::string header_field(const FIX::Message& message, int tag) {
  return message.getHeader().isSetField(tag) ? message.getHeader().getField(tag) : std::string();
}

Entry fields_of(const FIX::FieldMap& map) {
  Entry fields;
  fields.reserve(map.totalFields());
  for (const auto& field : map)
    // Of a group what counts is its entries.
    if (!map.hasGroup(field.getTag())) fields.push_back({field.getTag(), field.getString()});
  return fields;
}

void add_group(const Group& group, FIX::Message& message) {
  for (const auto& entry : group.entries) {
    if (entry.empty()) continue;
    std::vector<int> order;
    for (const auto& field : entry) order.push_back(field.tag);
    order.push_back(0);
    FIX::Group one(group.count_tag, entry.front().tag, order.data());
    for (const auto& field : entry)
      if (!field.value.empty()) one.setField(field.tag, field.value);
    message.addGroup(one);
  }
}

}  // namespace

Head head_of(const FIX::Message& message) {
  Head head;
  head.seq = std::strtoull(header_field(message, FIX::FIELD::MsgSeqNum).c_str(), nullptr, 10);
  head.poss_dup = header_field(message, FIX::FIELD::PossDupFlag) == "Y";
  head.poss_resend = header_field(message, FIX::FIELD::PossResend) == "Y";
  head.sending_time = header_field(message, FIX::FIELD::SendingTime);
  return head;
}

Content from_quickfix(const FIX::Message& message) {
  Content content;
  content.type = header_field(message, FIX::FIELD::MsgType);
  content.fields = fields_of(message);
  for (auto at = message.g_begin(); at != message.g_end(); ++at) {
    Group group;
    group.count_tag = at->first;
    for (const auto* entry : at->second) group.entries.push_back(fields_of(*entry));
    content.groups.push_back(std::move(group));
  }
  return content;
}

void to_quickfix(const Content& content, FIX::Message& message) {
  static_cast<FIX::FieldMap&>(message).clear();
  for (const auto& field : content.fields)
    if (!field.value.empty()) message.setField(field.tag, field.value);
  for (const auto& group : content.groups) add_group(group, message);
}

void shift(FIX::UtcTimeStamp& time, long long nanoseconds) {
  const long long kDay = 86400LL * 1000000000LL;
  long long of_day = time.m_time + nanoseconds;
  const long long days = of_day / kDay - (of_day % kDay < 0 ? 1 : 0);
  time.m_date += static_cast<int>(days);
  time.m_time = of_day - days * kDay;
}

}  // namespace fix
}  // namespace holdfast
