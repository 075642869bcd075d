#pragma once

#include <holdfast/sdk/instrument.hpp>
#include <holdfast/sdk/schema.hpp>
#include <string>
#include <vector>

/// For schemas of files that are no plan, see load_settings().
namespace holdfast {

/// A list as a plan's section `instruments`; ids are 0. REQUIRES: a list.
std::vector<Instrument> read_instruments(const Setting& list, Problems& problems);

/// A part of a file that somebody else reads.
bool read_setting(const Setting&, const PluginContext&, Problems&, Setting& out);
template <>
std::string type_name<Setting>();

}  // namespace holdfast
