/* Holdfast for programs in C and whatever can call C: one trading system per handle, JSON at the
 * border.
 *
 * Text. Everything in and out is UTF-8 that ends with a zero byte. What the library gets belongs to
 * the caller and is copied. A `char *` it returns belongs to the caller, who gives it back with
 * holdfast_free(); a `const char *` belongs to the library.
 *
 * Errors. A call that fails returns NULL or a negative number, and holdfast_error() says why. What
 * is wrong with a plan is said all at once. No C++ exception crosses this border.
 *
 * Threads. Calls may come from any thread and, for different systems or for a live one, at the same
 * time. Calls on one backtest wait for each other. holdfast_close() must be the last on its handle.
 * Callbacks come on the library's threads, at the same time even, and must return soon.
 *
 * The host. Nothing global is kept, no signal handler installed, no port opened, and no file opened
 * but those below the data directory and those the plan names.
 */
#ifndef HOLDFAST_H
#define HOLDFAST_H

#include <stdint.h>

#if defined(__GNUC__)
#define HOLDFAST_API __attribute__((visibility("default")))
#else
#define HOLDFAST_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* How a system is to be opened. One thread at a time. */
typedef struct holdfast_options holdfast_options;
/* One trading system. */
typedef struct holdfast_system holdfast_system;

/* "1.2.3" */
HOLDFAST_API const char *holdfast_version(void);
/* Why the last call of this thread that failed did. Valid until this thread's next call that fails;
 * empty when none has. */
HOLDFAST_API const char *holdfast_error(void);
/* Takes back what a call returned. NULL is fine. */
HOLDFAST_API void holdfast_free(char *text);

/* ---- options --------------------------------------------------------------------------------- */

HOLDFAST_API holdfast_options *holdfast_options_new(void);
HOLDFAST_API void holdfast_options_free(holdfast_options *options);
/* Names and values, 0 when taken, -1 when not:
 *   data_dir     folder of the journal; made when it does not exist
 *   runtime      caf: live, with threads; sim: a backtest in virtual time
 *   resume       true: there must be a journal to continue; or false
 *   plugin_path  folders to look for plugins in first, "a:b"
 *   profile      one of the plan's profiles; may be given again and again
 *   set          path=value over what the plan says, as YAML; may be given again and again
 *   failpoints   faults to arm, for tests and drills */
HOLDFAST_API int holdfast_options_set(holdfast_options *options, const char *name, const char *value);
/* Where log lines go; nowhere without it. `level` is info, warning or error; `actor` is empty for
 * the system itself. The texts are valid during the call. */
HOLDFAST_API int holdfast_options_log(holdfast_options *options,
                                      void (*log)(void *user, const char *level, const char *actor, const char *text),
                                      void *user);
/* What time it is, in nanoseconds since 1970-01-01 UTC, in place of the system's clock: never
 * backwards, at about the speed of real time. For live systems. */
HOLDFAST_API int holdfast_options_clock(holdfast_options *options, int64_t (*now)(void *user), void *user);

/* What `{secret: name}` in the plan stands for: NULL when there is no such secret. The text is copied
 * at once. Without it a plan may name no secret. */
HOLDFAST_API int holdfast_options_secrets(holdfast_options *options,
                                          const char *(*secret)(void *user, const char *name), void *user);

/* ---- life ------------------------------------------------------------------------------------ */

/* Checks the plan, takes the data directory and opens the journal; starts nothing. Relative file
 * names in the YAML start at the working directory. The options may be used again or freed. */
HOLDFAST_API holdfast_system *holdfast_open(const char *yaml, const holdfast_options *options);
/* Recovers and starts every actor; returns 0 when all are live. */
HOLDFAST_API int holdfast_start(holdfast_system *system);
/* Works, or watches a live system work, for about so long. 1: there is more to come; 0: nothing more
 * will happen by itself, or the system failed (see its status). */
HOLDFAST_API int holdfast_run_for(holdfast_system *system, uint32_t milliseconds);
/* Stops in order, and returns at the deadline at the latest, give or take a second:
 *   {"schema":"holdfast.stop/1","clean":true,"left":"","failure":"","summary":{…}}
 * `left` says what was left undone, `failure` why the system had failed before. */
HOLDFAST_API char *holdfast_stop(holdfast_system *system, uint32_t deadline_ms);
/* Frees the handle; stops the system first when nobody did, within ten seconds. NULL is fine. */
HOLDFAST_API void holdfast_close(holdfast_system *system);

/* ---- asking and telling ---------------------------------------------------------------------- */

/* What `holdfast status --json` prints: {"schema":"holdfast.status/1", …}. */
HOLDFAST_API char *holdfast_status(holdfast_system *system);
/* Carries out one command, the same as the control socket does, and returns its answer:
 *   {"verb":"status"}
 *   {"verb":"halt","by":"ann","reason":"odd prices"}      → {"durable":true}
 *   {"verb":"resume","by":"ann","reason":"prices are back"} → {"released":true}
 *   {"verb":"crash","actor":"trend","reason":"a drill"}    → {"crashed":true}
 * To halt and to resume take "scope" (system, strategy or instrument) and "target", to halt also
 * "level" (halted or reducing). A command that cannot be carried out fails. */
HOLDFAST_API char *holdfast_command(holdfast_system *system, const char *json);
/* Business events that are durable, `from` and later, at most `limit` of them:
 *   {"schema":"holdfast.events/1","next":120,"events":[{"seq":17,"type":"OrderFilled", …}]}
 * Ask again from `next` on; from 1 there is everything that ever happened. `types` names the types
 * wanted, with commas between them; NULL: all. Never keeps the system waiting. */
HOLDFAST_API char *holdfast_events(holdfast_system *system, uint64_t from, const char *types, uint32_t limit);

#ifdef __cplusplus
}
#endif

#endif
