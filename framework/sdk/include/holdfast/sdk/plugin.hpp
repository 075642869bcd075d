#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>

#include <holdfast/sdk/actor.hpp>
#include <holdfast/sdk/broker.hpp>
#include <holdfast/sdk/feed.hpp>
#include <holdfast/sdk/notifier.hpp>
#include <holdfast/sdk/risk_rule.hpp>
#include <holdfast/sdk/schema.hpp>
#include <holdfast/sdk/strategy.hpp>

namespace holdfast {

/// What a library says about the plugin it brings; checked before any C++ of the plugin runs.
/// Fields are only ever appended.
struct PluginManifest {
  std::uint64_t magic;
  std::uint32_t struct_size;
  std::uint32_t sdk_version;
  const char* abi;        ///< Compiler, standard library, C++ standard, sanitizers, SDK layout.
  const char* kind;       ///< strategy, feed, broker, risk_rule, notifier, actor
  const char* name;
  const char* version;
  const char* stability;  ///< experimental, beta, stable
  const char* purity;     ///< pure: only answers; edge: also facts from outside
  const char* summary;
  std::vector<FieldDoc> (*describe)();
  /// Null, with problems appended, when the settings are wrong.
  std::shared_ptr<void> (*make)(const Setting&, const PluginContext&, Problems&);
};

inline constexpr std::uint64_t kPluginMagic = 0x3174736166646c48;  // "Hldfast1"
inline constexpr std::uint32_t kSdkVersion = 1;
/// The one symbol a plugin library exports.
inline constexpr const char* kPluginSymbol = "holdfast_plugin";

/// This translation unit's ABI fingerprint; the host compares it with its own.
const char* host_abi();

#if defined(__SANITIZE_ADDRESS__)
#define HOLDFAST_SAN_ "asan"
#elif defined(__SANITIZE_THREAD__)
#define HOLDFAST_SAN_ "tsan"
#else
#define HOLDFAST_SAN_ "none"
#endif
#if defined(__clang__)
#define HOLDFAST_COMPILER_ "clang"
#else
#define HOLDFAST_COMPILER_ "gcc"
#endif
#define HOLDFAST_TEXT2_(x) #x
#define HOLDFAST_TEXT_(x) HOLDFAST_TEXT2_(x)
/// Itanium C++ ABI and libstdc++ are shared by gcc and clang, but mixing them is refused: it is
/// not what we test.
#define HOLDFAST_ABI                                                                       \
  "compiler=" HOLDFAST_COMPILER_ ";glibcxx=" HOLDFAST_TEXT_(_GLIBCXX_USE_CXX11_ABI)        \
  ";cplusplus=" HOLDFAST_TEXT_(__cplusplus) ";sanitizer=" HOLDFAST_SAN_ ";sdk=1"

template <class P>
concept Plugged = std::is_constructible_v<P, const typename P::Config&, const PluginContext&> ||
                  std::is_constructible_v<P, const typename P::Config&>;

namespace detail {
/// The contract class a plugin derives from.
template <class P>
using contract_of = std::conditional_t<std::is_base_of_v<Strategy, P>, Strategy,
    std::conditional_t<std::is_base_of_v<Feed, P>, Feed,
    std::conditional_t<std::is_base_of_v<Broker, P>, Broker,
    std::conditional_t<std::is_base_of_v<RiskRule, P>, RiskRule,
    std::conditional_t<std::is_base_of_v<Notifier, P>, Notifier, Actor>>>>>;

template <class P>
std::shared_ptr<void> make_plugin(const Setting& settings, const PluginContext& context, Problems& problems) {
  const auto before = problems.size();
  const auto config = P::schema().read(settings, context, problems);
  if (problems.size() != before) return nullptr;
  if (context.checking) return std::shared_ptr<void>{std::make_shared<char>()};
  if constexpr (std::is_constructible_v<P, const typename P::Config&, const PluginContext&>)
    return std::static_pointer_cast<contract_of<P>>(std::make_shared<P>(config, context));
  else
    return std::static_pointer_cast<contract_of<P>>(std::make_shared<P>(config));
}
template <class P>
constexpr const char* purity_of() {
  if constexpr (requires { P::kPurity; }) return P::kPurity;
  else if constexpr (std::is_base_of_v<Feed, P> || std::is_base_of_v<Broker, P> ||
                     std::is_base_of_v<Notifier, P>) return "edge";
  else return "pure";
}
template <class P>
constexpr const char* stability_of() {
  if constexpr (requires { P::kStability; }) return P::kStability;
  else return "experimental";
}
}  // namespace detail
}  // namespace holdfast

/// Exports `Class` as this library's plugin. Once per library, at global scope.
#define HOLDFAST_PLUGIN(Class, plugin_name, plugin_version, plugin_summary)                    \
  static_assert(::holdfast::Plugged<Class>,                                                    \
                #Class " needs a Config struct, a static schema() and a constructor from const Config&"); \
  extern "C" __attribute__((visibility("default"))) const ::holdfast::PluginManifest*          \
  holdfast_plugin() {                                                                          \
    static constexpr auto kind = ::holdfast::detail::contract_of<Class>::kKind;                \
    static const ::holdfast::PluginManifest manifest{                                          \
        ::holdfast::kPluginMagic, sizeof(::holdfast::PluginManifest), ::holdfast::kSdkVersion, \
        HOLDFAST_ABI, kind.data(), plugin_name, plugin_version,                                \
        ::holdfast::detail::stability_of<Class>(), ::holdfast::detail::purity_of<Class>(),     \
        plugin_summary, [] { return Class::schema().describe(); },                             \
        &::holdfast::detail::make_plugin<Class>};                                              \
    return &manifest;                                                                          \
  }
