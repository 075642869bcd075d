// The examples as their readers run them.
#include <fstream>

#include "embed/embed_fixture.hpp"
#include "tools/program.hpp"

using namespace holdfast::test;

namespace {

Ended example(const ScratchDir& scratch, const std::string& file, const std::string& data_dir) {
  return Program{scratch, {file, data_dir}, (build_dir() / "bin/example_embed").c_str()}.wait();
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_ten_lines_open_run_and_stop_a_system) {
  const ScratchDir scratch;
  const std::string file = scratch / "small.yaml";
  Setup setup = small();
  setup.in_step = 64;  // The market waits for orders.
  std::ofstream{file} << setup.text();
  const auto ended = example(scratch, file, scratch / "data");
  BOOST_TEST(ended.code == 0, ended.err);
  BOOST_TEST(ended.err == "");
  const auto fills = Journaled{scratch / "data"}.of(holdfast::EventType::order_filled).size();
  BOOST_TEST(fills > 0u);
  BOOST_TEST(ended.out == std::to_string(fills) + " fills\n");
}

BOOST_AUTO_TEST_CASE(the_ten_lines_print_everything_that_is_wrong_with_a_file) {
  const ScratchDir scratch;
  const std::string file = scratch / "wrong.yaml";
  auto text = small().text();
  text.replace(text.find("intensity: 1000"), 9, "intensty:");
  text.replace(text.find("every: 100"), 10, "every: 0  ");
  std::ofstream{file} << text;
  const auto ended = example(scratch, file, scratch / "data");
  BOOST_TEST(ended.code == 1);
  BOOST_TEST(ended.out == "");
  BOOST_TEST(ended.err.find("intensty") != std::string::npos, ended.err);
  BOOST_TEST(ended.err.find("^^^^") != std::string::npos, ended.err);
  BOOST_TEST(!std::filesystem::exists(scratch / "data"));
}

BOOST_AUTO_TEST_CASE(the_example_in_c_gives_what_the_program_gives) {
  const ScratchDir scratch;
  const std::string file = scratch / "small.yaml";
  std::ofstream{file} << small().text();
  const auto bin = build_dir() / "bin/example_c", plugins = build_dir() / "plugins";
  const auto ended = Program{scratch, {file, scratch / "c", plugins}, bin.c_str()}.wait();
  BOOST_TEST(ended.code == 0, ended.err);
  const auto usual = holdfast::test::holdfast({"backtest", file, "--data-dir", scratch / "usual", "--json"});
  BOOST_TEST(ended.json()["summary"]["state_digest"] == usual.json()["state_digest"]);
  BOOST_TEST(ended.json()["summary"]["head_hash"] == usual.json()["head_hash"]);
}

// A sanitizer wants to be in the program from its start, and python is not built with one.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
BOOST_AUTO_TEST_CASE(the_example_in_python_sees_every_fill_of_its_backtest) {
  const ScratchDir scratch;
  const std::string example = std::string{std::getenv("HOLDFAST_SOURCE")} + "/examples/python/holdfast_example.py";
  const auto python = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{example, "--library", build_dir() / "lib/libholdfast.so", "--plugins", build_dir() / "plugins"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Program{scratch, arguments, "/usr/bin/python3"}.wait();
  };
  const auto ended = python({scratch / "data"});
  BOOST_TEST(ended.code == 0, ended.err);
  const auto fills = Journaled{scratch / "data"}.of(holdfast::EventType::order_filled).size();
  BOOST_TEST(fills > 0u);
  BOOST_TEST(ended.out.find("from-python: ready, ") != std::string::npos, ended.out);
  BOOST_TEST(ended.out.find(std::to_string(fills) + " fills seen, " + std::to_string(fills) + " booked") != std::string::npos, ended.out);
  const auto wrong = python({"--ticks", "-1", scratch / "other"});
  BOOST_TEST(wrong.code == 1);
  BOOST_TEST(wrong.err.find("ticks") != std::string::npos, wrong.err);
  BOOST_TEST(wrong.err.find("Traceback") == std::string::npos, wrong.err);
}
#endif
