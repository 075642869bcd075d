// Installs what was built, moves it away, and works with it as people do who have nothing else.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "shell.hpp"
#include "test_data.hpp"

namespace fs = std::filesystem;
using namespace holdfast::test;

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  BOOST_TEST_REQUIRE(value != nullptr, name << " must be set");
  return value;
}

/// An installed Holdfast that was moved after its installation; once for all tests.
const std::string& prefix() {
  static const ScratchDir folder;
  static const std::string moved = [] {
    const Ran ran = shell("cmake --install '" + variable("HOLDFAST_BUILD") + "' --prefix '" + folder / "first" + "'", folder.str());
    BOOST_TEST_REQUIRE(ran.exit == 0, ran.output);
    fs::rename(folder / "first", folder / "moved");
    return folder / "moved";
  }();
  return moved;
}

std::string project(const std::string& path) { return "'" + variable("HOLDFAST_SOURCE") + "/" + path + "'"; }

/// The commands, in `folder`, with nothing of Holdfast in sight but the moved tree.
void check(const std::string& commands, const ScratchDir& folder, const std::string& prints) {
  const Ran ran = shell("unset HOLDFAST_BIN HOLDFAST_BUILD HOLDFAST_SOURCE HOLDFAST_PLUGIN_PATH\n"
                        "export HOLDFAST_ANCHORS=$PWD/anchors CMAKE_PREFIX_PATH='" + prefix() +
                            "' PKG_CONFIG_PATH='" + prefix() + "/lib/pkgconfig'\nprefix='" + prefix() + "'\n" + commands,
                        folder.str(), prefix() + "/bin");
  BOOST_TEST(ran.exit == 0, ran.output);
  BOOST_TEST(ran.output.find(prints) != std::string::npos, "does not print '" << prints << "' but:\n" << ran.output);
}

const std::string kSmallPaper =
    "sed 's/ticks: 1000000/ticks: 20000/' \"$prefix/share/doc/holdfast/examples/paper.yaml\" > paper.yaml\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(install)

BOOST_AUTO_TEST_CASE(an_installed_tree_says_nowhere_where_it_was_built_or_first_installed) {
  const std::string places[] = {variable("HOLDFAST_SOURCE"), variable("HOLDFAST_BUILD"), fs::path{prefix()}.parent_path() / "first"};
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator{prefix()}) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream in{entry.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    for (const auto& place : places)
      BOOST_TEST(bytes.find(place) == std::string::npos, entry.path() << " names " << place);
  }
  BOOST_TEST(files > 60u);
}

BOOST_AUTO_TEST_CASE(every_installed_header_compiles_without_a_warning) {
  const ScratchDir folder;
  check("cd $prefix/include\nfind . -name '*.h' -o -name '*.hpp' | sed 's|^./|#include <|; s|$|>|' > \"$OLDPWD/all.cpp\"\ncd \"$OLDPWD\"\n"
        "c++ -fsyntax-only -Wall -Wextra -Wpedantic -Wno-unused-parameter -Werror all.cpp $(pkg-config --cflags holdfast-runtime)\n"
        "cat all.cpp", folder, "#include <holdfast/runtime/system.hpp>");
}

BOOST_AUTO_TEST_CASE(the_moved_program_runs_the_shipped_configuration_with_its_own_plugins) {
  const ScratchDir folder;
  check("holdfast plugin list", folder, prefix() + "/lib/holdfast/plugins/actor_ledger.so");
  check("cd $prefix/share\nls man/man1/holdfast.1 bash-completion/completions/holdfast doc/holdfast/LICENSE", folder, "LICENSE");
  check(kSmallPaper + "holdfast check paper.yaml", folder, "OK");
  check("holdfast backtest paper.yaml --data-dir data", folder, "realised P&L");
  // Each suite with its own onlooker, and a venue that is the moved program.
  const std::string suites = "$prefix/share/doc/holdfast/examples/conformance/";
  check("holdfast conformance broker --config " + suites + "fix.yaml --include BC-021 --results r", folder, "1 passed");
  check("holdfast conformance feed --config " + suites + "synthetic.yaml --results r", folder, "conforms, level paper");
  check("holdfast conformance strategy --config " + suites + "quoter.yaml --results r", folder, "conforms, level live: 16 passed");
}

BOOST_AUTO_TEST_CASE(a_plugin_is_built_tested_and_traded_with_find_package) {
  const ScratchDir folder;
  check("cp -r " + project("tests/install/plugin") + " pulse\ncmake -G Ninja -S pulse -B build\ncmake --build build\n"
        "ctest --test-dir build", folder, "100% tests passed");
  check("holdfast plugin verify build/plugins/strategy_pulse.so", folder, "pulse");
  check("HOLDFAST_PLUGIN_PATH=build/plugins holdfast backtest pulse/pulse.yaml --data-dir data --json", folder, "\"fills\"");
  check("HOLDFAST_PLUGIN_PATH=build/plugins holdfast journal show data --order pulse-1", folder, "it is time");
}

BOOST_AUTO_TEST_CASE(a_new_plugin_of_every_kind_builds_keeps_its_contract_and_runs_as_it_was_written) {
  for (const std::string kind : {"strategy", "feed", "broker", "risk_rule", "notifier"}) {
    const ScratchDir folder;
    check("holdfast plugin new " + kind + " my_own --dir my_own\ncmake -G Ninja -S my_own -B build\ncmake --build build\n"
          "ctest --test-dir build --output-on-failure", folder, "100% tests passed, 0 tests failed out of " + std::string{kind == "risk_rule" || kind == "notifier" ? "3" : "4"});
  }
}

BOOST_AUTO_TEST_CASE(a_plugin_is_built_with_pkg_config_alone) {
  const ScratchDir folder;
  check("c++ -shared -fPIC -fvisibility=hidden -fno-gnu-unique $(pkg-config --cflags holdfast-sdk) -o strategy_pulse.so " +
            project("tests/install/plugin/pulse.cpp") + " $(pkg-config --libs holdfast-sdk)\n"
        "mkdir -p \"$(pkg-config --variable=plugindir holdfast-sdk)\"\nholdfast plugin verify strategy_pulse.so",
        folder, "pulse");
}

BOOST_AUTO_TEST_CASE(debian_packages_say_what_they_need_and_not_where_they_were_built) {
  const ScratchDir folder;
  check("cpack --config '" + variable("HOLDFAST_BUILD") + "/CPackConfig.cmake' -G DEB -B packages\n"
        "dpkg-deb -f packages/holdfast_*.deb Depends", folder, "librocksdb");
  check("dpkg-deb -f packages/holdfast-dev_*.deb Depends", folder, "holdfast (= ");
  check("for package in packages/*.deb; do dpkg-deb -x $package tree; done\nfile tree/usr/bin/holdfast", folder, ", stripped");
  check("! grep -rlE '" + variable("HOLDFAST_SOURCE") + "|" + variable("HOLDFAST_BUILD") + "|'\"$PWD\" tree", folder, "");
  check("ls tree/usr/lib/systemd/system tree/usr/share/man/man1/holdfast.1.gz", folder, "holdfast@.service");
  check("tree/usr/bin/holdfast plugin list", folder, "tree/usr/lib/holdfast/plugins/actor_ledger.so");
}

BOOST_AUTO_TEST_CASE(a_component_that_does_not_exist_is_named) {
  const ScratchDir folder;
  std::ofstream{folder / "CMakeLists.txt"} << "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n"
                                             "find_package(holdfast COMPONENTS sdk oracle)\n";
  check("cmake -S . -B build", folder, "there is no component 'oracle'");
  std::ofstream{folder / "CMakeLists.txt"} << "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n"
                                             "find_package(holdfast REQUIRED COMPONENTS sdk)\nholdfast_add_plugin(oracle delphi SOURCES p.cpp)\n";
  check("cmake -S . -B build || true", folder, "'oracle' is no kind of plugin");
}

BOOST_AUTO_TEST_CASE(a_program_embeds_a_system_with_find_package) {
  const ScratchDir folder;
  check("cp -r " + project("examples/embed") + " embed\ncmake -G Ninja -S embed -B build\ncmake --build build\n" + kSmallPaper +
        "build/embed paper.yaml data", folder, " fills");
}

BOOST_AUTO_TEST_CASE(a_program_embeds_a_system_with_pkg_config_alone) {
  const ScratchDir folder;
  check("c++ -o embed " + project("examples/embed/main.cpp") + " $(pkg-config --cflags --libs holdfast-runtime)\n" + kSmallPaper +
        "LD_LIBRARY_PATH=$prefix/lib ./embed paper.yaml data", folder, " fills");
}

BOOST_AUTO_TEST_CASE(a_program_measures_a_system_with_pkg_config_alone) {
  const ScratchDir folder;
  std::ofstream{folder / "metrics.cpp"} << "#include <holdfast/metrics/collector.hpp>\n#include <iostream>\n"
                                           "int main() { std::cout << holdfast::metrics_reference(); }\n";
  check("c++ -o metrics metrics.cpp $(pkg-config --cflags --libs holdfast-metrics)\nLD_LIBRARY_PATH=$prefix/lib ./metrics", folder,
        "holdfast_");
}

BOOST_AUTO_TEST_CASE(a_program_in_c_embeds_a_system_with_find_package_and_with_pkg_config) {
  const ScratchDir folder;
  const std::string run = " paper.yaml data \"$prefix/lib/holdfast/plugins\"\nrm -r data\n";
  check(kSmallPaper + "cp -r " + project("examples/c") + " c\ncmake -G Ninja -S c -B build\ncmake --build build\nbuild/c" + run, folder,
        "\"clean\":true");
  check("cc -std=c99 -o c_alone " + project("examples/c/main.c") + " $(pkg-config --cflags --libs holdfast-c)\n"
        "LD_LIBRARY_PATH=$prefix/lib ./c_alone" + run, folder, "\"clean\":true");
}

BOOST_AUTO_TEST_CASE(python_embeds_a_system_with_what_is_installed) {
  const ScratchDir folder;
  check("/usr/bin/python3 " + project("examples/python/holdfast_example.py") +
            " --library $prefix/lib/libholdfast.so.0 --plugins $prefix/lib/holdfast/plugins", folder, " fills seen, ");
}

BOOST_AUTO_TEST_SUITE_END()
