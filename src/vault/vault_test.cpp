#include "vault/vault.hpp"

#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "store/testing.hpp"

namespace poly::vault {
namespace {

using store::error_from;
using store::finish;

constexpr std::string_view key_of_zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
constexpr std::string_view key_of_ones = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

struct VaultTest : testing::Test {
  VaultTest() {
    finish(data.store->write(
        {store::statement("INSERT INTO tenants (id, name, created_at) VALUES ('t', 't', 0)")}));
    for (const auto& environment : {first, second}) {
      finish(data.store->write({store::statement(
          "INSERT INTO environments (id, tenant_id, name, subdomain, created_at) VALUES ($1, 't', $1, $1, 0)",
          environment)}));
    }
  }

  MasterKeySource key_file() { return {.file = data.folder.path() / "vault.key"}; }
  static MasterKeySource given(std::string_view key) {
    return {.given = Secret(std::string(key)), .file = "unused"};
  }
  std::unique_ptr<Vault> open() { return finish(Vault::open(*data.store, key_file())); }
  std::unique_ptr<Vault> open_prepared() {
    auto vault = open();
    finish(vault->prepare(first));
    finish(vault->prepare(second));
    return vault;
  }
  std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  store::TestStore data;
  CountingIdSource ids;
  EnvironmentId first = ids.make<EnvironmentId>();
  EnvironmentId second = ids.make<EnvironmentId>();
  ResourceId resource = ids.make<ResourceId>();
};

TEST_F(VaultTest, OpensWhatItSealed) {
  const auto vault = open_prepared();
  for (const std::string& plain : {std::string(), std::string("s3cret"), std::string("a\0b", 3)}) {
    const auto sealed = vault->seal(first, resource, plain);
    ASSERT_TRUE(sealed);
    EXPECT_EQ(vault->open(first, resource, *sealed)->reveal(), plain);
  }
}

TEST_F(VaultTest, OpensAfterARestart) {
  const auto sealed = *open_prepared()->seal(first, resource, "s3cret");
  data.reopen();
  EXPECT_EQ(open()->open(first, resource, sealed)->reveal(), "s3cret");
}

TEST_F(VaultTest, SealsTheSameTextDifferentlyEachTime) {
  const auto vault = open_prepared();
  EXPECT_NE(vault->seal(first, resource, "same")->bytes, vault->seal(first, resource, "same")->bytes);
}

TEST_F(VaultTest, RefusesATextInWhichAnyByteChanged) {
  const auto vault = open_prepared();
  const auto sealed = *vault->seal(first, resource, "s3cret");
  for (std::size_t i = 0; i < sealed.bytes.size(); ++i) {
    auto changed = sealed;
    changed.bytes[i] ^= 1;
    EXPECT_FALSE(vault->open(first, resource, changed)) << "byte " << i;
  }
  for (std::size_t length = 0; length < sealed.bytes.size(); ++length) {
    auto shorter = sealed;
    shorter.bytes.resize(length);
    EXPECT_FALSE(vault->open(first, resource, shorter)) << length << " bytes";
  }
}

TEST_F(VaultTest, RefusesAValueThatWasSealedForAnotherVariable) {
  const auto vault = open_prepared();
  const auto other = ids.make<ResourceId>();
  const auto sealed = *vault->seal(first, resource, "s3cret");
  const auto opened = vault->open(first, other, sealed);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::internal);
  EXPECT_NE(opened.error().message.find(other.text()), std::string::npos);
}

TEST_F(VaultTest, KeepsEnvironmentsApart) {
  const auto vault = open_prepared();
  EXPECT_FALSE(vault->open(second, resource, *vault->seal(first, resource, "s3cret")));
}

TEST_F(VaultTest, RefusesAnEnvironmentWithoutAKey) {
  const auto vault = open();
  EXPECT_EQ(vault->seal(first, resource, "x").error().kind, ErrorKind::not_found);
  EXPECT_EQ(error_from(vault->prepare(ids.make<EnvironmentId>())).kind, ErrorKind::conflict);
}

TEST_F(VaultTest, KeepsAValueOfTheLargestSizeAndNoLarger) {
  const auto vault = open_prepared();
  EXPECT_TRUE(vault->seal(first, resource, std::string(value_bytes_max, 'x')));
  EXPECT_EQ(vault->seal(first, resource, std::string(value_bytes_max + 1, 'x')).error().kind,
            ErrorKind::too_large);
}

TEST_F(VaultTest, GivesAllWhoPrepareAtOnceTheSameKey) {
  const auto vault = open();
  boost::asio::io_context loop(1);
  for (int i = 0; i < 5; ++i) boost::asio::co_spawn(loop, vault->prepare(first), boost::asio::detached);
  loop.run();
  const auto sealed = *vault->seal(first, resource, "s3cret");
  EXPECT_EQ(open()->open(first, resource, sealed)->reveal(), "s3cret");
}

TEST_F(VaultTest, OpensOnManyThreadsWhileKeysAreAdded) {
  const auto vault = open();
  finish(vault->prepare(first));
  const auto sealed = *vault->seal(first, resource, "s3cret");
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 500; ++round) wrong += !vault->open(first, resource, sealed);
      });
    }
    finish(vault->prepare(second));
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(vault->seal(second, resource, "x"));
}

TEST_F(VaultTest, LeavesNoPlainTextAndNoKeyInTheDataFolderButTheKeyFile) {
  const auto vault = open_prepared();
  const std::string plain = "correct horse battery staple";
  finish(
      data.store->write({store::statement("INSERT INTO resources (id, environment_id, kind, name_space, "
                                          "context, name, detail, created_at, updated_at) "
                                          "VALUES ($1, $2, 'variable', 'variable', '', 'v', '{}', 0, 0)",
                                          resource, first)}));
  finish(data.store->write(
      {store::statement("INSERT INTO variable_values (variable_id, sealed, updated_at) VALUES ($1, $2, 0)",
                        resource, *vault->seal(first, resource, plain))}));
  const auto key = bytes_of(data.folder.path() / "vault.key");
  ASSERT_EQ(key.size(), 44u);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data.folder.path())) {
    if (entry.path().filename() == "vault.key") continue;
    const auto bytes = bytes_of(entry.path());
    EXPECT_EQ(bytes.find(plain), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find(key), std::string::npos) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 2);
}

TEST_F(VaultTest, MakesAKeyFileThatOnlyItsOwnerMayRead) {
  open();
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(key_file().file).permissions(), perms::owner_read | perms::owner_write);
}

TEST_F(VaultTest, RefusesAKeyFileThatOthersMayRead) {
  open();
  for (const auto more : {std::filesystem::perms::group_read, std::filesystem::perms::others_read}) {
    using std::filesystem::perms;
    std::filesystem::permissions(key_file().file, perms::owner_read | perms::owner_write | more);
    const auto error = error_from(Vault::open(*data.store, key_file()));
    EXPECT_EQ(error.kind, ErrorKind::forbidden);
    EXPECT_NE(error.message.find("chmod 600"), std::string::npos) << error.message;
  }
}

TEST_F(VaultTest, RefusesAMasterKeyThatIsNotTheDatabasesAtTheStart) {
  finish(Vault::open(*data.store, given(key_of_zeros)));
  finish(Vault::open(*data.store, given(key_of_zeros)));
  const auto error = error_from(Vault::open(*data.store, given(key_of_ones)));
  EXPECT_EQ(error.kind, ErrorKind::forbidden);
  EXPECT_NE(error.message.find("not the one that this database was made with"), std::string::npos);
}

TEST_F(VaultTest, DoesNotMakeANewKeyFileForADatabaseThatHasOne) {
  open();
  std::filesystem::remove(key_file().file);
  EXPECT_NE(error_from(Vault::open(*data.store, key_file())).message.find("is missing"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(key_file().file));
}

TEST_F(VaultTest, RefusesAMalformedMasterKeyWithoutShowingIt) {
  for (const std::string_view malformed :
       {"", "not base64!", "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    const auto error = error_from(Vault::open(*data.store, given(malformed)));
    EXPECT_EQ(error.message, "POLY_VAULT_KEY: it must be base64 of 32 bytes");
  }
}

TEST_F(VaultTest, NamesADataKeyThatWasMovedToAnotherEnvironment) {
  open_prepared();
  finish(data.store->write({store::statement(
      "UPDATE vault_keys SET sealed = (SELECT sealed FROM vault_keys WHERE environment_id = $1) "
      "WHERE environment_id = $2",
      first, second)}));
  EXPECT_NE(error_from(Vault::open(*data.store, key_file())).message.find(second.text()), std::string::npos);
}

}  // namespace
}  // namespace poly::vault
