#include <holdfast/journal/failpoints.hpp>

namespace holdfast {

namespace {

constexpr FailpointSite unthrown(std::string_view name, std::string_view where) { return {name, where, false}; }
constexpr FailpointSite returning(std::string_view name, std::string_view where) { return {name, where, true, true}; }
constexpr FailpointSite corrupting(std::string_view name, std::string_view where) { return {name, where, true, false, true}; }

constexpr FailpointSite kSites[] = {
    {"system.check", "the plan is about to be checked"},
    {"system.folded", "everybody has folded history, nobody has spoken"},
    {"system.opening", "the run is about to be announced in the journal"},
    {"system.ready", "everybody is live"},
    unthrown("system.stopping", "the system was asked to stop"),
    unthrown("system.stopped", "the tree is down, its last word is not written"),
    {"plugin.make", "an actor and its plugin are about to be made; throwing, it cannot be"},

    {"store.open", "the store is about to be opened, with what recovery that takes"},
    {"store.opened", "the store is open and was looked at"},
    {"store.text", "the plan is about to be put beside the journal"},
    unthrown("journal.submit", "somebody hands over what it has to say"),
    {"journal.seal", "a frame is about to be sealed"},
    {"journal.publish", "a frame can be heard by everybody, and nothing of it is on disk"},
    {"journal.before_write", "a frame is about to be written"},
    corrupting("journal.bytes", "the business events of a frame on their way to the store"),
    {"journal.after_write", "a frame is written, not synced"},
    returning("journal.before_sync", "frames are about to be synced; returning, they count as synced and are not"),
    {"journal.after_sync", "frames are synced, and nobody was told"},
    {"journal.before_prune", "market data is about to be forgotten"},
    {"journal.after_prune", "market data is forgotten"},
    {"snapshot.before_write", "a snapshot is about to be written"},
    corrupting("snapshot.bytes", "a snapshot on its way to the store"),
    {"snapshot.after_write", "a snapshot is written, not synced"},

    {"fs.open", "the store is about to open a file, of kind log, table or other"},
    {"fs.append", "bytes are about to be appended to a file; returning, they are dropped and nobody is told", true, true, true},
    {"fs.tear", "returning, half of what is appended is written, and an error is told", false, true},
    {"fs.unsynced", "returning, what is appended stays in memory until it is synced: a kill loses it, as a power cut would", false, true},
    returning("fs.sync", "a file is about to be synced; returning, it counts as synced and is not"),
    corrupting("fs.read", "bytes were read from a file"),
    {"fs.rename", "a file is about to get another name"},
    {"fs.delete", "a file is about to be deleted"},
    {"store.checkpoint", "a checkpoint of the store is about to be made, for a backup"},
    {"backup.copy", "a file is about to be copied into a backup"},
    corrupting("backup.bytes", "bytes of a file on their way into a backup"),
    {"backup.manifest", "all files are in the backup, and it is not there yet"},
    {"backup.done", "the backup is there, and nobody was told"},
    {"restore.copy", "a file is about to be copied out of a backup"},
    {"restore.swap", "what is restored is complete, beside what is there"},
    {"restore.swapped", "what is restored is in place, what was there has its name"},
    {"restore.done", "what was there is set aside, and nobody was told"},

    {"actor.restore", "a successor is about to read its snapshot"},
    {"actor.fold", "a frame of history is about to be folded by a successor"},
    {"actor.live", "a successor has folded all history and is about to speak"},
    {"actor.hear", "a frame, or in a simulation an event, is about to be heard"},
    {"actor.answer", "answers are about to be handed to the journal"},
    {"actor.open", "an edge is about to connect to what lies outside"},
    returning("actor.act", "an edge is about to do what it does outside; returning, it does nothing"),
    {"actor.snapshot", "an actor is about to say what its state is"},
    {"actor.stop", "an actor was asked to stop"},
    {"broker.before_write", "a broker has sent something, which is not in the journal"},
    {"broker.after_write", "a broker has handed to the journal what it sent"},
    {"feed.before_write", "a feed has read something, which is not in the journal"},
    {"feed.after_write", "a feed has handed to the journal what it read"},

    unthrown("supervisor.start", "an actor is about to be started"),
    unthrown("supervisor.exited", "an actor has ended, and nothing was done about it"),
    unthrown("supervisor.escalate", "a supervisor has given up: the brakes are about to be engaged"),
    unthrown("halt.before_latch", "a halt was commanded, and no latch is engaged"),
    unthrown("halt.after_latch", "the latch is engaged, and the journal does not know"),
    unthrown("operator.before_write", "an operator's command is about to be handed to the journal"),
    unthrown("operator.after_write", "an operator's command was handed to the journal, and nobody waited for it"),
    {"sim.event", "an event of a simulation is about to be heard"},
};

}  // namespace

std::span<const FailpointSite> failpoint_sites() { return kSites; }

}  // namespace holdfast
