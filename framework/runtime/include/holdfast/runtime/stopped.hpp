#pragma once

#include <memory>
#include <optional>
#include <string>

#include <holdfast/journal/store.hpp>
#include <holdfast/runtime/system.hpp>

/// Looking into a data directory from outside, and its brakes while no process runs it.
namespace holdfast {

/// The journal of a data directory, for reading; works beside the process that writes it.
/// Fails: StoreError.
std::unique_ptr<Store> open_for_reading(const std::string& data_dir);

/// The system's record as of the head of `store`.
std::unique_ptr<SystemRecord> read_record(const Store& store);

/// The plan of the newest run, but for the values of secrets, which no journal holds; empty when
/// there is none.
std::optional<Plan> newest_plan(const Store& store);

/// Throws std::invalid_argument when the system knows no such strategy or instrument.
void check_latch_target(const SystemRecord& record, LatchScope scope, const std::string& target);

/// What the journal and the latch file say; `state` is "stopped". Fails: StoreError.
SystemStatus stopped_status(const std::string& data_dir);

/// Takes the directory's lock, writes the release (and an engagement that only the file knows)
/// durably to the journal, then takes it out of the file. False when there was no such latch.
/// Fails: StoreError, also when a process uses the directory; std::invalid_argument.
bool resume_stopped(const std::string& data_dir, LatchScope scope, const std::string& target, const std::string& who,
                    const std::string& why, Time now);

}  // namespace holdfast
