// A manifest written by hand, one field of which the build replaces by a wrong one. As it stands
// here it is accepted, and everything it is asked for throws.
#include <holdfast/sdk.hpp>
#include <stdexcept>

using namespace holdfast;

#ifndef MANIFEST_MAGIC
#define MANIFEST_MAGIC kPluginMagic
#endif
#ifndef MANIFEST_SIZE
#define MANIFEST_SIZE sizeof(PluginManifest)
#endif
#ifndef MANIFEST_SDK
#define MANIFEST_SDK kSdkVersion
#endif
#ifdef MANIFEST_ABI
#undef MANIFEST_ABI
#define MANIFEST_ABI "compiler=msvc;glibcxx=0"
#else
#define MANIFEST_ABI HOLDFAST_ABI
#endif
#ifndef MANIFEST_KIND
#define MANIFEST_KIND "strategy"
#endif
#ifdef MANIFEST_WILD
#define MANIFEST_NAME reinterpret_cast<const char*>(8)
#endif
#ifdef MANIFEST_BYTES
#define MANIFEST_SUMMARY "\xff\xfe"
#elif defined(MANIFEST_ESCAPE)
#define MANIFEST_SUMMARY "\x1b[31mred"
#elif defined(MANIFEST_LONG)
#define MANIFEST_SUMMARY long_text()
#endif
#ifndef MANIFEST_NAME
#define MANIFEST_NAME "throws"
#endif
#ifndef MANIFEST_SUMMARY
#define MANIFEST_SUMMARY "By hand"
#endif
#ifndef MANIFEST_MAKE
#define MANIFEST_MAKE make
#endif

namespace {

[[maybe_unused]] std::vector<FieldDoc> describe() {
#ifdef DESCRIBE_THROWS
  throw std::runtime_error{"no words for it"};
#elif defined(DESCRIBE_MANY)
  return std::vector<FieldDoc>(2'000);
#elif defined(DESCRIBE_BYTES)
  return {{"period", "text", "a \xff b", "", "", false}};
#elif defined(DESCRIBE_STREAM)
  std::vector<FieldDoc> one(1);
  one[0].text.assign(8 << 20, 'x');
  return one;
#else
  return {};
#endif
}
/// A text as long as a page and more.
[[maybe_unused]] const char* long_text() {
  static const std::string text(100'000, 'x');
  return text.c_str();
}

[[maybe_unused]] std::shared_ptr<void> make(const Setting&, const PluginContext& context, Problems&) {
  if (context.checking) throw 42;
  throw std::runtime_error{"the dog ate it"};
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const PluginManifest* holdfast_plugin() {
#ifdef MANIFEST_NULL
  return nullptr;
#else
  static const PluginManifest manifest{MANIFEST_MAGIC, MANIFEST_SIZE,    MANIFEST_SDK, MANIFEST_ABI,
                                       MANIFEST_KIND,  MANIFEST_NAME,    "1.0.0",      "experimental",
                                       "pure",         MANIFEST_SUMMARY, describe,     MANIFEST_MAKE};
  return &manifest;
#endif
}
