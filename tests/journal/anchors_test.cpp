#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "journal_fixture.hpp"

using namespace holdfast;
using namespace holdfast::test;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(anchors)

BOOST_AUTO_TEST_CASE(a_checkpoint_is_read_as_it_was_signed) {
  TempDir dir;
  const SigningKey signer{dir / "key"};
  const Checkpoint written{"holdfast/alpha", 1234, sha256("x"), 3};
  const std::string text = sign(signer, written);
  BOOST_TEST(
      text.starts_with("holdfast/alpha\n1234\nLXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=\nepoch "
                       "3\n\n\xe2\x80\x94 holdfast/alpha "));
  const auto opened = open_checkpoint(text, to_pem(signer.public_key()));
  BOOST_REQUIRE(opened.checkpoint);
  BOOST_TEST(opened.checkpoint->origin == written.origin);
  BOOST_TEST(opened.checkpoint->seq == written.seq);
  BOOST_TEST(opened.checkpoint->epoch == written.epoch);
  BOOST_TEST((opened.checkpoint->hash == written.hash));
}

BOOST_AUTO_TEST_CASE(no_byte_of_a_checkpoint_can_be_changed) {
  TempDir dir;
  const SigningKey signer{dir / "key"};
  const std::string text = sign(signer, {"holdfast/alpha", 1234, sha256("x"), 3}), key = to_pem(signer.public_key());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] ^= 1;
    BOOST_TEST(!open_checkpoint(changed, key).checkpoint, "byte " << i);
    BOOST_TEST(!open_checkpoint(text.substr(0, i), key).checkpoint, "cut at " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_witness_may_sign_beside_us) {
  TempDir dir;
  const SigningKey signer{dir / "key"};
  std::string text = sign(signer, {"holdfast/alpha", 1, sha256("x"), 1});
  const auto at = text.find("\n\n") + 2;
  text.insert(at, "\xe2\x80\x94 witness.example AAAA\n");
  BOOST_TEST(open_checkpoint(text, to_pem(signer.public_key())).checkpoint.has_value());
}

BOOST_AUTO_TEST_CASE(the_key_is_made_once_for_its_owner_alone) {
  TempDir dir;
  const std::string first = to_pem(SigningKey{dir / "key"}.public_key());
  BOOST_TEST(to_pem(SigningKey{dir / "key"}.public_key()) == first);
  struct stat info {};
  BOOST_REQUIRE(::stat((dir / "key").c_str(), &info) == 0);
  BOOST_TEST((info.st_mode & 0777) == 0600u);
  BOOST_TEST(std::distance(fs::directory_iterator{dir.path}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_trusted_is_refused_in_one_sentence) {
  TempDir dir;
  const std::string path = dir / "key", name = "the signing key " + path + " ";
  const auto says = [&](const std::string& why) {
    return [=](const std::runtime_error& error) { return error.what() == name + why; };
  };
  { SigningKey signer{path}; }
  ::chmod(path.c_str(), 0644);
  BOOST_CHECK_EXCEPTION(SigningKey{path}, std::runtime_error,
                        says("is readable by others: run chmod 600 on it, or make a new one"));
  write_file(path, "no key");
  ::chmod(path.c_str(), 0600);
  BOOST_CHECK_EXCEPTION(SigningKey{path}, std::runtime_error, says("holds no Ed25519 key"));
  BOOST_CHECK_EXCEPTION(SigningKey{dir / "no/key"}, std::runtime_error, [](const std::runtime_error& e) {
    return std::string{e.what()}.ends_with("cannot be made: No such file or directory");
  });
}

BOOST_AUTO_TEST_SUITE_END()
